import type {
  ExecutionConfig,
  Instrument,
  InstrumentConfig,
  PositionSide,
  RiskConfig,
  SessionConfig,
} from '@tapedeck/contracts'
import { dec, maximum, ZERO, type Dec } from '../decimal/index.ts'
import {
  approvalsLastMinute,
  latchBreakers,
  type BreakerName,
  type BreakerReadings,
  type Latches,
} from './breakers.ts'
import { houseMoney } from './house-money.ts'
import type { Limits } from './limits.ts'
import { percentOf, type GuardedSession } from './session-guard.ts'
import { initialHolds, type Holds } from './trading-state.ts'

export type RiskDeciderConfig = {
  readonly risk: RiskConfig
  readonly session: SessionConfig
  readonly execution: Pick<ExecutionConfig, 'account' | 'starting_balance'>
  readonly instruments: readonly InstrumentConfig[]
}

type OnInstrument = { readonly venue: string; readonly symbol: string }
export const instrumentKey = (on: OnInstrument): string => `${on.venue}|${on.symbol}`

/** When a symbol's market last moved, and which of its channels are known to be bad. */
export type Feed = {
  last_event_at: number | null
  bad: { [channel: string]: { status: string; reason: string } }
}

/** An approval or a trade under way: what it occupies. */
export type Exposure = { readonly key: string; readonly notional: string }
export type Reservation = Exposure & { readonly expires_at: number }
export type OpenPosition = {
  readonly side: PositionSide
  readonly quantity: string
  readonly average_price: string | null
}

export type RiskAccount = {
  readonly wallet_balance: string
  readonly unrealized_pnl: string
  readonly equity: string
}

/** Everything that risk remembers, as plain JSON. Money as decimal strings. */
export type RiskState = {
  /** Market time: the latest that any market message has reached. */
  now: number
  run_kind: 'live' | 'generated' | 'recording' | null
  instruments: Record<string, Instrument>
  feeds: Record<string, Feed>
  account: RiskAccount | null
  high_water: string | null
  session: GuardedSession | null
  /** Realized P&L of the session when the daily loss breaker was last reset. */
  daily_loss_floor: string
  holds: Holds
  latches: Latches
  /** Real slippages by instrument (calibration) and of all (the breaker), percent, newest last. */
  slippages: Record<string, number[]>
  recent_slippages: number[]
  /** Quality scores of the newest model's signals, newest last: what its breaker judges. */
  model: { readonly version: string | null; readonly qualities: readonly number[] }
  approvals: number[]
  reservations: Record<string, Reservation>
  trades: Record<string, Exposure>
  positions: Record<string, OpenPosition>
  /** Signals that were decided, newest last, with how often they came. */
  decided: [signalId: string, times: number][]
  limits_version: number
  limits: Limits
  versions: Record<string, number>
  /** The session as it was last told, so that only changes are. */
  told: { readonly text: string; readonly material: string; readonly at: number } | null
}

/** A state that knows nothing. What an operator decided outlives a run: limits, and a halt. */
export const initialState = (before?: RiskState): RiskState => ({
  now: 0,
  run_kind: null,
  instruments: {},
  feeds: {},
  account: null,
  high_water: null,
  session: null,
  daily_loss_floor: '0',
  holds: {
    ...initialHolds(),
    ...(before?.holds.operator === undefined ? {} : { operator: before.holds.operator }),
  },
  latches: {},
  slippages: {},
  recent_slippages: [],
  model: { version: null, qualities: [] },
  approvals: [],
  reservations: {},
  trades: {},
  positions: {},
  decided: [],
  limits_version: before?.limits_version ?? 1,
  limits: before?.limits ?? {},
  versions: {},
  told: null,
})

export const feedOf = (state: RiskState, on: OnInstrument): Feed =>
  (state.feeds[instrumentKey(on)] ??= { last_event_at: null, bad: {} })

/** Quote value that a symbol occupies: its position, else its trade under way; and its approvals. */
const notionalOf = (state: RiskState, key: string): Dec => {
  const of = (exposures: Record<string, Exposure>): Dec =>
    Object.values(exposures)
      .filter((exposure) => exposure.key === key)
      .reduce((total, exposure) => total.plus(exposure.notional), ZERO)
  const position = state.positions[key]
  const held = dec(position?.quantity ?? 0)
    .times(position?.average_price ?? 0)
    .abs()
  return maximum(held, of(state.trades)).plus(of(state.reservations))
}

/** Symbols with a position, a trade under way or an approval that may still be carried out. */
export const busyKeys = (state: RiskState): string[] => {
  const exposed = [...Object.values(state.trades), ...Object.values(state.reservations)]
  const held = Object.entries(state.positions)
    .filter(([, { side }]) => side !== 'FLAT')
    .map(([key]) => key)
  return [...new Set([...held, ...exposed.map(({ key }) => key)])].toSorted()
}

/** Quote value of everything that is open or approved. */
export const openNotional = (state: RiskState): Dec =>
  busyKeys(state).reduce((total, key) => total.plus(notionalOf(state, key)), ZERO)

/** What the breakers look at. Before the account is known there is nothing to lose. */
export const breakerReadings = (state: RiskState): BreakerReadings => {
  const { session, account } = state
  const start = dec(session?.start_equity ?? 0)
  const loss = dec(state.daily_loss_floor).minus(session?.realized_pnl ?? 0)
  const high = dec(state.high_water ?? 0)
  return {
    daily_loss_percent: percentOf(maximum(loss, ZERO), start),
    drawdown_percent: percentOf(maximum(high.minus(account?.equity ?? high), ZERO), high),
    approvals: approvalsLastMinute(state.approvals, state.now),
    slippages: state.recent_slippages,
    qualities: state.model.qualities,
  }
}

/** Trips the named breakers that have reason to. */
export const tripBreakers = (
  state: RiskState,
  names: readonly BreakerName[],
  risk: RiskConfig,
): void => {
  state.latches = latchBreakers(
    state.latches,
    names,
    breakerReadings(state),
    risk.breakers,
    state.now,
  )
}

/** The multiplier that house money would give now, from realized P&L; 1 before the session is known. */
export const houseMoneyMultiplier = (state: RiskState, risk: RiskConfig): number => {
  if (state.session === null) return 1
  const start = dec(state.session.start_equity)
  const current = start.plus(state.session.realized_pnl)
  return houseMoney(start.toNumber(), current.toNumber(), risk).multiplier
}

/** The multiplier in force under the sizing policy. */
export const riskMultiplier = (state: RiskState, risk: RiskConfig): number =>
  risk.sizing_policy === 'house_money' ? houseMoneyMultiplier(state, risk) : 1

/** The next version of an aggregate: one more than the last. */
export const nextVersion = (state: RiskState, aggregate: string): number =>
  (state.versions[aggregate] = (state.versions[aggregate] ?? 0) + 1)
