import type { Instrument } from '@tapedeck/contracts'
import { fromSteps, decimalToSteps, parseStep, type Step } from '../market/grid.ts'
import type { DepthEvent, MarketEvent } from '../market/market-event.ts'
import type { Episode } from './episode.ts'
import { QuotedBook } from './quoted-book.ts'
import { Random } from './random.ts'
import { Scenario, type Act } from './scenario.ts'

export type GeneratedMarketOptions = {
  readonly instrument: Instrument
  /** Whole number; the same seed and options give the same market. */
  readonly seed: number
  /** Event time of the first event, ms. */
  readonly startTime: number
  /** Decimal on the instrument's tick. */
  readonly startPrice: string
  /** Orders a second in quiet trade; bursts bring several times as many. Default 8. */
  readonly tradesPerSecond?: number
  /** Mean size of an order in the base asset. Default 0.3. */
  readonly meanQuantity?: number
  /** Cadence of book changes, a multiple of 100 ms. Default 100. */
  readonly depthIntervalMs?: number
  /** What happens first; after that, acts are drawn. */
  readonly acts?: readonly Act[]
}

const SLICE_MS = 100
const FUNDING_MS = 8 * 3_600_000
/** Orders excite orders: each adds this share of the base rate, halved in `EXCITE_HALF_LIFE_MS`. */
const EXCITE = 0.06
const EXCITE_MAX = 3
const EXCITE_HALF_LIFE_MS = 2000
/** Fraction of price that the expected one-sided flow of a quiet minute moves it. */
const MOVE_PER_MINUTE_OF_FLOW = 0.004
const SIZE_SIGMA = 1.1
/** Share of an order from outside that stays in the price before the first episode. */
const OUTSIDE_IMPACT = 0.45
/** Share of slices in which providers move without a trade, and how far. */
const NUDGED = 0.25
const NUDGE_TICKS = 1.6

/**
 * A seeded, order-driven market: aggressors arrive in bursts and take what liquidity providers quote.
 * Price moves because the book was taken, not because a process says so; acts and episodes decide who
 * is aggressive and who steps back. Event time only; nothing but the seed decides.
 */
export class GeneratedMarket {
  readonly #options: GeneratedMarketOptions
  readonly #random: Random
  readonly #scenario: Scenario
  readonly #book: QuotedBook
  readonly #tick: Step
  readonly #meanLots: number
  readonly #rate: number
  readonly #depthMs: number
  readonly #lotsPerTick: number
  #time: number
  #tradeId: number
  #lastUpdateId: number
  #excite = 0
  #fundingRate = 0.0001
  #episode: Episode | null = null
  #episodeStart = 0
  #episodeFair = 0
  #value: number

