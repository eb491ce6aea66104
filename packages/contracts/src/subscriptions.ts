import type { ServiceName } from './services.ts'
import type { MessageType } from './subjects.ts'

const ORDER_EVENTS = [
  'execution.order.submitted',
  'execution.order.unknown',
  'execution.order.accepted',
  'execution.order.partially_filled',
  'execution.order.pending_cancel',
  'execution.order.filled',
  'execution.order.canceled',
  'execution.order.rejected',
  'execution.order.expired',
] as const satisfies readonly MessageType[]

const TRADE_EVENTS = [
  'execution.trade.started',
  'execution.trade.opened',
  'execution.trade.protected',
  'execution.trade.stop_moved',
  'execution.trade.exit_requested',
  'execution.trade.abandoned',
  'execution.trade.closed',
] as const satisfies readonly MessageType[]

const SETUP_AND_RISK = [
  'setup.evaluated',
  'setup.signal.generated',
  'risk.signal.approved',
  'risk.signal.denied',
] as const satisfies readonly MessageType[]

/**
 * What each service reads from the tape. The other half of the table of messages: who is told. Market
 * trades and depth of a running market are archived by the journal as files, so it reads them too.
 */
export const READS = {
  ingest: [],
  orderflow: [
    'market.run.started',
    'market.trades',
    'market.depth',
    'market.bar.closed',
    'market.mark',
    'market.clock',
    'market.feed.status',
  ],
  'setup-generator': [
    'market.run.started',
    'orderflow.features',
    'execution.trade.started',
    'execution.trade.opened',
    'execution.trade.abandoned',
    'execution.trade.closed',
    'execution.position.changed',
    'risk.signal.denied',
  ],
  risk: [
    'market.run.started',
    'market.clock',
    'market.feed.status',
    'orderflow.features',
    'setup.signal.generated',
    ...ORDER_EVENTS,
    ...TRADE_EVENTS,
    'execution.position.changed',
    'execution.account.updated',
    'reconciler.run.completed',
    'risk.command.received',
  ],
  execution: [
    'market.run.started',
    'market.trades',
    'market.depth',
    'market.bar.closed',
    'market.mark',
    'market.clock',
    'orderflow.features',
    'risk.signal.approved',
    'risk.session.updated',
    'risk.trading_state.changed',
    'risk.flatten.requested',
    'reconciler.correction.requested',
    'reconciler.run.completed',
    'execution.command.received',
  ],
  reconciler: [
    'market.run.started',
    'market.clock',
    ...ORDER_EVENTS,
    ...TRADE_EVENTS,
    'execution.position.changed',
  ],
  journal: [
    'market.run.started',
    'market.run.ended',
    'market.trades',
    'market.depth',
    'market.bar.closed',
    'market.mark',
    'market.clock',
    'market.feed.status',
    'orderflow.measures',
    'orderflow.absorption.started',
    'orderflow.absorption.ended',
    'orderflow.trap.confirmed',
    'orderflow.divergence.detected',
    'orderflow.market_state.changed',
    'orderflow.features',
    ...SETUP_AND_RISK,
    'risk.session.updated',
    'risk.trading_state.changed',
    'risk.command.received',
    'risk.flatten.requested',
    'risk.limits.changed',
    ...ORDER_EVENTS,
    ...TRADE_EVENTS,
    'execution.position.changed',
    'execution.account.updated',
    'execution.command.received',
    'reconciler.finding.detected',
    'reconciler.correction.requested',
    'reconciler.run.completed',
    'journal.trade.recorded',
    'analyst.review.written',
  ],
  analyst: [
    'market.run.started',
    ...SETUP_AND_RISK,
    ...ORDER_EVENTS,
    ...TRADE_EVENTS,
    'journal.trade.recorded',
  ],
  gateway: [],
} as const satisfies Record<ServiceName, readonly MessageType[]>

/** Who gets the baton in a lockstep round, in this order. The gateway decides nothing and reads freely. */
export const LOCKSTEP_ORDER = [
  'orderflow',
  'setup-generator',
  'risk',
  'execution',
  'reconciler',
  'journal',
  'analyst',
] as const satisfies readonly ServiceName[]
