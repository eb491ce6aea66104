import { type Message, isType } from '@tapedeck/contracts'
import { type Metrics, WATCHED_METRICS, defineMetrics } from '@tapedeck/runtime'
import type { Latest } from './latest.ts'

/** What risk measures beside the alert of a halt. */
export const METRICS = defineMetrics({
  decisions: {
    type: 'counter',
    name: 'tapedeck_risk_decisions_total',
    help: 'Signals judged; reason: APPROVED, or the first failing check',
    labels: ['strategy', 'reason'],
  },
  sessionPnl: {
    type: 'gauge',
    name: 'tapedeck_session_pnl_ratio',
    help: 'Equity of the session over its start, minus 1',
    labels: ['account'],
  },
  consecutiveLosses: {
    type: 'gauge',
    name: 'tapedeck_consecutive_losses',
    help: 'Losses in a row in this session',
    labels: ['account'],
  },
  riskMultiplier: {
    type: 'gauge',
    name: 'tapedeck_risk_multiplier_ratio',
    help: 'What the risk of the next trade is multiplied by (house money); 1 with a fixed fraction',
    labels: ['account'],
  },
})

export interface RiskMeter {
  /** A decision that is new on the tape. */
  count(message: Message): void
  /** What risk said last about itself. */
  show(latest: Latest): void
}

/** Counts decisions; shows trading state and session as risk last told them, after a restart too. */
export const createRiskMeter = (metrics: Metrics): RiskMeter => {
  const made = metrics.register(METRICS)
  const { halted } = metrics.register(WATCHED_METRICS.risk)
  return {
    count: (message) => {
      if (isType(message, 'risk.signal.approved'))
        made.decisions.inc({ strategy: message.payload.strategy, reason: 'APPROVED' })
      else if (isType(message, 'risk.signal.denied')) {
        const { strategy, reason } = message.payload
        made.decisions.inc({ strategy, reason })
      }
    },
    show: (latest) => {
      const state = latest.of('risk.trading_state.changed')
      if (state !== null) halted.set({ account: state.account }, state.state === 'HALTED' ? 1 : 0)
      const session = latest.of('risk.session.updated')
      if (session === null) return
      const { account, start_equity, equity } = session
      made.sessionPnl.set({ account }, Number(equity) / Number(start_equity) - 1)
      made.consecutiveLosses.set({ account }, session.consecutive_losses)
      made.riskMultiplier.set({ account }, session.risk_multiplier)
    },
  }
}
