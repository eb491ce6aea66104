import { READS, type Message, type Output, type OrderChanged } from '@tapedeck/contracts'
import { sessionOf } from '../calendar/index.ts'
import { dec, maximum, toDecimalString, toMoneyString } from '../decimal/index.ts'
import type { Decider, DeciderFactory } from '../decider.ts'
import { copyJson, isOneOf } from '../message/index.ts'
import { approvalsLastMinute, SLIPPAGES_JUDGED } from './breakers.ts'
import { decideSignal } from './decide-signal.ts'
import { judge } from './judgment.ts'
import { applyLimits } from './limits.ts'
import { noteScore } from './model-word.ts'
import { carryOut } from './operator-command.ts'
import { advance, isPulse, pulse, type Context, type Pulse } from './pulse.ts'
import { flattenOutput, limitsOutput, tradingStateOutput } from './risk-outputs.ts'
import { SessionTeller } from './session-teller.ts'
import {
  feedOf,
  initialState,
  instrumentKey,
  tripBreakers,
  type RiskDeciderConfig,
  type RiskState,
} from './risk-state.ts'
import { observeEquity, recordTrade, startSession } from './session-guard.ts'
import { slippagePercent, withSlippage } from './slippage.ts'
import { afterReconciliation, tradingStateOf, withHold, withoutHold } from './trading-state.ts'

/** The messages that the risk decider looks at; everything else passes it by. */
export const RISK_INPUTS = READS.risk
type Input = Extract<Message, { type: (typeof RISK_INPUTS)[number] }>

/** What nearly every pulse leads to; one list for all of them, which nobody may change. */
const NOTHING = Object.freeze([]) as unknown as Output[]

/** A run begins with its limits and its trading state on the tape, whatever they were before. */
const startRun = (context: Context, message: Message<'market.run.started'>): void => {
  const { state, risk, config, outputs } = context
  const { account } = config.execution
  const previous = tradingStateOf(state.holds).state
  Object.assign(state, initialState(state))
  state.run_kind = message.payload.kind
  for (const instrument of message.payload.instruments)
    state.instruments[instrumentKey(instrument)] = instrument
  const at = message.occurred_at
  outputs.push(
    limitsOutput(state, risk, 'configuration', account, at),
    tradingStateOutput(state, previous, account, at),
  )
}

const noteFeedStatus = (state: RiskState, message: Message<'market.feed.status'>): void => {
  const { channel, status, reason } = message.payload
  const feed = feedOf(state, message.payload)
  if (status === 'stale' || status === 'down') feed.bad[channel] = { status, reason }
  else delete feed.bad[channel]
}

const noteAccount = (context: Context, message: Message<'execution.account.updated'>): void => {
  const { state, risk, config } = context
  const { wallet_balance, unrealized_pnl } = message.payload
  // Risk's equity is its own sum of the two, so that a wrong third number cannot slip in.
  const equity = dec(wallet_balance).plus(unrealized_pnl)
  state.account = { wallet_balance, unrealized_pnl, equity: toDecimalString(equity) }
  state.high_water = toMoneyString(maximum(dec(state.high_water ?? equity), equity))
  state.holds = withoutHold(state.holds, 'account')
  if (state.session === null && state.now > 0)
    state.session = startSession(sessionOf(state.now, config.session.start_utc), equity)
  if (state.session !== null) state.session = observeEquity(state.session, equity, risk.session)
  tripBreakers(state, ['drawdown'], risk)
}

const noteTradeClosed = (context: Context, message: Message<'execution.trade.closed'>): void => {
  const { state, risk } = context
  delete state.trades[message.payload.trade.trade_id]
  if (state.session === null) return
  state.session = recordTrade(state.session, dec(message.payload.net_pnl), risk.session)
  tripBreakers(state, ['daily_loss'], risk)
}

const noteTradeStarted = (state: RiskState, message: Message<'execution.trade.started'>): void => {
  const { trade } = message.payload
  delete state.reservations[trade.signal_id]
  state.trades[trade.trade_id] = {
    key: instrumentKey(message.payload),
    notional: toDecimalString(dec(trade.planned_quantity).times(trade.planned_entry_price)),
  }
}

const noteFill = ({ state, risk }: Context, { fill, ...on }: OrderChanged): void => {
  if (fill === null || fill.expected_price === null) return
  const percent = slippagePercent(Number(fill.expected_price), Number(fill.last_price))
  const key = instrumentKey(on)
  state.slippages[key] = withSlippage(state.slippages[key] ?? [], percent)
  state.recent_slippages = [...state.recent_slippages, percent].slice(-SLIPPAGES_JUDGED)
  tripBreakers(state, ['slippage'], risk)
}

