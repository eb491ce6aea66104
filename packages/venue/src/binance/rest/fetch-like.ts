/** What is read of an answer; a `Response` has it. */
export type FetchAnswer = {
  readonly status: number
  readonly statusText: string
  readonly headers: { forEach(visit: (value: string, name: string) => void): void }
  text(): Promise<string>
}

export type FetchRequest = {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
  readonly signal: AbortSignal
  /** Never followed: keys do not go where an answer points. */
  readonly redirect: 'error'
}

/** The machine's `fetch`, or anything of its shape. Rejects when no answer came; `signal` gives it up. */
export type FetchLike = (url: string, request: FetchRequest) => Promise<FetchAnswer>
