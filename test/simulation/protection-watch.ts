import { isType, type Message, type OrderChanged, type VenueReported } from '@tapedeck/contracts'
import type { Exchange, SimulatedVenue } from '@tapedeck/venue-simulator'
import { ACCOUNT } from './account.ts'
import { instrumentOf } from './instruments.ts'
import type { ProtectiveTraffic, RequestBlame } from './protective-traffic.ts'

/**
 * Who is in the way of protection at a moment. `down`: no execution runs. `untold`: by what the venue told, another
 * position is held. `market`: the time by which our bounds run stands still, and it is not for execution yet to carry
 * it on. `ours`: nobody else.
 */
export type Blame = RequestBlame | 'down' | 'untold' | 'market' | 'half_done' | 'ours'

/** A position without full protection, from its first moment to its last. Milliseconds. */
export type Exposure = {
  readonly symbol: string
  readonly from: number
  readonly ms: Readonly<Partial<Record<Blame, number>>>
}

/**
 * Domain §5: a market exit once no stop was acknowledged for 3 s. The rest is what that exit takes: the next
 * print (250 ms), by which time passes, the news of it, and a request on its way.
 */
const OURS_MS_MAX = 3_000 + 500
/** A market order that fills no further is given up for one that does; that takes as long as a stop may. */
const HALF_DONE_MS_MAX = 3_000
/** Market time is told every quarter of a second: for longer it stands still. */
const STANDSTILL_MS = 300
/** As long as execution lets it stand, and what it takes to notice and to put the next time on the tape. */
const STANDSTILL_MS_MAX = 3_000 + 600
const STEP = 1e-9

type Truth = Pick<Exchange, 'positionLots' | 'openConditionals'>

export type WatchOptions = {
  readonly venue: SimulatedVenue
  readonly symbols: readonly string[]
  readonly start: number
  readonly traffic: ProtectiveTraffic
  readonly isUp: () => boolean
  /** When market news last moved market time. */
  readonly marketMovedAt: () => number
}

type Standing = {
  /** What the state is since the last look; null: protected, or flat. */
  blame: Blame | null
  from: number
  ms: Partial<Record<Blame, number>>
  /** By our own books. */
  known: number
  reported: boolean
}

const fresh = (): Standing => ({ blame: null, from: 0, ms: {}, known: 0, reported: false })

/** What stops that stand at the venue would close. */
const covered = (truth: Truth, symbol: string, side: 'BUY' | 'SELL'): number =>
  truth
    .openConditionals(ACCOUNT, symbol)
    .filter((one) => one.type === 'STOP_MARKET' && one.side === side && one.status === 'NEW')
    .reduce((sum, { quantity }) => sum + Number(quantity), 0)

/** Whether what we hold at the venue is protected, by the venue's own books at every step, and who is to blame. */
export class ProtectionWatch {
  readonly #options: WatchOptions
  readonly #standings: ReadonlyMap<string, Standing>
  /** When each market order of ours was first seen open. */
  readonly #closing = new Map<string, number>()
  /** Stops that we were told of as being set off. */
  readonly #triggering = new Set<string>()
  #last: number
  /** When execution last carried market time on, and when it was last not there to do so. */
  #carriedAt = -Infinity
  #downAt = -Infinity
  readonly exposures: Exposure[] = []

  constructor(options: WatchOptions) {
    this.#options = options
    this.#last = options.start
    this.#standings = new Map(options.symbols.map((symbol) => [symbol, fresh()]))
  }

  /** What our own books say is held. */
  follow(message: Message, now: number): void {
    if (isType(message, 'execution.order.expired')) this.#noteExpired(message.payload, now)
    if (isType(message, 'execution.venue.reported')) this.#noteReport(message.payload, now)
    if (!isType(message, 'execution.position.changed')) return
    const { symbol, side, quantity } = message.payload
    const standing = this.#standings.get(symbol)
    if (standing === undefined) return
    standing.known = side === 'FLAT' ? 0 : side === 'LONG' ? Number(quantity) : -Number(quantity)
  }

