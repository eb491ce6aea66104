/** An error as a log holds it. */
export interface DescribedError {
  readonly type: string
  readonly message: string
  readonly stack?: string
  readonly code?: string
  readonly hint?: string
  readonly cause?: DescribedError
}

const CAUSES_MAX = 5

const describe = (error: unknown, depth: number): DescribedError => {
  if (!Error.isError(error)) return { type: typeof error, message: String(error) }
  const { code, hint } = error as { code?: unknown; hint?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(error.cause === undefined || error.cause === null || depth >= CAUSES_MAX
      ? {}
      : { cause: describe(error.cause, depth + 1) }),
  }
}

/** Any thrown value as fields of a log line, with its chain of causes. */
export const describeError = (error: unknown): DescribedError => describe(error, 0)