  constructor(options: GeneratedMarketOptions) {
    const { instrument, seed, startTime } = options
    this.#options = options
    this.#random = new Random(seed)
    this.#tick = parseStep(instrument.tick_size)
    const lot = parseStep(instrument.lot_size)
    const start = decimalToSteps(options.startPrice, this.#tick)
    if (start === null || start <= 0)
      throw new RangeError(
        `start price ${options.startPrice}: expected a positive multiple of ${instrument.tick_size}`,
      )
    this.#rate = options.tradesPerSecond ?? 8
    this.#meanLots = ((options.meanQuantity ?? 0.3) * lot.pow) / lot.mantissa
    this.#depthMs = options.depthIntervalMs ?? SLICE_MS
    if (!(this.#rate > 0) || !(this.#meanLots > 0) || !(this.#depthMs > 0))
      throw new RangeError('rate, size and cadence: expected positive numbers')
    this.#scenario = new Scenario(this.#random, startTime, options.acts ?? [])
    this.#lotsPerTick = (60 * this.#rate * this.#meanLots) / (start * MOVE_PER_MINUTE_OF_FLOW)
    const roundTicks = Math.max(50, 10 ** Math.round(Math.log10(start / 600)))
    this.#book = new QuotedBook(this.#random, start + 0.5, this.#meanLots * 2, roundTicks)
    this.#time = startTime - (startTime % SLICE_MS)
    this.#tradeId = this.#random.integer(1_000_000, 9_000_000)
    this.#value = this.#book.fair
    this.#book.takeChanges()
    this.#lastUpdateId = this.#book.updateId
  }

  /** Event time reached. */
  get time(): number {
    return this.#time
  }

  /** The book as it stands: what a source tells first, or again after a reconnect. */
  bookSnapshot(): DepthEvent {
    const bids = this.#book.levels('bid')
    const asks = this.#book.levels('ask')
    return {
      kind: 'depth',
      symbol: this.#options.instrument.symbol,
      snapshot: true,
      firstId: this.#lastUpdateId,
      lastId: this.#lastUpdateId,
      previousId: null,
      time: this.#time,
      bidTicks: bids.ticks,
      bidLots: bids.lots,
      askTicks: asks.ticks,
      askLots: asks.lots,
    }
  }

  /** The next 100 ms, in order: prints, then the book's change, then the mark on full seconds. */
  next(): MarketEvent[] {
    const events: MarketEvent[] = []
    const episode = this.#currentEpisode()
    const decay = 0.5 ** (SLICE_MS / EXCITE_HALF_LIFE_MS)
    this.#excite *= decay
    const rate = this.#rate * episode.intensity * (1 + this.#excite)
    const orders = this.#random.poisson((rate * SLICE_MS) / 1000)
    this.#excite = Math.min(EXCITE_MAX, this.#excite + orders * EXCITE)
    for (let i = 0; i < orders; i++)
      this.#order(episode, (i + this.#random.next()) / orders, events)
    if (this.#random.chance(NUDGED)) this.#book.nudge(this.#random.normal() * NUDGE_TICKS)
    this.#book.refill()
    this.#time += SLICE_MS
    if (this.#time % this.#depthMs === 0) this.#pushDepth(events)
    if (this.#time % 1000 === 0) this.#pushMark(events)
    return events
  }

  /**
   * Somebody outside the market took `lots` of what it displays: providers give way as they do to any
   * aggressor, and others are excited by it. Prints nothing: the print is his who filled it. Without such
   * calls the market is the one of its seed.
   */
  take(buy: boolean, lots: number): void {
    if (!(lots > 0)) return
    const impact = this.#episode?.impactWith ?? OUTSIDE_IMPACT
    this.#book.sweep(buy, lots, (impact * lots) / this.#lotsPerTick)
    this.#excite = Math.min(EXCITE_MAX, this.#excite + EXCITE)
  }

  #currentEpisode(): Episode {
    const current = this.#episode
    if (current !== null && !this.#isOver(current)) return current
    this.#book.withdrawIceberg()
    const fair = this.#book.fair
    const next = this.#scenario.next(this.#time, (fraction) => Math.max(2, fraction * fair))
    this.#episode = next
    this.#episodeStart = this.#time
    this.#episodeFair = fair
    if (next.kind === 'balance') this.#value = fair
    if (next.absorber > 0)
      this.#book.placeIceberg(
        next.direction > 0 ? 'ask' : 'bid',
        Math.round(next.absorber * this.#meanLots),
      )
    return next
  }

  #isOver(episode: Episode): boolean {
    const moved = (this.#book.fair - this.#episodeFair) * episode.direction
    const there = episode.distanceTicks !== null && moved >= episode.distanceTicks
    return there || this.#time - this.#episodeStart >= episode.durationMs
  }

  /** One aggressive order: its side by the episode, its size heavy-tailed, its prints by the book. */
  #order(episode: Episode, share: number, events: MarketEvent[]): void {
    let bias = episode.bias
    if (episode.rangeFraction !== null) {
      const away = (this.#book.fair - this.#value) / (this.#value * episode.rangeFraction)
      bias -= Math.max(-0.7, Math.min(0.7, away * 0.7))
    }
    const buy = this.#random.chance((1 + bias) / 2)
    const withFlow = episode.direction === 0 || buy === episode.direction > 0
    const impact = withFlow ? episode.impactWith : episode.impactAgainst
    const drawn = Math.round(this.#random.lognormal(this.#meanLots, SIZE_SIGMA))
    const lots = Math.max(1, Math.min(drawn, Math.round(this.#meanLots * 40)))
    const response = (impact * lots) / this.#lotsPerTick
    const time = this.#time + Math.floor(share * SLICE_MS)
    for (const print of this.#book.sweep(buy, lots, response))
      events.push({
        kind: 'trade',
        symbol: this.#options.instrument.symbol,
        id: this.#tradeId++,
        priceTicks: print.ticks,
        quantityLots: Math.round(print.lots),
        time,
        maker: buy ? 0 : 1,
        excluded: false,
      })
  }

  #pushDepth(events: MarketEvent[]): void {
    const { bid, ask } = this.#book.takeChanges()
    const previousId = this.#lastUpdateId
    this.#lastUpdateId = this.#book.updateId
    if (this.#lastUpdateId === previousId) return
    events.push({
      kind: 'depth',
      symbol: this.#options.instrument.symbol,
      snapshot: false,
      firstId: previousId + 1,
      lastId: this.#lastUpdateId,
      previousId,
      time: this.#time,
      bidTicks: bid.ticks,
      bidLots: bid.lots,
      askTicks: ask.ticks,
      askLots: ask.lots,
    })
  }

  #pushMark(events: MarketEvent[]): void {
    const price = fromSteps(this.#book.fair, this.#tick)
    this.#fundingRate += this.#random.normal() * 2e-7 + (0.0001 - this.#fundingRate) * 1e-4
    events.push({
      kind: 'mark',
      symbol: this.#options.instrument.symbol,
      time: this.#time,
      markPrice: Math.round(price * 1e4) / 1e4,
      indexPrice: Math.round(price * (1 - 0.0002) * 1e4) / 1e4,
      fundingRate: Math.round(this.#fundingRate * 1e8) / 1e8,
      nextFundingTime: (Math.floor(this.#time / FUNDING_MS) + 1) * FUNDING_MS,
    })
  }
}