  /** Taken by the venue, and then not carried out. */
  #noteExpired({ symbol, order }: OrderChanged, now: number): void {
    if (order.role === 'EXIT' || order.role === 'STOP') this.#options.traffic.refuse(symbol, now)
  }

  #noteReport({ report, client_order_id: id }: VenueReported, now: number): void {
    if (report === 'time_passed') this.#carriedAt = now
    if (id !== null && (report === 'triggering' || report === 'triggered')) this.#triggering.add(id)
  }

  /** What is wrong, once a symbol; empty when nothing is. Call it after everything that happened by `now`. */
  check(now: number): string[] {
    const passed = now - this.#last
    this.#last = now
    if (!this.#options.isUp()) this.#downAt = now
    const problems: string[] = []
    for (const [symbol, standing] of this.#standings) {
      const { blame, ms } = standing
      if (blame !== null && passed > 0) ms[blame] = (ms[blame] ?? 0) + passed
      if ((ms.ours ?? 0) > OURS_MS_MAX && !standing.reported) {
        standing.reported = true
        problems.push(
          `${symbol} was unprotected for ${ms.ours} ms that nobody else is to blame for`,
        )
      }
      this.#see(symbol, standing, now)
    }
    return problems
  }

  /** What is still open is told, too. */
  end(): void {
    for (const [symbol, standing] of this.#standings) this.#close(symbol, standing)
  }

  #see(symbol: string, standing: Standing, now: number): void {
    const next = this.#blame(symbol, standing, now)
    if (next === null) this.#close(symbol, standing)
    else if (standing.blame === null) standing.from = now - this.#options.start
    standing.blame = next
  }

  #close(symbol: string, standing: Standing): void {
    const { blame, from, ms } = standing
    if (blame !== null) this.exposures.push({ symbol, from, ms })
    if (blame !== null) this.#options.traffic.settle(symbol)
    standing.blame = null
    standing.ms = {}
    standing.reported = false
  }

  #blame(symbol: string, { known }: Standing, now: number): Blame | null {
    const { venue, traffic, isUp } = this.#options
    const truth = venue.exchange
    const lots = truth.positionLots(ACCOUNT, symbol)
    if (lots === 0) return null
    const position = lots * Number(instrumentOf(symbol).lot_size)
    const side = position > 0 ? 'SELL' : 'BUY'
    if (covered(truth, symbol, side) >= Math.abs(position) - STEP) return null
    const exit = this.#isClosing(symbol, side, now)
    if (exit) return 'half_done'
    if (!isUp()) return 'down'
    const inTheWay = traffic.blame(symbol, now)
    if (inTheWay !== null) return inTheWay
    if (Math.abs(position - known) > STEP || this.#isTriggerUntold(symbol, side)) return 'untold'
    return this.#timeStands(now) ? 'market' : 'ours'
  }

  #timeStands(now: number): boolean {
    const movedAt = Math.max(this.#options.marketMovedAt(), this.#carriedAt)
    const isOver = now - Math.max(movedAt, this.#downAt) > STANDSTILL_MS_MAX
    return now - movedAt > STANDSTILL_MS && !isOver
  }

  /** A stop is stuck as it triggers, and nobody has said so yet. */
  #isTriggerUntold(symbol: string, side: 'BUY' | 'SELL'): boolean {
    return this.#options.venue.exchange
      .openConditionals(ACCOUNT, symbol)
      .some(
        (one) =>
          one.type === 'STOP_MARKET' &&
          one.side === side &&
          one.status === 'TRIGGERING' &&
          !this.#triggering.has(one.clientAlgoId),
      )
  }

  /** A market order of ours is open: it closes all of it now, or the venue leaves it half done. */
  #isClosing(symbol: string, side: 'BUY' | 'SELL', now: number): boolean {
    let any = false
    for (const one of this.#options.venue.exchange.openOrders(ACCOUNT, symbol)) {
      if (one.side !== side || !one.reduceOnly || one.type !== 'MARKET') continue
      const since = this.#closing.get(one.clientOrderId) ?? now
      this.#closing.set(one.clientOrderId, since)
      any ||= now - since <= HALF_DONE_MS_MAX
    }
    return any
  }
}
