import type { Instrument } from '@tapedeck/contracts'
import { fromSteps, decimalToSteps, parseStep, type Step } from '../market/grid.ts'
import type { DepthEvent, MarketEvent } from '../market/market-event.ts'
import { Activity } from './activity.ts'
import type { Episode } from './episode.ts'
import { PriceImpact } from './price-impact.ts'
import { Providers } from './providers.ts'
import { QuotedBook } from './quoted-book.ts'
import { Random } from './random.ts'
import { Scenario, type Act } from './scenario.ts'
import { SignMemory } from './sign-memory.ts'
import { StopClusters } from './stop-clusters.ts'

export type GeneratedMarketOptions = {
  readonly instrument: Instrument
  /** Whole number; the same seed and options give the same market. */
  readonly seed: number
  /** Event time of the first event, ms. */
  readonly startTime: number
  /** Decimal on the instrument's tick. */
  readonly startPrice: string
  /** Orders a second that nothing excited; all in all there are about twice as many. Default 8. */
  readonly tradesPerSecond?: number
  /** Mean size of an order in the base asset. Default 0.3. */
  readonly meanQuantity?: number
  /** Cadence of book changes, a multiple of 100 ms. Default 100. */
  readonly depthIntervalMs?: number
  /** What happens first; after that, nothing directs the price. */
  readonly acts?: readonly Act[]
}

const SLICE_MS = 100
const FUNDING_MS = 8 * 3_600_000
/** Deviation of the returns of a second in a calm hour: 0.055 % a minute. */
const SECOND_DEVIATION = 0.00055 / Math.sqrt(60)
/** Share of that variance which comes without a trade, from what providers learn elsewhere. */
const WITHOUT_TRADE = 0.2
/** Share of slices in which it does. */
const NUDGED = 0.25
/** Of the logarithm of sizes: most orders are small, most volume is not. */
const SIZE_SIGMA = 1.8
const SIZE_MAX = 100
/** Something is coming: for so long before a burst providers quote wider. */
const AHEAD_MS = 1500
const BIAS_MAX = 0.95
/** Share of the bias of a range that pulls back to its middle. */
const RANGE_PULL = 0.7

/**
 * A seeded, order-driven market: aggressors arrive in bursts, persist on their side, and take what liquidity
 * providers quote. Providers answer what they did not expect of the flow, so that nobody can tell from the
 * prints where price goes next; how much it moves can be told, for hours. Acts alone direct it. Event time
 * only; nothing but the seed decides. The model and its sources: docs/decisions/0017-generated-market.md.
 */
