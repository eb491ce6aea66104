import { z } from 'zod'
import { PositiveDecimalString } from '../values/scalars.ts'

/**
 * What holds for a live venue where the file says nothing. These keys stay absent then, so that the hash
 * of a configuration that trades on paper is the same as before there were live venues.
 */
export const LIVE_DEFAULTS = {
  venue: 'paper',
  triggering_max_ms: 3_000,
  working_type: 'CONTRACT_PRICE',
  leverage: 10,
  margin_type: 'CROSSED',
} as const

/** Domain §5: order handling, protection, and the fill model that paper and backtest share. */
export const ExecutionConfig = z
  .strictObject({
    account: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/)
      .default('paper')
      .describe('Name of the account'),
    venue: z
      .enum(['paper', 'binance-usdm'])
      .optional()
      .describe(
        'Where orders go: paper (a venue inside, a function of the tape) or binance-usdm (a live venue, with keys)',
      )
      .meta({ default: LIVE_DEFAULTS.venue }),
    starting_balance: PositiveDecimalString.default('10000').describe(
      'Paper wallet at the start of a run, quote asset',
    ),
    entry_ttl_ms: z
      .int()
      .min(500)
      .max(600_000)
      .default(10_000)
      .describe('Time to live of an entry limit'),
    stop_ack_max_ms: z
      .int()
      .min(100)
      .max(60_000)
      .default(3_000)
      .describe('Without an acknowledged stop for longer: market exit'),
    triggering_max_ms: z
      .int()
      .min(500)
      .max(60_000)
      .optional()
      .describe('Live venue: a stop that triggers and does not fill for longer: market exit')
      .meta({ default: LIVE_DEFAULTS.triggering_max_ms }),
    working_type: z
      .enum(['CONTRACT_PRICE', 'MARK_PRICE'])
      .optional()
      .describe('Live venue: the price that triggers stops and take-profits')
      .meta({ default: LIVE_DEFAULTS.working_type }),
    leverage: z
      .int()
      .min(1)
      .max(125)
      .optional()
      .describe('Live venue: initial leverage that the account is set to for each symbol')
      .meta({ default: LIVE_DEFAULTS.leverage }),
    margin_type: z
      .enum(['CROSSED', 'ISOLATED'])
      .optional()
      .describe('Live venue: margin type that the account is set to for each symbol')
      .meta({ default: LIVE_DEFAULTS.margin_type }),
    fee_prices: z
      .record(
        z.string().regex(/^[A-Z0-9]{1,20}$/, 'expected an asset, such as BNB'),
        PositiveDecimalString,
      )
      .optional()
      .describe(
        'Live venue: price of an asset in which fees are paid, in the quote asset, where the tape has no mark of it',
      )
      .meta({ default: {} }),
    break_even: z
      .strictObject({
        at_r: z
          .number()
          .min(0.1)
          .max(10)
          .default(1)
          .describe('Move the stop to break-even at this many R'),
        after_ms: z
          .int()
          .min(1_000)
          .max(3_600_000)
          .default(60_000)
          .describe('Or after this long without follow-through, when price allows it'),
        progress_r: z
          .number()
          .min(0)
          .max(10)
          .default(0.5)
          .describe('What counts as follow-through'),
        buffer_percent: z
          .number()
          .min(0)
          .max(1)
          .default(0.02)
          .describe('Beyond entry, percent. 0.02 does not cover two taker fees of 0.04 each'),
      })
      .prefault({}),
    trailing: z
      .strictObject({
        from_r: z
          .number()
          .min(0.1)
          .max(20)
          .default(1.5)
          .describe('Trail behind volume walls from this many R'),
        buffer_fraction: z
          .number()
          .min(0)
          .max(0.01)
          .default(0.001)
          .describe('Distance behind the wall'),
      })
      .prefault({}),
    invalidation_ratio: z
      .number()
      .min(0)
      .max(1)
      .default(0.3)
      .describe('Opposing |delta ratio 1 m| that invalidates with a close beyond the last swing'),
    fees: z
      .strictObject({
        maker_percent: z.number().min(-0.1).max(1).default(0.02).describe('Paper maker fee'),
        taker_percent: z.number().min(0).max(1).default(0.04).describe('Paper taker fee'),
      })
      .prefault({}),
    fill_model: z
      .strictObject({
        latency_ms: z
          .int()
          .min(0)
          .max(10_000)
          .default(50)
          .describe('Delay of every order and cancel'),
        base_slippage_percent: z
          .number()
          .min(0)
          .max(1)
          .default(0.02)
          .describe('Slippage of a market order; a stop slips twice as much'),
      })
      .prefault({}),
  })
  .describe('Orders, protection, paper fills')
export type ExecutionConfig = z.infer<typeof ExecutionConfig>

/** Where orders go, with what absent keys stand for. */
export const liveSettings = (config: ExecutionConfig) => ({
  venue: config.venue ?? LIVE_DEFAULTS.venue,
  triggering_max_ms: config.triggering_max_ms ?? LIVE_DEFAULTS.triggering_max_ms,
  working_type: config.working_type ?? LIVE_DEFAULTS.working_type,
  leverage: config.leverage ?? LIVE_DEFAULTS.leverage,
  margin_type: config.margin_type ?? LIVE_DEFAULTS.margin_type,
})

/** True when orders leave the process: nothing of them is a function of the market alone. */
export const isRemote = (config: Pick<ExecutionConfig, 'venue'>): boolean =>
  (config.venue ?? LIVE_DEFAULTS.venue) !== 'paper'

/**
 * The same configuration with orders on paper: what a backtest trades by, whatever it was recorded with.
 * Given back as it is where it was on paper.
 */
export const onPaper = <T extends { readonly execution: ExecutionConfig }>(trading: T): T => {
  if (!isRemote(trading.execution)) return trading
  const { venue: _venue, ...execution } = trading.execution
  return { ...trading, execution }
}

export const ReconciliationConfig = z
  .strictObject({
    interval_ms: z
      .int()
      .min(1_000)
      .max(3_600_000)
      .default(30_000)
      .describe('Event time between comparisons'),
    emergency_stop_percent: z
      .number()
      .min(0.1)
      .max(10)
      .default(1)
      .describe('Distance of the stop that protects an orphan position'),
  })
  .describe('Comparison with the venue')
export type ReconciliationConfig = z.infer<typeof ReconciliationConfig>
