import { z } from 'zod'
import { PositiveDecimalString } from '../values/scalars.ts'

/** Domain §5: order handling, protection, and the fill model that paper and backtest share. */
export const ExecutionConfig = z
  .strictObject({
    account: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/)
      .default('paper')
      .describe('Name of the account'),
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
