import {
  evaluateFilters,
  breakoutOf,
  checkPosition,
  type Channel,
  type CheckInput,
  type FilterInput,
} from './decisions.ts'
import {
  drawdownOf,
  movedStopOf,
  nOf,
  pnlOf,
  sizeUnit,
  triggerOf,
  type DrawdownInput,
  type MovedStopInput,
  type PnlInput,
  type SizingInput,
  type TriggerInput,
} from './formulas.ts'
import type { TurtleEvent } from './turtle-event.ts'

/** A number or an outcome of an event that its own inputs do not give. */
export type TurtleDifference = {
  readonly field: string
  readonly recorded: unknown
  readonly recomputed: unknown
}

type Bag = { readonly [key: string]: unknown }

const bag = (value: unknown): Bag | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : null

class Comparison {
  readonly differences: TurtleDifference[] = []

  same(field: string, recorded: unknown, recomputed: unknown): void {
    if (recorded !== recomputed) this.differences.push({ field, recorded, recomputed })
  }

  /** Every output that `outputs` has, against the bag that recorded it. */
  all(prefix: string, recorded: Bag, outputs: object): void {
    for (const [key, value] of Object.entries(outputs))
      this.same(`${prefix}.${key}`, recorded[key], value)
  }
}

const compareMarket = (market: Bag, into: Comparison): void => {
  const n = bag(market['n'])
  if (n === null || n['prev_n'] === null) return
  const { period, prev_n, true_range } = n as { period: number; prev_n: number; true_range: number }
  into.all('market.n', n, nOf({ period, prev_n, true_range }))
}

const compareAccount = (account: Bag, into: Comparison): void => {
  const drawdown = bag(account['drawdown'])
  if (drawdown === null) return
  const again = drawdownOf(drawdown as unknown as DrawdownInput)
  into.all('account.drawdown', drawdown, again)
  into.same('account.equity_notional', account['equity_notional'], again.equity_notional)
}

const compareSizing = (sizing: Bag, account: Bag | null, into: Comparison): void => {
  if (account !== null) {
    into.same('sizing.equity_actual', sizing['equity_actual'], account['equity_actual'])
    into.same('sizing.equity_notional', sizing['equity_notional'], account['equity_notional'])
  }
  if (sizing['mode'] === 'all_capital') {
    const { capital, allocation_percent } = sizing as {
      capital: number
      allocation_percent: number
    }
    into.same('sizing.quote', sizing['quote'], (capital * allocation_percent) / 100)
    return
  }
  into.all('sizing', sizing, sizeUnit(inputOfSizing(sizing)))
}

const inputOfSizing = (sizing: Bag): SizingInput => {
  const { price, n_value, equity_actual, equity_notional, system, direction } =
    sizing as unknown as SizingInput
  const { risk_percent, stop_multiplier, point_value, atr_period, lot_size } =
    sizing as unknown as SizingInput
  return {
    price,
    n_value,
    equity_actual,
    equity_notional,
    system,
    direction,
    risk_percent,
    stop_multiplier,
    point_value,
    atr_period,
    lot_size,
  }
}

const compareFilters = (event: TurtleEvent, filters: Bag, into: Comparison): void => {
  const kind = filters['kind'] === 'pyramid' ? 'pyramid' : 'entry'
  const again = evaluateFilters(filters['input'] as FilterInput, kind)
  const results = filters['results'] as readonly unknown[]
  into.same('filters.results', JSON.stringify(results), JSON.stringify(again.results))
  into.same('filters.all_passed', filters['all_passed'], again.all_passed)
  into.same('filters.blocking_filter', filters['blocking_filter'], again.blocking_filter)
  const decides = event.event_type === 'signal_evaluated'
  if (decides) into.same('outcome', event.outcome, again.outcome)
  // What was sent had passed; what was not sent for a limit says which.
  else if (!again.all_passed) into.same('outcome', event.outcome, again.outcome)
}

const compareDetection = (event: TurtleEvent, market: Bag, into: Comparison): void => {
  const signal = bag(event.context['signal'])
  if (signal === null) return
  const channels = bag(market['donchian'])!
  const channel = channels[signal['system'] === 'S1' ? 's1_entry' : 's2_entry'] as Channel
  const direction = breakoutOf(Number(market['price']), channel)
  into.same('signal.direction', signal['direction'], direction)
  into.same(
    'signal.trigger_price',
    signal['trigger_price'],
    direction === 'LONG' ? channel.high : channel.low,
  )
  const outcome = signal['system'] === 'S1' ? 'breakout_20' : 'breakout_55'
  if (event.event_type === 'signal_detected') into.same('outcome', event.outcome, outcome)
}

const comparePosition = (position: Bag, into: Comparison): void => {
  const next = bag(position['next_pyramid'])
  if (next === null) return
  const { price, calculation } = triggerOf(next as unknown as TriggerInput)
  into.same('position.next_pyramid.trigger_price', next['trigger_price'], price)
  into.same('position.next_pyramid.trigger_calculation', next['trigger_calculation'], calculation)
}

const compareRest = (event: TurtleEvent, into: Comparison): void => {
  const { context } = event
  const check = bag(context['check'])
  if (check !== null)
    into.same('outcome', event.outcome, checkPosition(check as unknown as CheckInput))
  const stop = bag(context['stop'])
  if (stop !== null) {
    const again = movedStopOf(stop as unknown as MovedStopInput)
    into.same('stop.stop_after', stop['stop_after'], again.stop_after)
    into.same('stop.stop_calculation', stop['stop_calculation'], again.calculation)
  }
  const pyramid = bag(context['pyramid'])
  if (pyramid !== null) {
    const again = triggerOf(pyramid as unknown as TriggerInput)
    into.same('pyramid.trigger_price', pyramid['trigger_price'], again.price)
    into.same('pyramid.trigger_calculation', pyramid['trigger_calculation'], again.calculation)
  }
  const pnl = bag(bag(context['exit'])?.['pnl'])
  if (pnl !== null) into.all('exit.pnl', pnl, pnlOf(pnl as unknown as PnlInput))
}

/**
 * Computes an event again from its own inputs, by the functions that decided it. Empty when everything
 * agrees; equality is exact, to the last bit. An event without numbers has nothing to disagree about.
 */
export const recomputeTurtleEvent = (event: TurtleEvent): readonly TurtleDifference[] => {
  const into = new Comparison()
  const { context } = event
  const market = bag(context['market'])
  const account = bag(context['account'])
  if (market !== null) {
    compareMarket(market, into)
    compareDetection(event, market, into)
  }
  if (account !== null) compareAccount(account, into)
  const sizing = bag(context['sizing'])
  if (sizing !== null) compareSizing(sizing, account, into)
  const filters = bag(context['filters'])
  if (filters !== null) compareFilters(event, filters, into)
  const position = bag(context['position'])
  if (position !== null) comparePosition(position, into)
  compareRest(event, into)
  return into.differences
}
