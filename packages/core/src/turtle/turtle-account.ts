import type { Json } from '../decider.ts'
import type { PortfolioView } from '../strategy/index.ts'
import type { AccountState } from './contexts.ts'
import type { FilterInput } from './decisions.ts'
import { drawdownOf, type Direction, type TurtleSystem } from './formulas.ts'
import type { TurtleRules } from './rules.ts'
import type { TurtleDesk } from './turtle-desk.ts'

type AccountJson = { highWater: number; capital: number }

/** Units and money over all markets: what limits and sizes are taken from. */
export class TurtleAccount {
  readonly #rules: TurtleRules
  readonly #desks: readonly TurtleDesk[]
  #highWater: number
  /** What `all_capital` reinvests: the proceeds of the last exit. */
  capital: number

  constructor(
    rules: TurtleRules,
    desks: readonly TurtleDesk[],
    startingBalance: number,
    snapshot?: Json,
  ) {
    const saved = snapshot as AccountJson | undefined
    this.#rules = rules
    this.#desks = desks
    this.#highWater = saved?.highWater ?? startingBalance
    this.capital = saved?.capital ?? startingBalance
  }

  /** To be called at every bar, so that the peak is one of closes. */
  observe(portfolio: PortfolioView): void {
    this.#highWater = Math.max(this.#highWater, portfolio.equity)
  }

  #units(choose: (desk: TurtleDesk) => boolean): number {
    return this.#desks.reduce((sum, desk) => sum + (choose(desk) ? desk.units : 0), 0)
  }

  stateOf(portfolio: PortfolioView, desk: TurtleDesk): AccountState {
    const equity = portfolio.equity
    const exposure = this.#desks.reduce(
      (sum, one) => sum + one.exposureOf(portfolio.position(one.symbol)),
      0,
    )
    const markets: Record<string, number> = {}
    const groups: Record<string, number> = {}
    for (const one of this.#desks) {
      if (one.units === 0) continue
      markets[one.symbol] = one.units
      groups[one.group] = (groups[one.group] ?? 0) + one.units
    }
    return {
      drawdown: drawdownOf({
        equity_actual: equity,
        equity_high_water: this.#highWater,
        threshold_percent: this.#rules.drawdownThresholdPercent,
        reduction_percent: this.#rules.drawdownReductionPercent,
      }),
      buying_power: Math.max(0, equity * desk.maxLeverage - exposure),
      units_long: this.#units(({ direction }) => direction === 'LONG'),
      units_short: this.#units(({ direction }) => direction === 'SHORT'),
      units_by_market: markets,
      units_by_group: groups,
    }
  }

  filterInput(
    desk: TurtleDesk,
    signal: {
      readonly system: TurtleSystem
      readonly direction: Direction
      readonly s1_taken: boolean
    },
  ): FilterInput {
    const rules = this.#rules
    const { direction } = signal
    return {
      ...signal,
      in_position: desk.position !== null || desk.pending !== null,
      s1_filter_applies: rules.s1Filter,
      last_s1_trade: desk.market.lastS1,
      market: { current: desk.units, max: rules.maxUnitsMarket },
      group: {
        name: desk.group,
        current: this.#units(({ group }) => group === desk.group),
        max: rules.maxUnitsGroup,
      },
      total:
        rules.limitMode === 'unit_count'
          ? {
              mode: 'unit_count',
              current: this.#units((one) => one.direction === direction),
              max: rules.maxUnitsDirection,
            }
          : {
              mode: 'risk_cap',
              current_units: this.#units(() => true),
              risk_percent: rules.riskPercent,
              max_risk_percent: rules.maxRiskPercent,
            },
    }
  }

  snapshot(): Json {
    return { highWater: this.#highWater, capital: this.capital }
  }
}
