import type { ProcessTime } from './virtual-time.ts'

/** What came of a request, as its sender sees it. */
export type RequestEnd = 'accepted' | 'limited' | 'refused' | 'unanswered'

/** Who is in the way of protection, by the requests that were to bring it. */
export type RequestBlame = 'request' | 'lost' | 'limited' | 'refused'

type Standing = {
  readonly underWay: Set<object>
  /** Since it was protected last. */
  refusals: number
  refusedAt: number
  /** The same, of requests without an answer. */
  losses: number
  lostAt: number
}

/** After a refusal the next request may wait this long, twice as long after each that follows. */
const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 30_000
/** And after one without an answer, of which nobody knows whether it was done. */
const LOST_MS = 500
const LOST_MS_MAX = 4_000
/** Of those so many are followed soon. */
const LOST_SOON = 4
const LIMITS = new Set([-1003, -1015])

const pauseOf = (count: number, first: number, most: number, soon = 1): number =>
  count === 0 ? 0 : Math.min(most, first * 2 ** Math.min(Math.max(0, count - soon), 10))

/** A stop or a market exit: what ends a time without protection. Null for everything else. */
const protectedSymbol = (method: string, path: string, parameters: string): string | null => {
  if (method !== 'POST') return null
  if (path !== '/fapi/v1/order' && path !== '/fapi/v1/algoOrder') return null
  const found = new URLSearchParams(parameters)
  const type = found.get('type')
  if (found.get('reduceOnly') !== 'true' || (type !== 'MARKET' && type !== 'STOP_MARKET'))
    return null
  return found.get('symbol')
}

/** How an answer reads; an answer that cannot be read is as good as none. */
export const endOf = (status: number, body: string): RequestEnd => {
  const code = /"code"\s*:\s*"?(-\d+)/.exec(body)?.[1]
  if (status === 429 || status === 418 || LIMITS.has(Number(code))) return 'limited'
  if (status >= 400 || code !== undefined) return 'refused'
  return 'accepted'
}

/** Requests that protect a position, on their way to the venue and back, by symbol. */
export class ProtectiveTraffic {
  readonly #standings = new Map<string, Standing>()
  #limitedUntil = -Infinity
  /** How often orders of a symbol that protect were sent. */
  sent = 0

  /** Follows a request from its sending on. Call the answer with what came of it, once. */
  begin(
    life: ProcessTime,
    request: { readonly method: string; readonly path: string; readonly parameters: string },
  ): (end: RequestEnd, now: number) => void {
    const symbol = protectedSymbol(request.method, request.path, request.parameters)
    if (symbol === null) return () => undefined
    const standing = this.#of(symbol)
    const one = { life }
    standing.underWay.add(one)
    this.sent += 1
    return (end, now) => {
      standing.underWay.delete(one)
      if (end === 'refused' || end === 'limited') this.refuse(symbol, now)
      if (end !== 'unanswered') return
      standing.losses += 1
      standing.lostAt = now
    }
  }

  /** The venue did not do what was to protect, when it was asked or after it had taken it. */
  refuse(symbol: string, now: number): void {
    const standing = this.#of(symbol)
    standing.refusals += 1
    standing.refusedAt = now
  }

  /** What is held is protected, or nothing is held. */
  settle(symbol: string): void {
    const standing = this.#standings.get(symbol)
    if (standing === undefined) return
    standing.refusals = 0
    standing.losses = 0
  }

  /** The venue's limits let no order pass before. */
  limit(until: number): void {
    this.#limitedUntil = Math.max(this.#limitedUntil, until)
  }

  /** A process is gone, and with it whoever waits for answers. */
  forget(life: ProcessTime): void {
    for (const { underWay } of this.#standings.values())
      for (const one of underWay)
        if ((one as { life: ProcessTime }).life === life) underWay.delete(one)
  }

  /** Null when nothing that was sent is in the way. */
  blame(symbol: string, now: number): RequestBlame | null {
    if (now < this.#limitedUntil) return 'limited'
    const standing = this.#standings.get(symbol)
    if (standing === undefined) return null
    if (standing.underWay.size > 0) return 'request'
    const { refusals, refusedAt, losses, lostAt } = standing
    if (now < lostAt + pauseOf(losses, LOST_MS, LOST_MS_MAX, LOST_SOON)) return 'lost'
    return now < refusedAt + pauseOf(refusals, PAUSE_MS, PAUSE_MS_MAX) ? 'refused' : null
  }

  #of(symbol: string): Standing {
    const known = this.#standings.get(symbol)
    if (known !== undefined) return known
    const standing: Standing = {
      underWay: new Set(),
      refusals: 0,
      refusedAt: 0,
      losses: 0,
      lostAt: 0,
    }
    this.#standings.set(symbol, standing)
    return standing
  }
}
