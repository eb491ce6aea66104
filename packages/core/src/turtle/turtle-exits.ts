import type { Json } from '../decider.ts'
import type { OrderUpdate, PortfolioView, StrategyOrder } from '../strategy/index.ts'
import { marketContext, positionContext, type Sight } from './contexts.ts'
import { checkPosition, type Channel, type CheckInput, type PositionOutcome } from './decisions.ts'
import { pnlOf, triggerOf } from './formulas.ts'
import type { TurtleRules } from './rules.ts'
import type { TurtleAccount } from './turtle-account.ts'
import type { TurtleDesk } from './turtle-desk.ts'
import type { TurtleLog } from './turtle-event.ts'
import { averageEntryOf, lotsOf, type ExitReason, type TurtlePosition } from './turtle-position.ts'

type Context = { readonly [key: string]: Json }

const NOTHING: readonly StrategyOrder[] = []

const REASONS: Partial<Record<PositionOutcome, ExitReason>> = {
  exit_stop_triggered: 'stop_hit',
  exit_breakout_triggered: 'breakout_exit',
}

/** Positions under the monitor: stop, exit channel, next unit; and what an exit made. */
export class TurtleExits {
  readonly #rules: TurtleRules
  readonly #account: TurtleAccount
  readonly #log: TurtleLog

  constructor(rules: TurtleRules, account: TurtleAccount, log: TurtleLog) {
    this.#rules = rules
    this.#account = account
    this.#log = log
  }

  /** One position at one price: orders that close it, or the wish for another unit. */
  check(
    desk: TurtleDesk,
    sight: Sight,
    portfolio: PortfolioView,
  ): readonly StrategyOrder[] | 'pyramid' {
    const position = desk.position!
    const input = this.#inputOf(desk, position, sight)
    const outcome = checkPosition(input)
    if (outcome !== 'hold' || this.#rules.recordAll)
      this.#recordCheck(desk, portfolio.at, outcome, input, marketContext(sight, this.#rules))
    if (outcome === 'hold') return NOTHING
    if (outcome === 'pyramid_triggered') return 'pyramid'
    const reason = REASONS[outcome]!
    this.#attempt(desk, portfolio.at, reason, input)
    return [{ action: 'exit', symbol: desk.symbol, lots: null, reason }]
  }

  #inputOf(desk: TurtleDesk, position: TurtlePosition, sight: Sight): CheckInput {
    const { channels, price } = sight
    const channel = (position.system === 'S1' ? channels?.s1Exit : channels?.s2Exit) ?? null
    return this.#checkInput(desk, position, price, channel, this.#rules.stops === 'monitor')
  }

