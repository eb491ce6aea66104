import { z } from 'zod'
import { ExecutionConfig, ReconciliationConfig } from './execution-config.ts'
import { InstrumentConfig } from './instrument-config.ts'
import { OrderFlowConfig } from './order-flow-config.ts'
import { RiskConfig } from './risk-config.ts'
import { SetupEventsConfig } from './setup-events-config.ts'
import { SessionConfig, StrategyConfig } from './strategy-config.ts'

/**
 * The trading configuration: one file, every section with defaults but the instruments. Unknown keys
 * are errors. Each service reads the sections that it decides by; their hash is in its envelopes.
 */
export const TradingConfig = z.strictObject({
  instruments: z
    .array(InstrumentConfig)
    .min(1)
    .max(64)
    .refine(
      (all) => new Set(all.map(({ venue, symbol }) => `${venue} ${symbol}`)).size === all.length,
      'an instrument is listed twice',
    )
    .describe('What is traded'),
  session: SessionConfig.prefault({}),
  order_flow: OrderFlowConfig.prefault({}),
  strategy: StrategyConfig.prefault({}),
  setup_events: SetupEventsConfig.prefault({}),
  risk: RiskConfig.prefault({}),
  execution: ExecutionConfig.prefault({}),
  reconciliation: ReconciliationConfig.prefault({}),
})
export type TradingConfig = z.infer<typeof TradingConfig>
