import { canonicalJson } from '../canonical-json.ts'
import { shortHash } from '../ids.ts'
import { isRemote } from './execution-config.ts'
import type { TradingConfig } from './trading-config.ts'

/**
 * The sections of the trading configuration that each service decides by, in the shape that its decider
 * takes. Whoever hosts a decider (a service, the backtester) picks them here, so that both decide by the
 * same and name it by the same hash.
 */
export const DECIDES = {
  ingest: ({ instruments }: TradingConfig) => ({ instruments }),
  orderflow: ({ instruments, order_flow, session }: TradingConfig) => ({
    instruments,
    order_flow,
    session,
  }),
  'setup-generator': ({ strategy, setup_events }: TradingConfig) => ({ strategy, setup_events }),
  risk: ({ risk, session, execution, instruments }: TradingConfig) => ({
    risk,
    session,
    execution: { account: execution.account, starting_balance: execution.starting_balance },
    instruments,
  }),
  execution: ({ execution, instruments }: TradingConfig) => ({ execution, instruments }),
  reconciler: ({ reconciliation, execution }: TradingConfig) => ({
    reconciliation,
    account: execution.account,
    // Named for a live venue only: the hash of paper trading is the same as without it.
    ...(isRemote(execution) ? { venue: execution.venue } : {}),
  }),
  /** It records; nothing of the trading configuration changes what. */
  journal: (_trading: TradingConfig) => ({ records: 'everything' }),
  analyst: ({ execution }: TradingConfig) => ({ account: execution.account }),
} as const

/** Identifies the sections that a service decides by; stands in the envelopes of what it decided. */
export const configHash = (sections: unknown): string => shortHash(canonicalJson(sections))
