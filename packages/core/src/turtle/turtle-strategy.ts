import type { Json } from '../decider.ts'
import type {
  BarStrategy,
  ClosedBar,
  OrderUpdate,
  PortfolioView,
  StrategyContext,
  StrategyOrder,
} from '../strategy/index.ts'
import { TIMEFRAME_MS, TapedeckError } from '@tapedeck/contracts'
import type { TurtleRules } from './rules.ts'
import { TurtleAccount } from './turtle-account.ts'
import { TurtleDesk } from './turtle-desk.ts'
import { TurtleEntries } from './turtle-entries.ts'
import { TurtleLog } from './turtle-event.ts'
import { TurtleExits } from './turtle-exits.ts'
import { TurtleFills } from './turtle-fills.ts'

type StrategyJson = {
  desks: Record<string, Json>
  account: Json
  log: Json
}

const NOTHING: readonly StrategyOrder[] = []

const refuse = (problem: string): TapedeckError =>
  new TapedeckError('STRATEGY_INVALID', `turtle: ${problem}`)

const checkRun = (rules: TurtleRules, context: StrategyContext): void => {
  if (!context.timeframes.includes('1d'))
    throw refuse(
      `the run has bars of ${context.timeframes.join(', ')}, expected 1d among them: N and the channels are of days`,
    )
  if (rules.sizing === 'all_capital' && context.instruments.length > 1)
    throw refuse(
      `sizing is all_capital with ${context.instruments.length} symbols, expected one symbol`,
    )
  if (rules.today === 'foreseen' && rules.scan === 'daily')
    throw refuse(
      'today is foreseen with scan daily, expected scan every_bar: a day that is shown at its open has not closed',
    )
}

/**
 * The turtle on bars: days feed N and the channels, a scanner looks for breakouts, a monitor looks after
 * positions. With days alone both run at their close; with a shorter timeframe the monitor runs on it.
 */
export class TurtleStrategy implements BarStrategy {
  readonly #rules: TurtleRules
  readonly #desks: ReadonlyMap<string, TurtleDesk>
  readonly #account: TurtleAccount
  readonly #log: TurtleLog
  readonly #entries: TurtleEntries
  readonly #exits: TurtleExits
  readonly #fills: TurtleFills
  readonly #base: string

  constructor(rules: TurtleRules, context: StrategyContext, snapshot?: Json) {
    checkRun(rules, context)
    const saved = snapshot as StrategyJson | undefined
    this.#rules = rules
    const desks = context.instruments.map(
      (one) =>
        new TurtleDesk(
          one,
          context.groups[one.symbol] ?? one.symbol,
          rules,
          saved?.desks[one.symbol],
        ),
    )
    this.#desks = new Map(desks.map((desk) => [desk.symbol, desk]))
    this.#account = new TurtleAccount(rules, desks, context.startingBalance, saved?.account)
    this.#log = new TurtleLog(context.record, [...this.#desks.keys()].join(','), saved?.log)
    this.#entries = new TurtleEntries(rules, this.#account, this.#log)
    this.#exits = new TurtleExits(rules, this.#account, this.#log)
    this.#fills = new TurtleFills(rules, this.#account, this.#log)
    this.#base = context.timeframes.toSorted((a, b) => TIMEFRAME_MS[a] - TIMEFRAME_MS[b])[0]!
  }

  onBar(bar: ClosedBar, portfolio: PortfolioView): readonly StrategyOrder[] {
    const desk = this.#desks.get(bar.symbol)!
    this.#log.completeBefore(portfolio.at)
    this.#account.observe(portfolio)
    const isDay = bar.timeframe === '1d'
    if (isDay) this.#onDay(bar, desk)
    const isMonitor = bar.timeframe === this.#base
    const isScan = this.#rules.scan === 'daily' ? isDay : isMonitor
    if (!isMonitor && !isScan) return NOTHING
    const sight = desk.sightOf(bar, isDay || this.#rules.today === 'foreseen')
    const orders: StrategyOrder[] = []
    if (isMonitor && desk.position !== null && desk.exiting === null) {
      const exit = this.#exits.check(desk, sight, portfolio)
      if (exit === 'pyramid') orders.push(...this.#entries.pyramid(desk, sight, portfolio))
      else orders.push(...exit)
    }
    if (isScan) orders.push(...this.#entries.scan(desk, sight, portfolio))
    return orders
  }

  #onDay(bar: ClosedBar, desk: TurtleDesk): void {
    desk.market.onDay({
      at: bar.openTime,
      open: desk.priceOf(bar.open),
      high: desk.priceOf(bar.high),
      low: desk.priceOf(bar.low),
      close: desk.priceOf(bar.close),
      volume: bar.volume * desk.lotSize,
    })
  }

  onOrder(update: OrderUpdate, portfolio: PortfolioView): readonly StrategyOrder[] {
    const desk = this.#desks.get(update.symbol)!
    if (update.role === 'entry')
      return update.kind === 'filled'
        ? this.#fills.filled(desk, update, portfolio)
        : this.#fills.failed(desk, update)
    return update.kind === 'filled' ? this.#exits.filled(desk, update, portfolio) : NOTHING
  }

  onEnd(): void {
    this.#log.completeBefore(Infinity)
  }

  snapshot(): Json {
    return {
      desks: Object.fromEntries(
        [...this.#desks].map(([symbol, desk]) => [symbol, desk.snapshot()]),
      ),
      account: this.#account.snapshot(),
      log: this.#log.snapshot(),
    }
  }
}
