import type { z } from 'zod'
import * as market from './market-data/messages.ts'
import * as orderflow from './order-flow/messages.ts'
import * as orders from './orders/messages.ts'
import * as records from './records/messages.ts'
import * as risk from './risk/messages.ts'
import type { ServiceName } from './services.ts'
import * as setups from './setups/messages.ts'
import * as setupEvents from './setups/setup-event.ts'

/** What follows the type in a subject: an instrument, an account, or nothing in particular. */
export type Scope = 'instrument' | 'account' | 'run'

type Row<S extends z.ZodType = z.ZodType> = {
  readonly publisher: ServiceName
  readonly version: number
  readonly scope: Scope
  readonly aggregate: string
  readonly schema: S
  readonly about: string
}

const row = <S extends z.ZodType>(
  publisher: ServiceName,
  scope: Scope,
  aggregate: string,
  schema: S,
  about: string,
  version = 1,
): Row<S> => ({ publisher, version, scope, aggregate, schema, about })

const order = (about: string, version = 1): Row<typeof orders.OrderChanged> =>
  row('execution', 'account', 'order', orders.OrderChanged, about, version)
const trade = (about: string): Row<typeof orders.TradeChanged> =>
  row('execution', 'account', 'trade', orders.TradeChanged, about)

const flow = <S extends z.ZodType>(aggregate: string, schema: S, about: string): Row<S> =>
  row('orderflow', 'instrument', aggregate, schema, about)

/**
 * The one table: every message type, who publishes it, its current version, what it is about.
 * Subject = `tape.<type>.<venue>.<symbol>` | `tape.<type>.<account>` | `tape.<type>.run`.
 */