  #checkInput(
    desk: TurtleDesk,
    position: TurtlePosition,
    price: number,
    exit_channel: Channel | null,
    looksAtStop: boolean,
  ): CheckInput {
    const last = position.units.at(-1)!
    const { price: pyramid_trigger } = triggerOf({
      direction: position.direction,
      last_entry_price: last.entry_price,
      n_at_last_entry: last.n_at_entry,
      pyramid_interval: this.#rules.pyramidInterval,
    })
    return {
      direction: position.direction,
      price,
      // A stop at the venue fills there; the monitor does not second-guess it.
      stop: looksAtStop ? position.stop : null,
      exit_channel,
      pyramid_trigger,
      can_pyramid:
        this.#rules.sizing === 'unit' &&
        desk.pending === null &&
        position.units.length < this.#rules.maxUnitsMarket,
    }
  }

  #recordCheck(
    desk: TurtleDesk,
    at: number,
    outcome: PositionOutcome,
    input: CheckInput,
    market: Context | null,
  ): void {
    this.#log.add({
      type: 'position_checked',
      outcome,
      reason: '',
      at,
      symbol: desk.symbol,
      source: 'monitor',
      context: {
        ...(market === null ? {} : { market }),
        position: positionContext(desk.position!, input.price, desk.lotSize, this.#rules),
        check: {
          ...input,
          exit_channel: input.exit_channel === null ? null : { ...input.exit_channel },
        },
      },
    })
  }

  #attempt(desk: TurtleDesk, at: number, reason: ExitReason, input: CheckInput): void {
    const position = desk.position!
    const long = position.direction === 'LONG'
    const channel = input.exit_channel
    const level = channel === null ? null : long ? channel.low : channel.high
    const stopped = reason === 'stop_hit'
    const period = position.system === 'S1' ? this.#rules.s1Exit : this.#rules.s2Exit
    desk.exiting = reason
    this.#log.add({
      type: 'exit_attempted',
      outcome: 'submitted',
      reason: stopped ? 'rule 10: the stop' : `exit channel of ${period} days`,
      at,
      symbol: desk.symbol,
      source: 'monitor',
      context: {
        position: positionContext(position, input.price, desk.lotSize, this.#rules),
        exit: {
          reason,
          trigger_type: stopped ? 'stop' : `donchian_${period}`,
          trigger_price: stopped ? position.stop : level,
          current_price: input.price,
        },
        order: {
          order_type: stopped && this.#rules.stops === 'resting' ? 'STOP_MARKET' : 'MARKET',
          action: long ? 'SELL' : 'BUY',
          quantity: Number((lotsOf(position) * desk.lotSize).toPrecision(12)),
          submitted_at: at,
        },
      },
    })
  }

  filled(
    desk: TurtleDesk,
    update: OrderUpdate,
    portfolio: PortfolioView,
  ): readonly StrategyOrder[] {
    const before = desk.position
    if (before === null) return NOTHING
    const price = desk.priceOf(update.ticks)
    if (update.role === 'stop' && desk.exiting === null) {
      // The venue's stop went off: what the monitor would have said is recorded with it.
      const input = { ...this.#checkInput(desk, before, price, null, true), can_pyramid: false }
      this.#recordCheck(desk, update.at, 'exit_stop_triggered', input, null)
      this.#attempt(desk, update.at, 'stop_hit', input)
    }
    const position: TurtlePosition = {
      ...before,
      exitLots: before.exitLots + update.lots,
      exitValue: before.exitValue + price * update.lots,
      commission: before.commission + update.fee,
      exitFees: before.exitFees + update.fee,
      exitReason: desk.exiting ?? 'end_of_data',
    }
    desk.position = position
    const isFlat = portfolio.position(desk.symbol).lots === 0
    this.#recordFill(desk, position, update, isFlat)
    if (!isFlat) return NOTHING
    // What the exit brought in: the entry's fee was left out of what was spent.
    this.#account.capital = position.exitValue * desk.lotSize - position.exitFees
    desk.position = null
    desk.exiting = null
    return desk.pending === null ? NOTHING : [{ action: 'cancel', symbol: desk.symbol, id: null }]
  }

  #recordFill(
    desk: TurtleDesk,
    position: TurtlePosition,
    update: OrderUpdate,
    isFlat: boolean,
  ): void {
    const lots = lotsOf(position)
    const entry_price = averageEntryOf(position)
    const fill_price = position.exitValue / position.exitLots
    const input = {
      direction: position.direction,
      entry_price,
      fill_price,
      contracts: Number((position.exitLots * desk.lotSize).toPrecision(12)),
      point_value: this.#rules.pointValue,
      commission: position.commission,
      n: position.units[0]!.n_at_entry,
    }
    this.#log.add({
      type: 'exit_filled',
      outcome: isFlat ? 'filled' : 'partial_fill',
      reason: position.exitReason ?? '',
      at: update.at,
      symbol: desk.symbol,
      source: 'monitor',
      context: {
        exit: {
          reason: position.exitReason,
          system: position.system,
          entry_at: position.units[0]!.entry_at,
          units: position.units.length,
          contracts_open_before: Number((lots * desk.lotSize).toPrecision(12)),
          stop: position.stop,
          pnl: { ...input, ...pnlOf(input) },
        },
        order: {
          fill_price: desk.priceOf(update.ticks),
          filled_at: update.at,
          commission: update.fee,
        },
      },
    })
  }
}
