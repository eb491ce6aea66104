import type { DenialReason, RiskConfig } from '@tapedeck/contracts'
import { dec, sum } from '../decimal/index.ts'

/** The circuit breakers of S2 §11 that latch, in order of precedence. */
export const BREAKERS = [
  'daily_loss',
  'drawdown',
  'order_rate',
  'slippage',
  'model_confidence',
] as const
export type BreakerName = (typeof BREAKERS)[number]

/** Slippages that are judged, newest last. */
export const SLIPPAGES_JUDGED = 20
/** Quality scores that are judged, newest last. */
export const QUALITIES_JUDGED = 20
const MINUTE_MS = 60_000

export const BREAKER_REASON: Readonly<Record<BreakerName, DenialReason>> = {
  daily_loss: 'BREAKER_DAILY_LOSS',
  drawdown: 'BREAKER_DRAWDOWN',
  order_rate: 'BREAKER_ORDER_RATE',
  slippage: 'BREAKER_SLIPPAGE',
  model_confidence: 'BREAKER_MODEL_CONFIDENCE',
}

/** A breaker that has tripped stays so until an operator resets it with a reason. */
export type Latch = { readonly at: number; readonly detail: string }
export type Latches = { readonly [K in BreakerName]?: Latch }

/** What the breakers measure. Percent; times in event time. */
export type BreakerReadings = {
  readonly daily_loss_percent: number
  readonly drawdown_percent: number
  /** Times of approvals, newest last. */
  readonly approvals: readonly number[]
  readonly slippages: readonly number[]
  /** Quality scores of one model's signals, newest last. */
  readonly qualities: readonly number[]
}

export const isBreaker = (name: string | null): name is BreakerName =>
  (BREAKERS as readonly string[]).includes(name ?? '')

export const approvalsLastMinute = (approvals: readonly number[], now: number): number[] =>
  approvals.filter((at) => now - at < MINUTE_MS)

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length

type Limits = RiskConfig['breakers']

type Rule = (readings: BreakerReadings, limits: Limits, now: number) => string | null

/** What each breaker measures, against its limit: a sentence when it should trip. */
const RULES: Readonly<Record<BreakerName, Rule>> = {
  daily_loss: ({ daily_loss_percent: loss }, { daily_loss_percent: limit }) =>
    loss > limit ? `realized loss of ${loss.toFixed(3)} % exceeds ${limit} %` : null,
  drawdown: ({ drawdown_percent: drawdown }, { drawdown_percent: limit }) =>
    drawdown > limit
      ? `drawdown of ${drawdown.toFixed(3)} % from the high water exceeds ${limit} %`
      : null,
  // At the limit already: one more approval would exceed it.
  order_rate: ({ approvals }, { orders_per_minute: limit }, now) => {
    const recent = approvalsLastMinute(approvals, now).length
    return recent >= limit ? `${recent} approvals in the last minute, limit ${limit}` : null
  },
  slippage: ({ slippages }, { slippage_mean_percent: limit, slippage_min_samples: samples }) => {
    const mean = meanOf(slippages)
    return mean !== null && slippages.length >= samples && mean > limit
      ? `mean slippage of ${mean.toFixed(4)} % over ${slippages.length} fills exceeds ${limit} %`
      : null
  },
  // S2's confidence of a regime: what the model itself thinks of the setups that come along.
  model_confidence: (
    { qualities },
    { model_confidence_min: limit, model_confidence_min_samples: samples },
  ) => {
    // In decimals: ten scores of 0.3 have a mean of 0.3, not of a hair less.
    const total = sum(qualities)
    return qualities.length >= samples && total.lt(dec(limit).times(qualities.length))
      ? `mean quality of ${total.div(qualities.length).toFixed(4)} over ${qualities.length} scores is below ${limit}`
      : null
  },
}

export const breakerProblem = (
  name: BreakerName,
  readings: BreakerReadings,
  limits: Limits,
  now: number,
): string | null => RULES[name](readings, limits, now)

/** The latches after a look at the readings: tripped ones stay, new ones are added. */
export const latchBreakers = (
  latches: Latches,
  names: readonly BreakerName[],
  readings: BreakerReadings,
  limits: Limits,
  now: number,
): Latches => {
  const tripped = names.flatMap((name): [BreakerName, Latch][] => {
    const detail = latches[name] === undefined ? breakerProblem(name, readings, limits, now) : null
    return detail === null ? [] : [[name, { at: now, detail }]]
  })
  return tripped.length === 0 ? latches : { ...latches, ...Object.fromEntries(tripped) }
}

export const withoutLatch = (latches: Latches, name: BreakerName): Latches =>
  Object.fromEntries(Object.entries(latches).filter(([key]) => key !== name))
