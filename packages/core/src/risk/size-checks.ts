import type { Instrument, RiskCheck } from '@tapedeck/contracts'
import { dec, toDecimalString } from '../decimal/index.ts'
import { checked, notReached } from './check.ts'
import type { Judgment } from './judgment.ts'
import { gradeMultiplier, type OrderSize } from './position-size.ts'
import { openNotional } from './risk-state.ts'
import type { SlippageEstimate } from './slippage.ts'

const sizing = ({
  risk,
  state,
  stop_problem,
  size,
  entry,
  stop,
  target,
  model,
  risk_multiplier,
  effective_grade,
}: Judgment): RiskCheck[] => {
  const stopCheck = checked('stop', 'STOP_INVALID', stop_problem, 'stop and target can be traded', {
    entry: toDecimalString(entry),
    stop: toDecimalString(stop),
    target: toDecimalString(target),
  })
  if (stop_problem !== null) return [stopCheck, notReached('size', 'the stop is invalid')]
  const notional = size?.notional ?? null
  return [
    stopCheck,
    checked(
      'size',
      'SIZE_BELOW_MINIMUM',
      notional === null
        ? 'nothing can be sized: no positive equity, or no grade'
        : notional.lt(risk.min_position_quote)
          ? `${toDecimalString(notional)} is less than ${risk.min_position_quote}`
          : null,
      'the position is worth taking',
      {
        equity: state.account?.equity ?? null,
        notional: notional && toDecimalString(notional),
        minimum: risk.min_position_quote,
        risk_percent: size && toDecimalString(size.risk_percent),
        base_risk_percent: risk.base_risk_percent,
        grade_multiplier: gradeMultiplier(effective_grade, risk),
        model_multiplier: model.multiplier,
        model_quality_score: model.quality,
        size_curve: risk.size_curve,
        risk_multiplier,
      },
    ),
  ]
}

const leverageAndNotional = ({ state, risk }: Judgment, size: OrderSize): RiskCheck[] => {
  const equity = dec(state.account?.equity ?? 0)
  const total = openNotional(state).plus(size.notional)
  const leverage = total.div(equity)
  return [
    checked(
      'leverage',
      'LEVERAGE_EXCEEDS_MAXIMUM',
      leverage.gt(risk.max_leverage)
        ? `all positions together would be ${leverage.toFixed(2)} × equity`
        : null,
      `all positions together are ${leverage.toFixed(2)} × equity`,
      {
        leverage: leverage.toNumber(),
        maximum: risk.max_leverage,
        total_notional: toDecimalString(total),
      },
    ),
    checked(
      'notional',
      'NOTIONAL_EXCEEDS_MAXIMUM',
      size.notional.gt(risk.max_position_quote)
        ? `${toDecimalString(size.notional)} exceeds ${risk.max_position_quote}`
        : null,
      'the position is not too large',
      { notional: toDecimalString(size.notional), maximum: risk.max_position_quote },
    ),
  ]
}

const venueFilters = (size: OrderSize, instrument: Instrument): RiskCheck[] => [
  checked(
    'lot',
    'QUANTITY_BELOW_LOT',
    size.quantity.isZero() || size.quantity.lt(instrument.min_quantity)
      ? `${toDecimalString(size.quantity)} is less than the smallest order of ${instrument.min_quantity}`
      : null,
    'the quantity can be ordered',
    {
      quantity: toDecimalString(size.quantity),
      lot: instrument.lot_size,
      minimum: instrument.min_quantity,
    },
  ),
  checked(
    'venue notional',
    'NOTIONAL_BELOW_VENUE_MINIMUM',
    size.notional.lt(instrument.min_notional)
      ? `${toDecimalString(size.notional)} is less than ${instrument.min_notional}`
      : null,
    'the value can be ordered',
    { notional: toDecimalString(size.notional), minimum: instrument.min_notional },
  ),
]

const slippageCheck = ({ risk, signal }: Judgment, estimate: SlippageEstimate): RiskCheck =>
  checked(
    'slippage',
    'SLIPPAGE_EXCEEDS_MAXIMUM',
    estimate.expected_percent > risk.max_slippage_percent
      ? `expected slippage of ${estimate.expected_percent.toFixed(4)} % exceeds ${risk.max_slippage_percent} %`
      : null,
    `expected slippage is ${estimate.expected_percent.toFixed(4)} %`,
    {
      expected_percent: estimate.expected_percent,
      confidence: estimate.confidence,
      recommendation: estimate.recommendation,
      maximum: risk.max_slippage_percent,
      volume_5m_quote: signal.market.volume_5m_quote,
    },
  )

const afterSizing = (judgment: Judgment): RiskCheck[] => {
  const { size, instrument, slippage } = judgment
  if (size === null || instrument === null || slippage === null)
    return ['leverage', 'notional', 'lot', 'venue notional', 'slippage'].map((name) =>
      notReached(name, 'there is no size'),
    )
  return [
    ...leverageAndNotional(judgment, size),
    ...venueFilters(size, instrument),
    slippageCheck(judgment, slippage),
  ]
}

/** Can the order be placed in this size, at this venue, at this price? */
export const sizeChecks = (judgment: Judgment): RiskCheck[] => [
  ...sizing(judgment),
  ...afterSizing(judgment),
]