export const MESSAGES = {
  'market.run.started': row(
    'ingest',
    'run',
    'run',
    market.RunStarted,
    'A run begins: instruments and source',
  ),
  'market.run.ended': row(
    'ingest',
    'run',
    'run',
    market.RunEnded,
    'A run is over, with what was counted',
  ),
  'market.trades': row(
    'ingest',
    'instrument',
    'trade_batch',
    market.Trades,
    'Public prints in columns',
  ),
  'market.depth': row(
    'ingest',
    'instrument',
    'depth',
    market.Depth,
    'Order book change or snapshot',
  ),
  'market.bar.closed': row('ingest', 'instrument', 'bar', market.BarClosed, 'A bar closed'),
  'market.mark': row('ingest', 'instrument', 'mark', market.Mark, 'Mark price and funding'),
  'market.clock': row('ingest', 'run', 'clock', market.Clock, 'Market time, once a second'),
  'market.feed.status': row(
    'ingest',
    'instrument',
    'feed',
    market.FeedStatus,
    'A feed went up, stale, or has a hole',
  ),

  'orderflow.measures': flow('measures', orderflow.Measures, 'Order flow, once a second'),
  'orderflow.absorption.started': flow(
    'absorption',
    orderflow.AbsorptionStarted,
    'Aggression began to fail',
  ),
  'orderflow.absorption.ended': flow(
    'absorption',
    orderflow.AbsorptionEnded,
    'An absorption episode is over',
  ),
  'orderflow.trap.confirmed': flow('trap', orderflow.TrapConfirmed, 'Traders are trapped offside'),
  'orderflow.divergence.detected': flow(
    'divergence',
    orderflow.DivergenceDetected,
    'Price and CVD disagree',
  ),
  'orderflow.market_state.changed': flow(
    'market_state',
    orderflow.MarketStateChanged,
    'Balance or imbalance',
  ),
  'orderflow.features': flow(
    'features',
    orderflow.Features,
    'All that a setup may look at, per 15 s bar',
  ),

  'setup.evaluated': row(
    'setup-generator',
    'instrument',
    'setup',
    setups.SetupEvaluated,
    'Three or more boxes, with reasons',
  ),
  'setup.signal.generated': row(
    'setup-generator',
    'instrument',
    'signal',
    setups.SignalGenerated,
    'A setup to be judged by risk',
    2,
  ),
  'setup.event.recorded': row(
    'setup-generator',
    'instrument',
    'setup_chain',
    setupEvents.SetupEventRecorded,
    'A setup changed its state, with frozen features',
  ),

  'risk.signal.approved': row(
    'risk',
    'account',
    'decision',
    risk.SignalApproved,
    'The order as checked',
  ),
  'risk.signal.denied': row(
    'risk',
    'account',
    'decision',
    risk.SignalDenied,
    'Why not, in order of precedence',
  ),
  'risk.session.updated': row(
    'risk',
    'account',
    'session',
    risk.SessionUpdated,
    'The session guard after a change',
  ),
  'risk.trading_state.changed': row(
    'risk',
    'account',
    'trading_state',
    risk.TradingStateChanged,
    'ACTIVE, REDUCING or HALTED',
  ),
  'risk.command.received': row(
    'risk',
    'account',
    'risk_command',
    risk.RiskCommandReceived,
    'An operator halts, resumes, flattens',
  ),
  'risk.flatten.requested': row(
    'risk',
    'account',
    'flatten',
    risk.FlattenRequested,
    'Close everything',
  ),
  'risk.limits.changed': row(
    'risk',
    'account',
    'limits',
    risk.LimitsChanged,
    'The limits in force',
  ),

  'execution.order.submitted': order('Sent to the venue'),
  'execution.order.unknown': order('The venue did not answer'),
  'execution.order.accepted': order('Resting at the venue'),
  'execution.order.partially_filled': order('Filled in part', 2),
  'execution.order.pending_cancel': order('A cancel was asked for'),
  'execution.order.filled': order('Filled', 2),
  'execution.order.canceled': order('Canceled'),
  'execution.order.rejected': order('Refused by the venue'),
  'execution.order.expired': order('Its time to live passed'),
  'execution.trade.started': trade('An approval is being carried out'),
  'execution.trade.opened': trade('The entry has a fill'),
  'execution.trade.protected': trade('Stop acknowledged'),
  'execution.trade.stop_moved': trade('Break-even or trailing'),
  'execution.trade.exit_requested': trade('A market exit was asked for'),
  'execution.trade.abandoned': trade('The entry never filled'),
  'execution.trade.closed': row(
    'execution',
    'account',
    'trade',
    orders.TradeClosed,
    'What it made',
    3,
  ),
  'execution.position.changed': row(
    'execution',
    'account',
    'position',
    orders.PositionChanged,
    'The position in a symbol',
  ),
  'execution.account.updated': row(
    'execution',
    'account',
    'account',
    orders.AccountUpdated,
    'Balance, unrealized P&L, equity',
  ),
  'execution.command.received': row(
    'execution',
    'account',
    'execution_command',
    orders.ExecutionCommandReceived,
    'An operator cancels or closes',
  ),
  'execution.venue.reported': row(
    'execution',
    'account',
    'venue_report',
    orders.VenueReported,
    'What a venue told about an order, or that it did not answer',
    2,
  ),

  'reconciler.finding.detected': row(
    'reconciler',
    'account',
    'finding',
    records.FindingDetected,
    'Our books and the venue differ',
  ),
  'reconciler.correction.requested': row(
    'reconciler',
    'account',
    'correction',
    records.CorrectionRequested,
    'What to do about it',
    2,
  ),
  'reconciler.run.completed': row(
    'reconciler',
    'account',
    'reconciliation',
    records.ReconciliationCompleted,
    'A comparison ended',
  ),
  'reconciler.setup_outcome.decided': row(
    'reconciler',
    'instrument',
    'setup_outcome',
    setupEvents.SetupOutcomeDecided,
    'What became of a break attempt',
  ),

  'journal.trade.recorded': row(
    'journal',
    'account',
    'journal_trade',
    records.TradeRecorded,
    'The books on a trade are closed',
  ),
  'journal.difference.detected': row(
    'journal',
    'account',
    'journal_trade',
    records.TradeDifference,
    'The fills do not add up to the trade',
  ),
  'analyst.review.written': row(
    'analyst',
    'account',
    'review',
    records.ReviewWritten,
    'A review of a closed trade',
  ),
} as const satisfies Record<string, Row>

export type MessageType = keyof typeof MESSAGES
export const MESSAGE_TYPES = Object.keys(MESSAGES) as readonly MessageType[]
export type PayloadOf<T extends MessageType> = z.infer<(typeof MESSAGES)[T]['schema']>
