import type { Json } from '../decider.ts'
import type { OrderUpdate, PortfolioView, StrategyOrder } from '../strategy/index.ts'
import { accountContext, positionContext } from './contexts.ts'
import { movedStopOf } from './formulas.ts'
import type { TurtleRules } from './rules.ts'
import type { TurtleAccount } from './turtle-account.ts'
import type { TurtleDesk } from './turtle-desk.ts'
import type { TurtleLog, TurtleOutcome } from './turtle-event.ts'
import { withFill } from './turtle-position.ts'

type Context = { readonly [key: string]: Json }

const NOTHING: readonly StrategyOrder[] = []

/** What became of entries and pyramids, and the stops that follow from a fill. */
export class TurtleFills {
  readonly #rules: TurtleRules
  readonly #account: TurtleAccount
  readonly #log: TurtleLog

  constructor(rules: TurtleRules, account: TurtleAccount, log: TurtleLog) {
    this.#rules = rules
    this.#account = account
    this.#log = log
  }

  filled(
    desk: TurtleDesk,
    update: OrderUpdate,
    portfolio: PortfolioView,
  ): readonly StrategyOrder[] {
    const rules = this.#rules
    const pending = desk.pending
    if (pending === null || pending.id !== update.id) return NOTHING
    const price = desk.priceOf(update.ticks)
    const { at, lots, fee, leavesLots } = update
    const before = desk.position
    const filled = withFill(before, pending, { at, price, lots, fee })
    const unit = filled.units.at(-1)!
    const moved = movedStopOf({
      direction: pending.direction,
      entry_price: unit.entry_price,
      n: pending.n,
      stop_multiplier: rules.stopMultiplier,
      // While the first unit fills bit by bit its stop follows its average price.
      stop_before: pending.level === 1 ? null : filled.stop,
    })
    desk.position = { ...filled, stop: moved.stop_after }
    if (leavesLots === 0) desk.pending = null
    const position = positionContext(desk.position, price, desk.lotSize, rules)
    const state = this.#account.stateOf(portfolio, desk)
    const isPyramid = pending.level > 1
    const common = { at, symbol: desk.symbol, source: isPyramid ? 'monitor' : 'scanner' } as const
    const stop: Context = {
      direction: pending.direction,
      entry_price: unit.entry_price,
      n: pending.n,
      stop_multiplier: rules.stopMultiplier,
      stop_before: pending.level === 1 ? null : filled.stop,
      stop_after: moved.stop_after,
      stop_calculation: moved.calculation,
    }
    this.#log.add({
      ...common,
      type: isPyramid ? 'pyramid_filled' : 'entry_filled',
      outcome: leavesLots === 0 ? 'filled' : 'partial_fill',
      reason: `${lots} lots at ${price}`,
      context: {
        account: accountContext(state, rules),
        order: { order_id: update.id, fill_price: price, filled_at: at, commission: fee },
        position,
        stop,
      },
    })
    if (isPyramid)
      this.#log.add({
        ...common,
        type: 'stop_modified',
        outcome: 'executed',
        reason: moved.calculation,
        context: { position, stop },
      })
    if (rules.stops === 'monitor') return NOTHING
    const stopTicks = desk.stopTicks(moved.stop_after, pending.direction)
    return [{ action: 'protect', symbol: desk.symbol, stopTicks }]
  }

  /** An entry that came to nothing, or whose rest was canceled. */
  failed(desk: TurtleDesk, update: OrderUpdate): readonly StrategyOrder[] {
    const pending = desk.pending
    if (pending === null || pending.id !== update.id) return NOTHING
    desk.pending = null
    const isPyramid = pending.level > 1
    const outcomes: Partial<Record<OrderUpdate['kind'], TurtleOutcome>> = {
      unsized: 'insufficient_cash',
      rejected: 'rejected',
    }
    this.#log.add({
      type: isPyramid ? 'pyramid_attempted' : 'entry_attempted',
      outcome: outcomes[update.kind] ?? 'cancelled',
      reason: update.reason,
      at: update.at,
      symbol: desk.symbol,
      source: isPyramid ? 'monitor' : 'scanner',
      context: { order: { order_id: update.id, unfilled_lots: update.leavesLots } },
    })
    return NOTHING
  }
}
