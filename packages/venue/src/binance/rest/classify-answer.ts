import { rowOf, type Consequence, type Verdict } from './venue-codes.ts'

/** An answer as it came. */
export type RawAnswer = {
  readonly status: number
  readonly body: string
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown
}

export type Classified =
  | { readonly kind: 'done' }
  | {
      readonly kind: Verdict
      /** The venue's code, or `HTTP <status>` without one. */
      readonly code: string
      /** The venue's words, or ours; not yet cleaned of secrets. */
      readonly reason: string
      readonly consequence: Consequence | null
    }

/** Words with which the venue says that nothing was done, whatever the code beside them. */
const FAILED_WORDS = [
  /^Service Unavailable\.?$/i,
  /^Internal error; unable to process your request\. Please try again\.?$/i,
]
const REASON_MAX = 300

const codeIn = (json: unknown): number | null => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null
  const { code } = json as { code?: unknown }
  const text = typeof code === 'number' || typeof code === 'string' ? String(code) : ''
  return /^-?\d{1,6}$/.test(text) ? Number(text) : null
}

/** A gateway of the venue has pages for its failures; anything else with one is somebody else's server, or a firewall. */
const PAGE = 'a web page, expected JSON (is the address right?): '

const wordsIn = ({ status, json, body }: RawAnswer): string => {
  const words = typeof json === 'object' && json !== null && 'msg' in json ? json.msg : undefined
  if (typeof words === 'string') return words.slice(0, REASON_MAX)
  const text = body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const isPage = status < 500 && status !== 418 && status !== 429 && /^\s*</.test(body)
  return text === '' ? 'empty answer' : `${isPage ? PAGE : ''}${text}`.slice(0, REASON_MAX)
}

/** Statuses at which even a definitive code is doubted: something between the venue and us may have spoken. */
const isDoubtful = (status: number): boolean => status >= 500 || status === 408

/**
 * What an answer means for what was asked: binance-ccxt-facts §2.3, §3.7. Decided by HTTP status and numeric
 * code alone, never by the class of an exception; whatever is not known to be definitive is unknown.
 *
 * 1. 418 and 429: not done, pause.
 * 2. A success: 2xx with JSON, and no negative code in it.
 * 3. Words that say that nothing was done, with 5xx.
 * 4. The code's row; with 408 and 5xx only what the row calls `not_placed` is believed.
 * 5. Unknown.
 */
export const classifyAnswer = (answer: RawAnswer): Classified => {
  const { status, json } = answer
  const code = codeIn(json)
  const about = {
    code: code === null || code >= 0 ? `HTTP ${status}` : String(code),
    reason: wordsIn(answer),
  }
  if (status === 418 || status === 429)
    return {
      ...about,
      kind: 'not_placed',
      consequence: status === 429 && code === -1015 ? 'pause_orders' : 'pause',
    }
  const isJson = typeof json === 'object' && json !== null
  if (status >= 200 && status < 300 && isJson && (code === null || code >= 0))
    return { kind: 'done' }
  const words = about.reason.trim()
  if (isDoubtful(status) && FAILED_WORDS.some((failed) => failed.test(words)))
    return { ...about, kind: 'not_placed', consequence: null }
  const row = code === null ? undefined : rowOf(code)
  if (row === undefined) return { ...about, kind: 'unknown', consequence: null }
  if (isDoubtful(status) && row.verdict === 'refused')
    return { ...about, kind: 'unknown', consequence: null }
  return { ...about, kind: row.verdict, consequence: row.consequence }
}
