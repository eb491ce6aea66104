import type { VenueClock } from '../../port/index.ts'
import type { FetchAnswer, FetchLike, FetchRequest } from './fetch-like.ts'
import type { RestApi } from './rest-api.ts'

/** An answer longer than this is none: exchangeInfo has less than 2 MB. */
const BODY_MAX = 32 * 1024 * 1024

/** No answer came, or none that could be read to its end. What was asked may have been done. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** A request that was not sent: it would have gone where no key may go, or whoever sends it may not act any more. */
export class NotSent extends Error {
  override readonly name = 'NotSent'
}

export type VenueFetchOptions = {
  readonly api: Pick<RestApi, 'base' | 'path'>
  readonly fetch: FetchLike
  readonly clock: VenueClock
  /** Without a slash at the end. */
  readonly restUrl: string
  /** From sending to the last byte of the answer. */
  readonly requestMsMax: number
  /** Headers of every answer, by lower-case name, and when its request was sent, by our clock. */
  readonly onHeaders: (headers: Readonly<Record<string, string>>, sentAt: number) => void
}

type Sent = {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
}

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message
}

const readHeaders = (answer: FetchAnswer): Record<string, string> => {
  const headers: Record<string, string> = {}
  answer.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value
  })
  return headers
}

/**
 * The `fetchImplementation` for ccxt: lets requests of the venue's API pass, sends them to the
 * network that is configured, reads the answer whole within the time allowed, and refuses all else. ccxt
 * keeps the venue's own URLs, so a call that we did not mean (ccxt knows thousands) never leaves.
 */
export const createVenueFetch =
  ({ api, fetch, clock, restUrl, requestMsMax, onHeaders }: VenueFetchOptions) =>
  async (url: string, sent: Sent): Promise<FetchAnswer> => {
    const allowed = `${api.base}${api.path}`
    if (!url.startsWith(allowed)) {
      const host = URL.canParse(url) ? new URL(url).host : 'an unreadable address'
      throw new NotSent(`a request to ${host} was not sent: only ${allowed} is allowed`)
    }
    const stop = new AbortController()
    const request: FetchRequest = {
      method: sent.method,
      headers: sent.headers,
      ...(sent.body === undefined || sent.body === '' ? {} : { body: sent.body }),
      signal: stop.signal,
      redirect: 'error',
    }
    const sentAt = clock.now()
    const timer = { cancel: (): void => undefined }
    const timeout = new Promise<never>((_resolve, reject) => {
      timer.cancel = clock.after(requestMsMax, () => {
        reject(new NoAnswer(`no answer within ${requestMsMax} ms`))
        stop.abort()
      })
    })
    const read = async (): Promise<FetchAnswer> => {
      const answer = await fetch(`${restUrl}${url.slice(api.base.length)}`, request)
      const headers = readHeaders(answer)
      onHeaders(headers, sentAt)
      const text = await answer.text()
      if (text.length > BODY_MAX) throw new NoAnswer(`an answer of ${text.length} characters`)
      const { status, statusText } = answer
      return {
        status,
        statusText,
        headers: { forEach: (visit) => Object.entries(headers).forEach(([k, v]) => visit(v, k)) },
        text: () => Promise.resolve(text),
      }
    }
    try {
      return await Promise.race([read(), timeout])
    } catch (error) {
      if (error instanceof NoAnswer || error instanceof NotSent) throw error
      throw new NoAnswer(messageOf(error), { cause: error })
    } finally {
      timer.cancel()
    }
  }