const handleSignal = (context: Context, message: Message<'setup.signal.generated'>): void => {
  const { state, risk, config, outputs } = context
  advance(context, message.payload.at)
  noteScore(state, message.payload)
  tripBreakers(state, ['order_rate', 'model_confidence'], risk)
  const judgment = judge(state, risk, config.instruments, message.payload)
  const decision = decideSignal(judgment, config.execution.account)
  if (decision.type === 'risk.signal.approved') {
    const { order, at } = decision.payload
    state.approvals = [...approvalsLastMinute(state.approvals, at), at]
    state.reservations[message.payload.signal_id] = {
      key: instrumentKey(order),
      notional: order.notional,
      expires_at: order.expires_at,
    }
  }
  outputs.push(decision)
}

/** Time that outputs carry: the market's, or the message's own before the market has moved. */
const timeOf = (state: RiskState, message: Message): number =>
  state.now > 0 ? state.now : message.occurred_at

const carryOutCommand = (context: Context, message: Message<'risk.command.received'>): void => {
  const { state, config, outputs } = context
  outputs.push(...carryOut(state, message.payload, config.risk, timeOf(state, message)))
}

/** Changes the state by one message. What follows from the new state is told by `createRiskDecider`. */
const apply = (context: Context, message: Exclude<Input, Pulse>): void => {
  const { state } = context
  switch (message.type) {
    case 'market.run.started':
      startRun(context, message)
      break
    case 'market.feed.status':
      noteFeedStatus(state, message)
      break
    case 'setup.signal.generated':
      handleSignal(context, message)
      break
    case 'execution.account.updated':
      noteAccount(context, message)
      break
    case 'execution.trade.started':
      noteTradeStarted(state, message)
      break
    case 'execution.trade.abandoned':
      delete state.trades[message.payload.trade.trade_id]
      break
    case 'execution.trade.closed':
      noteTradeClosed(context, message)
      break
    case 'execution.position.changed': {
      const { side, quantity, average_price } = message.payload
      state.positions[instrumentKey(message.payload)] = { side, quantity, average_price }
      break
    }
    case 'execution.order.partially_filled':
    case 'execution.order.filled':
    case 'execution.order.pending_cancel':
    case 'execution.order.canceled':
    case 'execution.order.expired':
      noteFill(context, message.payload)
      break
    case 'reconciler.run.completed':
      state.holds = afterReconciliation(state.holds, message.payload)
      break
    case 'risk.command.received':
      carryOutCommand(context, message)
      break
  }
}

/** A session that liquidates flattens and halts, once. */
const liquidate = (state: RiskState, account: string, at: number): Output => {
  const reason = state.session?.reason ?? 'the session liquidates'
  state.holds = withHold(state.holds, 'session', { state: 'HALTED', reason, by: 'risk' })
  return flattenOutput(state, reason, account, at)
}

const belongsTo = (account: string, message: Input): boolean =>
  !('account' in message.payload) || message.payload.account === account

/**
 * Approves or denies each signal, guards the session, and holds the trading state. What follows from
 * the state (session, liquidation, trading state) is told after every message that changed it.
 */
export const createRiskDecider: DeciderFactory<RiskDeciderConfig> = (config, snapshot): Decider => {
  const { account } = config.execution
  // A checkpoint of an older version lacks what was added since.
  const state = { ...initialState(), ...(copyJson(snapshot ?? {}) as Partial<RiskState>) }
  let risk = applyLimits(config.risk, state.limits)
  const pulsing: { -readonly [K in keyof Context]: Context[K] } = {
    state,
    risk,
    config,
    outputs: [],
    last: { of: null, venue: '', symbol: '', feed: null },
  }
  const session = new SessionTeller(account)
  return {
    handle(message: Message): Output[] {
      if (!isOneOf(message, RISK_INPUTS) || !belongsTo(account, message)) return []
      if (isPulse(message)) {
        const before = state.session
        pulse(pulsing, message)
        return state.session === before
          ? NOTHING
          : session.tell(state, risk, timeOf(state, message))
      }
      const before = { status: state.session?.status, trading: tradingStateOf(state.holds).state }
      const limits = state.limits
      const outputs: Output[] = []
      apply({ state, risk, config, outputs, last: pulsing.last }, message)
      const at = timeOf(state, message)
      if (state.limits !== limits) risk = applyLimits(config.risk, state.limits)
      pulsing.risk = risk
      if (state.session?.status === 'LIQUIDATING' && before.status !== 'LIQUIDATING')
        outputs.push(liquidate(state, account, at))
      outputs.push(...session.tell(state, risk, at))
      const started = message.type === 'market.run.started'
      if (!started && tradingStateOf(state.holds).state !== before.trading)
        outputs.push(tradingStateOutput(state, before.trading, account, at))
      return outputs
    },
    snapshot: () => copyJson(state),
  }
}
