import { TapedeckError } from '@tapedeck/contracts'
import type { EnterOrder, StrategyOrder } from '@tapedeck/core'

/** Ids become parts of reports and file names. */
const ID = /^[A-Za-z0-9._:-]{1,64}$/

type Where = { readonly strategy: string; readonly symbols: ReadonlySet<string> }
type Problem = readonly [field: string, value: unknown, expected: string]

const text = (value: unknown): string =>
  value === undefined
    ? 'missing'
    : typeof value === 'object'
      ? (JSON.stringify(value) ?? 'an object').slice(0, 80)
      : `${value as string | number}`.slice(0, 80)

const isWhole = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0
const WHOLE_TICKS =
  'whole ticks above 0 (round the price; NaN comes from an indicator without a value)'

const priceProblem = (field: string, value: unknown, mayBeNull: boolean): Problem | null =>
  (mayBeNull && value === null) || isWhole(value)
    ? null
    : [field, value, mayBeNull ? `${WHOLE_TICKS} or null` : WHOLE_TICKS]

const above = (value: unknown): boolean => Number.isFinite(value) && Number(value) > 0

const sizeProblem = ({ size, stopTicks, type }: EnterOrder): Problem | null => {
  if (typeof size !== 'object' || size === null)
    return ['size', size, '{ lots }, { riskPercent } or { quote, rounding }']
  if ('lots' in size)
    return isWhole(size.lots) ? null : ['size.lots', size.lots, 'whole lots above 0']
  if ('quote' in size) {
    if (type !== 'market') return ['size.quote', size.quote, 'a market order']
    if (size.rounding !== 'floor' && size.rounding !== 'nearest')
      return ['size.rounding', size.rounding, 'floor or nearest']
    return above(size.quote) ? null : ['size.quote', size.quote, 'an amount above 0']
  }
  if (!above(size.riskPercent) || size.riskPercent > 100)
    return ['size.riskPercent', size.riskPercent, 'percent above 0, at most 100']
  if (size.maxLeverage !== undefined && !above(size.maxLeverage))
    return ['size.maxLeverage', size.maxLeverage, 'a number above 0']
  return stopTicks === null ? ['stopTicks', stopTicks, 'a stop, since the size is in R'] : null
}

/** A stop on the wrong side of the price that the order is expected to meet is never right. */
const sideProblem = (order: EnterOrder, lastTicks: number): Problem | null => {
  const expected = order.ticks ?? lastTicks
  const long = order.side === 'BUY'
  const { stopTicks, targetTicks } = order
  if (stopTicks !== null && (long ? stopTicks >= expected : stopTicks <= expected))
    return ['stopTicks', stopTicks, `${long ? 'below' : 'above'} the entry at ${expected} ticks`]
  if (targetTicks !== null && (long ? targetTicks <= expected : targetTicks >= expected))
    return [
      'targetTicks',
      targetTicks,
      `${long ? 'above' : 'below'} the entry at ${expected} ticks`,
    ]
  return null
}

const enterProblem = (order: EnterOrder, lastTicks: number): Problem | null => {
  const { id, side, type, ticks } = order
  if (typeof order.reason !== 'string') return ['reason', order.reason, 'a text']
  if (typeof id !== 'string' || !ID.test(id)) return ['id', id, '1 to 64 of A-Z a-z 0-9 . _ : -']
  if (side !== 'BUY' && side !== 'SELL') return ['side', side, 'BUY or SELL']
  if (type !== 'market' && type !== 'limit' && type !== 'stop')
    return ['type', type, 'market, limit or stop']
  if (type === 'market' && ticks !== null) return ['ticks', ticks, 'null for a market order']
  return (
    (type === 'market' ? null : priceProblem('ticks', ticks, false)) ??
    priceProblem('stopTicks', order.stopTicks, true) ??
    priceProblem('targetTicks', order.targetTicks, true) ??
    sizeProblem(order) ??
    sideProblem(order, lastTicks)
  )
}

const problemOf = (order: StrategyOrder, lastTicks: number): Problem | null => {
  if (order.action === 'enter') return enterProblem(order, lastTicks)
  if (order.action === 'exit')
    return typeof order.reason !== 'string'
      ? ['reason', order.reason, 'a text']
      : order.lots === null || isWhole(order.lots)
        ? null
        : ['lots', order.lots, 'whole lots above 0, or null for all']
  if (order.action === 'protect')
    return (
      (order.stopTicks === undefined ? null : priceProblem('stopTicks', order.stopTicks, true)) ??
      (order.targetTicks === undefined
        ? null
        : priceProblem('targetTicks', order.targetTicks, true))
    )
  if (order.action === 'cancel')
    return order.id === null || typeof order.id === 'string'
      ? null
      : ['id', order.id, 'the id of an entry, or null for all']
  return ['action', (order as { action?: unknown }).action, 'enter, exit, protect or cancel']
}

/** Throws STRATEGY_INVALID for an order that could never be right, naming field, value and what was expected. */
export const checkOrder = (order: StrategyOrder, where: Where, lastTicks: number): void => {
  const refuse = ([field, value, expected]: Problem): never => {
    throw new TapedeckError(
      'STRATEGY_INVALID',
      `${where.strategy} ordered ${text(order)}: ${field} is ${text(value)}, expected ${expected}`,
      { details: { field, value: text(value), expected } },
    )
  }
  if (typeof order !== 'object' || order === null) refuse(['an order', order, 'an object'])
  if (!where.symbols.has(order.symbol))
    refuse(['symbol', order.symbol, [...where.symbols].join(' or ')])
  const problem = problemOf(order, lastTicks)
  if (problem !== null) refuse(problem)
}
