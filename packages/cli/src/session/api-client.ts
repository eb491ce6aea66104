import { ERRORS, type ErrorCode, TapedeckError } from '@tapedeck/contracts'

const ANSWER_MS_MAX = 10_000

export interface ApiClientOptions {
  readonly url: string
  /** An API key or an access token; asked for at each request, since tokens expire. */
  readonly credential: () => Promise<string> | string
  readonly timeoutMs?: number
}

export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
}

/** The request left, and no answer came: whether it was carried out is not known. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}

interface ProblemBody {
  readonly code?: string
  readonly detail?: string
  readonly hint?: string
  readonly trace_id?: string
  /** Of a write that the gateway passed on: `unknown` when it may have been carried out. */
  readonly outcome?: string
  readonly errors?: readonly {
    readonly detail: string
    readonly parameter?: string
    readonly pointer?: string
  }[]
}

const isCode = (code: string | undefined): code is ErrorCode => code !== undefined && code in ERRORS

const problemError = (url: string, status: number, body: unknown): TapedeckError => {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as ProblemBody
  const code: ErrorCode = isCode(problem.code)
    ? problem.code
    : status >= 500
      ? 'UPSTREAM_UNAVAILABLE'
      : 'INTERNAL'
  const fields = (problem.errors ?? []).map(
    ({ parameter, pointer, detail }) => `${parameter ?? pointer ?? 'request'}: ${detail}`,
  )
  const detail = [problem.detail ?? `${url} answered ${status}`, ...fields].join('; ')
  return new TapedeckError(code, detail, {
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    details: { status, trace_id: problem.trace_id, outcome: problem.outcome },
  })
}

const bodyOf = async (response: Response): Promise<unknown> => {
  const text = await response.text()
  try {
    return text === '' ? null : (JSON.parse(text) as unknown)
  } catch {
    return text
  }
}

/** REST with our errors: what a service says becomes a TapedeckError of the same code. */
export class ApiClient {
  readonly #options: ApiClientOptions

  constructor(options: ApiClientOptions) {
    this.#options = options
  }

  get url(): string {
    return this.#options.url
  }

  /** Throws UPSTREAM_UNAVAILABLE when nobody answers, else what the service says. */
  async get<T>(path: string): Promise<T> {
    try {
      const response = await this.#send('GET', path, undefined, {})
      return await this.#read<T>(path, response)
    } catch (error) {
      throw this.#unreachable(error)
    }
  }

  /** The answer of a probe, whatever its status; null when nobody answers. */
  async probe(path: string): Promise<ApiAnswer | null> {
    try {
      const response = await this.#send('GET', path, undefined, {})
      return { status: response.status, body: await bodyOf(response) }
    } catch {
      return null
    }
  }

  /**
   * Changes something. Throws OutcomeUnknown when the request may have arrived but no answer came; the
   * same key makes it safe to send again.
   */
  async send<T>(
    method: 'POST' | 'DELETE',
    path: string,
    body: unknown,
    idempotencyKey: string,
  ): Promise<T> {
    let response: Response
    try {
      response = await this.#send(method, path, body, { 'idempotency-key': idempotencyKey })
    } catch (error) {
      if (isRefused(error)) throw this.#unreachable(error)
      throw new OutcomeUnknown(`no answer from ${this.url}${path}`, { cause: error })
    }
    try {
      return await this.#read<T>(path, response)
    } catch (error) {
      if (!isUnknown(error)) throw error
      throw new OutcomeUnknown(error.message, { cause: error })
    }
  }

  async #send(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Response> {
    const { url, credential, timeoutMs = ANSWER_MS_MAX } = this.#options
    return await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await credential()}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  }

  async #read<T>(path: string, response: Response): Promise<T> {
    const body = await bodyOf(response)
    if (!response.ok) throw problemError(`${this.url}${path}`, response.status, body)
    return body as T
  }

  #unreachable(error: unknown): unknown {
    if (Error.isError(error) && 'hint' in error) return error
    return new TapedeckError(
      'UPSTREAM_UNAVAILABLE',
      `${this.url} does not answer: ${reasonOf(error)}`,
      {
        cause: error,
        hint: 'Start Tapedeck with `tapedeck up`, or look at it with `tapedeck doctor`.',
      },
    )
  }
}

const isRefused = (error: unknown): boolean =>
  /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH/.test(reasonOf(error))

/** The answer of a service broke off, or the gateway had none from it. */
const isUnknown = (error: unknown): error is Error =>
  Error.isError(error) &&
  (!('hint' in error) || (error as TapedeckError).details?.['outcome'] === 'unknown')

/** fetch hides what happened in its cause. */
const reasonOf = (error: unknown): string => {
  if (!Error.isError(error)) return String(error)
  const cause = error.cause as { code?: string; message?: string } | undefined
  return cause?.code ?? cause?.message ?? error.message
}
