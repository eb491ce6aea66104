import type { Instrument, Timeframe } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import type { OrderUpdate, StrategyOrder } from './strategy-order.ts'
import type { ParameterTable, ParameterValues } from './parameters.ts'

/**
 * A bar that has closed. Prices in whole ticks, volume in whole lots, times in ms. The engine shows the
 * same object again with other numbers: copy what has to last beyond the call.
 */
export interface ClosedBar {
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly openTime: number
  readonly closeTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  /** True when bars of this series are missing right before this one. */
  readonly afterGap: boolean
}

/** What is held in one symbol. Reused by the engine, like bars. */
export interface PositionView {
  readonly symbol: string
  /** Signed: positive long, negative short, 0 flat. */
  readonly lots: number
  /** Average entry in ticks, possibly between two; 0 when flat. */
  readonly averageTicks: number
  /** Fills that built the position up since it was last flat, one per entry order: turtle units, say. */
  readonly entries: number
  /** Protection in force or on its way; null when there is none. */
  readonly stopTicks: number | null
  readonly targetTicks: number | null
  /** Entry orders that rest or are on their way. */
  readonly pendingEntries: number
  /** Close of the last bar in ticks; 0 before the first. */
  readonly lastTicks: number
}

/** The account as a strategy may know it: nothing in here is later than the bar at hand. */
export interface PortfolioView {
  /** Time of the call: the close of the bar, or the moment of a fill. */
  readonly at: number
  /** Wallet and open profit at the last closes, in the quote asset. */
  readonly equity: number
  /** Starting balance plus what was realized, fees paid. */
  readonly wallet: number
  /** True while bars before the first tradable one are shown: orders are not sent then. */
  readonly warmingUp: boolean
  /** Throws a RangeError for a symbol that the run does not hold. */
  position(symbol: string): PositionView
}

/** What a strategy is given once. */
export interface StrategyContext {
  /** One per symbol, in the order of the run. */
  readonly instruments: readonly Instrument[]
  /** Timeframes of the bars that will come, shortest first. */
  readonly timeframes: readonly Timeframe[]
  readonly startingBalance: number
  readonly seed: number
  /** Correlation group of each symbol; one that is not named is a group of its own. */
  readonly groups: Readonly<Record<string, string>>
  /** Keeps a decision for the record (`--events`). Plain JSON; must not depend on anything but the inputs. */
  readonly record: (event: { readonly [key: string]: Json }) => void
}

/**
 * A strategy on closed bars: a deterministic function of its parameters and what it was shown. No clock, no
 * random source but the seed of its context, no I/O.
 */
export interface BarStrategy {
  /** One closed bar. Orders reach the venue after it: a market order fills at the next bar's open at best. */
  onBar(bar: ClosedBar, portfolio: PortfolioView): readonly StrategyOrder[]
  /** What became of an order. May answer with orders, e.g. a stop that depends on the price of the fill. */
  onOrder?(update: OrderUpdate, portfolio: PortfolioView): readonly StrategyOrder[]
  /** The last bar was shown and what was open is closed: for records that end a run. */
  onEnd?(portfolio: PortfolioView): void
  /** All state as JSON; `create` with it goes on exactly where this one stands. */
  snapshot(): Json
}

/** What a strategy is called, what may be turned on it, and how one is made. The default export of a module. */
export interface StrategyDefinition<P extends ParameterValues = ParameterValues> {
  readonly name: string
  /** One sentence for `tapedeck strategies`. */
  readonly about: string
  readonly parameters: ParameterTable
  /** Bars it understands; null for any one timeframe. More than one: bars of each are shown. */
  readonly timeframes: readonly Timeframe[] | null
  /** Longer timeframes that it is shown as well; made from the shorter bars where the files hold none. */
  readonly longer?: readonly Timeframe[]
  /** Closed bars of `timeframe`, the shortest of the run, that it needs before it can decide. */
  warmupBars(parameters: P, timeframe: Timeframe): number
  create(parameters: P, context: StrategyContext, snapshot?: Json): BarStrategy
}
