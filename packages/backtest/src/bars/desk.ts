import { TapedeckError, type Timeframe } from '@tapedeck/contracts'
import type {
  BarStrategy,
  ClosedBar,
  FillModel,
  OrderUpdate,
  PortfolioView,
  PositionView,
  StrategyOrder,
} from '@tapedeck/core'
import type { BarSeries } from './bar-series.ts'
import { checkOrder } from './check-order.ts'
import { SymbolLane } from './symbol-lane.ts'

/** A bar as it is shown: one object, filled anew for each. */
export class BarCursor implements ClosedBar {
  symbol = ''
  timeframe: Timeframe = '1m'
  openTime = 0
  closeTime = 0
  open = 0
  high = 0
  low = 0
  close = 0
  volume = 0
  afterGap = false
}

/** Most orders per symbol between two moments of the clock: more is a strategy that argues with the venue. */
const ORDERS_MAX = 1_000

export type DeskOptions = {
  readonly strategy: string
  readonly series: readonly BarSeries[]
  readonly model: FillModel
  readonly startingBalance: number
  /** Sees every order that the strategy gives, before it is sent. */
  readonly onOrder: ((order: StrategyOrder, at: number) => void) | undefined
}

/**
 * Between a strategy and the venue of every symbol: the account that the strategy looks at, its orders
 * checked and handed on, what became of them handed back.
 */
export class Desk implements PortfolioView {
  readonly lanes: readonly SymbolLane[]
  readonly counts: Record<string, number> = {}
  at = 0
  warmingUp = false
  /** Something happened to an order since this was last set to false. */
  hasNews = false
  /** The data is over: what is open is being closed, and nothing new is sent. */
  hasEnded = false
  readonly #options: DeskOptions
  readonly #bySymbol: ReadonlyMap<string, SymbolLane>
  readonly #where: { readonly strategy: string; readonly symbols: ReadonlySet<string> }
  #strategy: BarStrategy | null = null
  #ordersLeft = 0
  /** Only entries open positions, so the sum over lanes is skipped while there was none. */
  #hasTraded = false

  constructor(options: DeskOptions) {
    this.#options = options
    const { model, strategy } = options
    this.lanes = options.series.map(
      (series) =>
        new SymbolLane(series, {
          model,
          strategy,
          account: this,
          tell: (update) => this.#tell(update),
        }),
    )
    this.#bySymbol = new Map(this.lanes.map((lane) => [lane.symbol, lane]))
    this.#where = { strategy, symbols: new Set(this.#bySymbol.keys()) }
  }

  use(strategy: BarStrategy): void {
    this.#strategy = strategy
  }

  get wallet(): number {
    let sum = this.#options.startingBalance
    if (this.#hasTraded) for (const lane of this.lanes) sum += lane.ledger.walletChange
    return sum
  }

  get equity(): number {
    let sum = this.wallet
    if (this.#hasTraded)
      for (const lane of this.lanes) sum += lane.ledger.unrealized(lane.lastTicks)
    return sum
  }

  /** Notional of everything that is held, at the last closes. */
  get exposure(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.exposure, 0)
  }

  position(symbol: string): PositionView {
    const lane = this.#bySymbol.get(symbol)
    if (lane === undefined)
      throw new RangeError(
        `symbol ${symbol}: the run holds ${[...this.#bySymbol.keys()].join(', ')}`,
      )
    return lane
  }

  showBar(bar: ClosedBar): void {
    const orders = this.#ask('onBar', bar, () => this.#strategy!.onBar(bar, this))
    // Anything but an empty list is looked at: a promise, or nothing, is a mistake to be told.
    if ((orders as readonly StrategyOrder[] | undefined)?.length !== 0) this.#send(orders)
  }

  /** A new moment of the clock. */
  startTick(): void {
    this.#ordersLeft = ORDERS_MAX * this.lanes.length
  }

  end(): void {
    const strategy = this.#strategy!
    this.#ask('onEnd', { symbol: 'all' }, () => strategy.onEnd?.(this))
  }

  /** Calls the strategy; what it throws is told with the bar or order at which it did. */
  #ask<T>(what: string, about: { readonly symbol: string }, call: () => T): T {
    try {
      return call()
    } catch (error) {
      const when = new Date(this.at).toISOString()
      throw new TapedeckError(
        'STRATEGY_FAILED',
        `${this.#options.strategy} failed in ${what} at ${when} (${about.symbol}): ${messageOf(error)}`,
        { cause: error, details: { at: this.at, symbol: about.symbol } },
      )
    }
  }

  /** Checks and sends orders at the time of the desk. */
  #send(orders: readonly StrategyOrder[]): void {
    if (!Array.isArray(orders))
      throw new TapedeckError(
        'STRATEGY_INVALID',
        `${this.#options.strategy} returned no list of orders, expected [] when there are none`,
      )
    for (const order of orders as readonly StrategyOrder[]) {
      if (--this.#ordersLeft < 0)
        throw new TapedeckError(
          'STRATEGY_INVALID',
          `${this.#options.strategy} gave more than ${ORDERS_MAX} orders per symbol within one bar; does it answer each refusal with the same order?`,
        )
      const lane = this.#bySymbol.get(order?.symbol)
      checkOrder(order, this.#where, lane?.lastTicks ?? 0)
      this.#options.onOrder?.(order, this.at)
      if (this.warmingUp) this.count('orders.not_sent_while_warming_up')
      else this.#dispatch(order, lane!)
    }
  }

  #dispatch(order: StrategyOrder, lane: SymbolLane): void {
    this.count(`orders.${order.action}`)
    this.#hasTraded = true
    if (order.action === 'enter') lane.enter(order, this.at)
    else if (order.action === 'exit') lane.exit(order, this.at)
    else if (order.action === 'protect') lane.protect(order, this.at)
    else lane.cancelEntries(order.id, this.at)
  }

  #tell(update: OrderUpdate): void {
    this.count(update.kind === 'filled' ? `fills.${update.role}` : `orders.${update.kind}`)
    if (update.reason !== '') this.count(`denied.${update.reason}`)
    this.hasNews = true
    const strategy = this.#strategy!
    if (strategy.onOrder === undefined) return
    const before = this.at
    this.at = update.at
    const answer = this.#ask('onOrder', update, () => strategy.onOrder!(update, this))
    if (answer !== undefined && answer.length !== 0 && !this.hasEnded) this.#send(answer)
    this.at = before
  }

  count(what: string, by = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + by
  }
}

const messageOf = (error: unknown): string => (Error.isError(error) ? error.message : String(error))
