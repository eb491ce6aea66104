/** What execution listens to: the market, and what is said about its account. */
export const MARKET_INPUTS = [
  'market.run.started',
  'market.trades',
  'market.depth',
  'market.mark',
  'market.clock',
  'orderflow.features',
] as const
export const ACCOUNT_INPUTS = [
  'risk.signal.approved',
  'risk.trading_state.changed',
  'risk.session.updated',
  'risk.flatten.requested',
  'reconciler.run.completed',
  'reconciler.correction.requested',
  'execution.command.received',
  'execution.venue.reported',
] as const
