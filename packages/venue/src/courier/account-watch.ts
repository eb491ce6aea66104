import type { StreamState } from '../port/account-event.ts'
import { askFunding, catchUp, compareOpenOrders } from './account-sweep.ts'
import type { CaseDesk } from './case-desk.ts'
import { OVERLAP_MS, askFills } from './look-after-order.ts'

const HOUR_MS = 3_600_000
/** A payment is listed by then. */
const FUNDING_LATE_MS = 15_000
/** A new kind of event may come often and mean nothing: what it may have told is asked for no more often than this. */
const DOUBT_EVERY_MS = 30_000

/**
 * Keeps what we know of the account whole: when the stream comes back, what it missed is asked for; and
 * while orders are in hand, they are compared with the venue's, because a single message can be lost
 * without a sign.
 */
export class AccountWatch {
  readonly #desk: CaseDesk
  #up = false
  /** Venue time since which news may have been missed; null while none is. */
  #missedSince: number | null = null
  /** Venue time of the first event that we do not know and nothing was asked about since; null while there is none. */
  #doubtedSince: number | null = null
  #doubtAskedAt = -Infinity
  #cancelTimer: (() => void) | null = null
  #fillsAskedAt: number
  /** Venue time up to which fills were asked for. */
  #fillsKnownUntil: number | null = null
  #cancelFunding: (() => void) | null = null
  #busy = false
  #again = false

  constructor(desk: CaseDesk) {
    this.#desk = desk
    this.#fillsAskedAt = desk.clock.now()
  }

  /** True while the stream tells everything and nothing that it may have missed is still to be asked. */
  get isCaughtUp(): boolean {
    return this.#up && this.#missedSince === null && this.#doubtedSince === null
  }

  start(since: number): void {
    this.#missedSince = since
    this.#schedule()
    this.#scheduleFunding()
  }

  stop(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#cancelFunding?.()
  }

  onStream({ state, detail }: StreamState): void {
    const { log, time } = this.#desk
    if (state === 'down') {
      if (this.#up) log.warn('the account stream is down', { detail })
      this.#up = false
      this.#missedSince ??= time.estimate()
      this.#schedule()
      return
    }
    log.info('the account stream is up', { detail })
    this.#up = true
    // Nothing says that what came before was told: a stream that is up again may not have said it was down.
    this.#missedSince ??= time.estimate()
    this.#again = this.#busy
    this.#sweepNow()
  }

  /** Something happened to the account that we do not understand: what it was is asked for. */
  suspect(): void {
    if (!this.#up || this.#missedSince !== null) return
    this.#missedSince = this.#desk.time.estimate()
    this.#schedule()
  }

  /** An event came that we do not know: what it may have told is asked for when there is time. */
  doubt(): void {
    this.#doubtedSince ??= this.#desk.time.estimate()
    this.wake()
  }

  /** There is an order in hand. */
  wake(): void {
    if (this.#cancelTimer === null && !this.#busy) this.#schedule()
  }

  #schedule(): void {
    if (this.#desk.stopped || this.#busy) return
    this.#cancelTimer?.()
    const { sweepMs, sweepDownMs } = this.#desk.waits
    const wait = this.#up && this.#missedSince === null ? sweepMs : sweepDownMs
    this.#cancelTimer = this.#desk.clock.after(wait, () => {
      this.#cancelTimer = null
      this.#sweepNow()
    })
  }

  /** Funding is paid on the hour and told once, and that may be lost as any message may: it is asked for too. */
  #scheduleFunding(): void {
    const { clock, time } = this.#desk
    const now = time.estimate()
    const hour = (Math.floor(now / HOUR_MS) + 1) * HOUR_MS
    this.#cancelFunding = clock.after(hour + FUNDING_LATE_MS - now, () => {
      this.#scheduleFunding()
      void this.#askForFunding(hour - HOUR_MS)
    })
  }

  async #askForFunding(since: number): Promise<void> {
    for (const symbol of this.#desk.symbols) {
      if (this.#desk.stopped) return
      if (await askFunding(this.#desk, symbol, since)) continue
      this.#missedSince ??= since
      this.#schedule()
      return
    }
  }

  #sweepNow(): void {
    if (this.#busy || this.#desk.stopped) return
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#busy = true
    void this.#sweep()
  }

  async #sweep(): Promise<void> {
    try {
      await this.#sweepOnce()
    } finally {
      this.#busy = false
      if (this.#again) {
        this.#again = false
        this.#sweepNow()
      } else if (this.#desk.cases.size > 0 || (this.#up && !this.isCaughtUp)) this.#schedule()
    }
  }

  /**
   * Fills that nothing else would show: of the venue's own orders, which end positions of ours, when the
   * stream lost them.
   */
  async #askForFills(symbols: ReadonlySet<string>): Promise<void> {
    const { clock, time, waits } = this.#desk
    if (clock.now() - this.#fillsAskedAt < waits.fillsMs) return
    const since = this.#fillsKnownUntil ?? time.estimate()
    const now = time.estimate()
    for (const symbol of symbols)
      if (!(await askFills(this.#desk, symbol, since - OVERLAP_MS))) return
    this.#fillsAskedAt = clock.now()
    this.#fillsKnownUntil = now
  }

  async #askOfDoubt(): Promise<void> {
    const { clock, symbols } = this.#desk
    const since = this.#doubtedSince
    if (since === null || clock.now() - this.#doubtAskedAt < DOUBT_EVERY_MS) return
    this.#doubtAskedAt = clock.now()
    // One that comes meanwhile is asked about next time.
    this.#doubtedSince = null
    for (const symbol of symbols)
      if (
        !(await askFills(this.#desk, symbol, since - OVERLAP_MS)) ||
        !(await askFunding(this.#desk, symbol, since))
      ) {
        this.#doubtedSince = since
        return
      }
  }

  async #sweepOnce(): Promise<void> {
    const { cases, symbols } = this.#desk
    const since = this.#missedSince
    if (since === null) {
      const held = new Set([...cases.values()].map(({ symbol }) => symbol))
      if (held.size > 0) {
        await compareOpenOrders(this.#desk, [...held])
        await this.#askForFills(held)
      }
      await this.#askOfDoubt()
      return
    }
    await this.#desk.time.ask()
    // While nothing is pushed, what is asked for now will be asked for again: it ends with the stream.
    const wasUp = this.#up
    const whole = wasUp
      ? await catchUp(this.#desk, since)
      : await compareOpenOrders(this.#desk, symbols)
    if (whole && wasUp && this.#up && !this.#again) this.#missedSince = null
  }
}
