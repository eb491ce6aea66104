import { TradingConfig, type Instrument } from '@tapedeck/contracts'
import { Random, type MarketEvent, type TradeEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { tapeOfEvents, type TapeReader } from '../tape/index.ts'

const MINUTE = 60_000
export const WILD_START = Date.UTC(2026, 0, 5, 8)

const bitcoin = testInstrument({ venue: 'generated' })
export const INSTRUMENTS: readonly Instrument[] = [
  bitcoin,
  { ...bitcoin, symbol: 'ETHUSDT', base_asset: 'ETH' },
  { ...bitcoin, symbol: 'SOLUSDT', base_asset: 'SOL' },
]

export const wildTrading = TradingConfig.parse({
  instruments: INSTRUMENTS.map((instrument) => ({
    ...instrument,
    profile_bin_ticks: 100,
    min_absorption_volume: 5,
    footprint_imbalance_floor: 1,
  })),
})

/** What may be wrong with a market, all of which has been recorded somewhere. */
export type Wildness = {
  readonly minutes: number
  /** Prints a second, one for each symbol. */
  readonly rates: readonly number[]
  /** How often, at each moment of some 150 ms, a symbol falls silent for 5 to 90 s. */
  readonly silences: number
  readonly books: boolean
  /** Prints up to so many ms late. */
  readonly lateMs: number
  /** Prints that are excluded, off the grid, told twice or missing; feeds that go down. */
  readonly odd: boolean
  /** Rows after which lockstep ends a step; what a batch may hold. */
  readonly composer: { readonly stepEvents?: number; readonly batchTrades?: number }
}

class WildSymbol {
  readonly #symbol: string
  readonly #rate: number
  readonly #how: Wildness
  readonly #random: Random
  #id = 1
  #price = 600_000
  #update = 1
  #silentUntil = 0

  constructor(symbol: string, rate: number, how: Wildness, random: Random) {
    this.#symbol = symbol
    this.#rate = rate
    this.#how = how
    this.#random = random
  }

  /** What comes at `at`, `passed` ms after what came before. */
  next(at: number, passed: number): MarketEvent[] {
    const random = this.#random
    const events: MarketEvent[] = []
    if (at >= this.#silentUntil) {
      for (let due = (this.#rate * passed) / 1000; random.chance(due); due--)
        events.push(...this.#prints(at))
      if (random.chance(this.#how.silences)) this.#silentUntil = at + random.integer(5_000, 90_000)
    }
    if (this.#how.books) events.push(...this.#book(at))
    if (this.#how.odd && random.chance(0.003)) events.push(this.#feed())
    return events
  }

  #prints(at: number): TradeEvent[] {
    const { odd, lateMs } = this.#how
    const random = this.#random
    this.#price = Math.max(1, Math.round(this.#price * (1 + 0.0004 * random.normal())))
    if (odd && random.chance(0.02)) this.#id += 3
    const print: TradeEvent = {
      kind: 'trade',
      symbol: this.#symbol,
      id: this.#id++,
      priceTicks: odd && random.chance(0.03) ? 0 : this.#price,
      quantityLots: 1 + Math.floor(random.lognormal(500, 1.5)),
      time: at - (random.chance(0.05) ? random.integer(0, lateMs) : 0),
      maker: random.chance(0.5) ? 1 : 0,
      excluded: odd && random.chance(0.08),
    }
    return odd && random.chance(0.05) ? [print, { ...print }] : [print]
  }

  #book(at: number): MarketEvent[] {
    const random = this.#random
    const [symbol, price, last] = [this.#symbol, this.#price, this.#update]
    const events: MarketEvent[] = []
    if (random.chance(0.4)) {
      this.#update += 2
      events.push({
        kind: 'depth',
        symbol,
        snapshot: last === 1 || random.chance(0.1),
        firstId: last + 1,
        lastId: last + 2,
        previousId: last === 1 ? null : last,
        // Books overtake prints.
        time: at + (random.chance(0.1) ? random.integer(0, 4000) : 0),
        bidTicks: [price - 1, price - 2],
        bidLots: [10, 20],
        askTicks: [price + 1, price + 2],
        askLots: [10, 20],
      })
    }
    if (random.chance(0.02))
      events.push({
        kind: 'mark',
        symbol,
        time: at,
        markPrice: price / 10,
        indexPrice: null,
        fundingRate: 0.0001 * random.normal(),
        nextFundingTime: at + 60 * MINUTE,
      })
    return events
  }

  #feed(): MarketEvent {
    const random = this.#random
    return {
      kind: 'feed',
      symbol: this.#symbol,
      channel: random.chance(0.5) ? 'trades' : 'depth',
      status: (['up', 'down', 'gap', 'stale'] as const)[random.integer(0, 3)]!,
      reason: 'so it was recorded',
      missingFrom: null,
      missingTo: null,
    }
  }
}

/** A tape of symbols that fall silent and whatever else goes wrong. */
export const wildTape = (seed: number, how: Wildness): TapeReader => {
  const random = new Random(seed)
  const given = INSTRUMENTS.slice(0, how.rates.length)
  const symbols = given.map(({ symbol }, i) => new WildSymbol(symbol, how.rates[i]!, how, random))
  const events: MarketEvent[] = []
  for (let at = WILD_START, passed = 0; at < WILD_START + how.minutes * MINUTE; at += passed) {
    for (const symbol of symbols) events.push(...symbol.next(at, passed))
    passed = random.integer(1, 300)
  }
  return Object.assign(tapeOfEvents(given, events), { composer: how.composer })
}