export class GeneratedMarket {
  readonly #options: GeneratedMarketOptions
  readonly #random: Random
  readonly #scenario: Scenario
  readonly #activity: Activity
  readonly #signs = new SignMemory()
  readonly #impact: PriceImpact
  readonly #stops: StopClusters
  readonly #book: QuotedBook
  readonly #providers: Providers
  readonly #tick: Step
  readonly #meanLots: number
  readonly #depthMs: number
  #time: number
  #tradeId: number
  #lastUpdateId: number
  #fundingRate = 0.0001
  #episode: Episode | null = null
  #episodeStart = 0
  #episodePrice = 0
  /** Middle of the range of a balance, in ticks. */
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
    const rate = options.tradesPerSecond ?? 8
    this.#meanLots = ((options.meanQuantity ?? 0.3) * lot.pow) / lot.mantissa
    this.#depthMs = options.depthIntervalMs ?? SLICE_MS
    if (!(rate > 0) || !(this.#meanLots > 0) || !(this.#depthMs > 0))
      throw new RangeError('rate, size and cadence: expected positive numbers')
    this.#scenario = new Scenario(this.#random, startTime, options.acts ?? [])
    this.#activity = new Activity(this.#random, rate, SLICE_MS)
    this.#impact = new PriceImpact({
      startTicks: start + 0.5,
      meanLots: this.#meanLots,
      sizeSigma: SIZE_SIGMA,
      perOrder: SECOND_DEVIATION * Math.sqrt((1 - WITHOUT_TRADE) / (rate * Activity.meanOrders)),
      stepMs: SLICE_MS,
    })
    this.#stops = new StopClusters(this.#random, start)
    this.#book = new QuotedBook({
      random: this.#random,
      center: start + 0.5,
      meanLots: this.#meanLots,
      gapTicks: Math.max(1, this.#impact.unit / 3),
      roundTicks: Math.max(50, 10 ** Math.round(Math.log10(start / 600))),
    })
    this.#providers = new Providers(this.#random, this.#book)
    this.#time = startTime - (startTime % SLICE_MS)
    this.#tradeId = this.#random.integer(1_000_000, 9_000_000)
    this.#value = this.#impact.price
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
    const isAhead = episode.newsMs > 0 && this.#time - this.#episodeStart < AHEAD_MS
    const rate = this.#activity.step(this.#time) * (isAhead ? 1 : episode.intensity)
    const orders = this.#random.poisson((rate * SLICE_MS) / 1000)
    const bias = isAhead ? 0 : this.#biasOf(episode)
    for (let i = 0; i < orders; i++)
      this.#order(episode, bias, (i + this.#random.next()) / orders, events)
    this.#nudge()
    this.#impact.step()
    const { price, unit } = this.#impact
    this.#providers.quote({ price, unit, restless: this.#activity.impact, isAhead })
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
    this.#book.sweep(buy, lots)
    this.#impact.take(buy ? 1 : -1, lots)
    this.#activity.excite()
  }

  #currentEpisode(): Episode {
    const current = this.#episode
    const setOff = this.#stops.reach(this.#book.center)
    if (setOff !== 0 && !this.#scenario.isDirected(this.#time))
      return this.#begin(this.#scenario.stopRun(setOff, this.#tickOf))
    if (current !== null && !this.#isOver(current)) return current
    const held = this.#book.hasIceberg
    return this.#begin(this.#scenario.next(this.#time, this.#tickOf, current, held))
  }

  #begin(episode: Episode): Episode {
    this.#episode = episode
    this.#episodeStart = this.#time
    this.#episodePrice = this.#impact.price
    if (episode.kind === 'balance') this.#value = this.#impact.price
    this.#book.withdrawIceberg()
    if (episode.absorber > 0)
      this.#book.placeIceberg(
        episode.direction > 0 ? 'ask' : 'bid',
        Math.round(episode.absorber * this.#meanLots),
      )
    return episode
  }

  /** A fraction of price in ticks. */
  readonly #tickOf = (fraction: number): number => Math.max(2, fraction * this.#impact.price)

  #isOver(episode: Episode): boolean {
    const moved = (this.#impact.price - this.#episodePrice) * episode.direction
    const there = episode.distanceTicks !== null && moved >= episode.distanceTicks
    const isBroken = episode.absorber > 0 && !this.#book.hasIceberg
    return there || isBroken || this.#time - this.#episodeStart >= episode.durationMs
  }

  #biasOf({ bias, rangeFraction }: Episode): number {
    if (rangeFraction === null) return bias
    const away = (this.#impact.price - this.#value) / (this.#value * rangeFraction)
    return bias - RANGE_PULL * Math.max(-1, Math.min(1, away))
  }

  /** Share of an episode's bias that providers have not priced: all of it at first, then less and less. */
  #surprise({ newsMs, unpriced }: Episode): number {
    if (newsMs === 0) return unpriced
    const age = this.#time - this.#episodeStart - AHEAD_MS
    return unpriced + (1 - unpriced) * Math.exp(-age / newsMs)
  }

  /** One aggressive order: its side by memory and episode, its size heavy-tailed, its prints by the book. */
  #order(episode: Episode, bias: number, share: number, events: MarketEvent[]): void {
    const remembered = this.#signs.expected
    const expected = Math.max(-BIAS_MAX, Math.min(BIAS_MAX, remembered + bias))
    const surprise = (expected - remembered) * this.#surprise(episode)
    const sign = this.#random.chance((1 + expected) / 2) ? 1 : -1
    const drawn = Math.round(this.#random.lognormal(this.#meanLots, SIZE_SIGMA))
    const lots = Math.max(1, Math.min(drawn, Math.round(this.#meanLots * SIZE_MAX)))
    const scale = episode.impact * this.#activity.impact
    this.#impact.push(sign, lots, expected - surprise, scale, episode.forced * surprise)
    this.#signs.push(sign)
    this.#activity.excite()
    const time = this.#time + Math.floor(share * SLICE_MS)
    for (const print of this.#book.sweep(sign > 0, lots))
      events.push({
        kind: 'trade',
        symbol: this.#options.instrument.symbol,
        id: this.#tradeId++,
        priceTicks: print.ticks,
        quantityLots: Math.round(print.lots),
        time,
        maker: sign > 0 ? 0 : 1,
        excluded: false,
      })
  }

  /** Value moves without a trade. */
  #nudge(): void {
    if (!this.#random.chance(NUDGED)) return
    const variance = (WITHOUT_TRADE * SLICE_MS) / (1000 * NUDGED)
    const deviation = SECOND_DEVIATION * Math.sqrt(variance) * this.#activity.volatility
    this.#impact.move(this.#random.normal() * deviation * this.#impact.price)
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
    const price = fromSteps(this.#impact.price, this.#tick)
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
