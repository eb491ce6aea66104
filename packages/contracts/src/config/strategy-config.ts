import { z } from 'zod'

const HHMM = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM in UTC, e.g. 08:00')

export const SessionConfig = z
  .strictObject({
    start_utc: HHMM.default('08:00').describe('Start of the trading session, UTC'),
    initial_balance_minutes: z
      .int()
      .min(15)
      .max(120)
      .default(30)
      .describe('Minutes that make the initial balance'),
  })
  .describe('The trading session')
export type SessionConfig = z.infer<typeof SessionConfig>

/** S3 §6 with the decisions of domain §3. */
export const StrategyConfig = z
  .strictObject({
    poi_tolerance_fraction: z
      .number()
      .min(0.0001)
      .max(0.02)
      .default(0.002)
      .describe('Distance from a point of interest that still counts as there'),
    cooldown_ms: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(300_000)
      .describe('The same setup is not signalled again within this, unless its grade rises'),
    follow_through_ratio: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe('|delta ratio| of the last 15 s that confirms'),
    follow_through_atr: z
      .number()
      .min(0)
      .max(5)
      .default(0.1)
      .describe('Price move of the last 15 s, in ATR(14) of 15 s bars, that confirms'),
    micro_outer_fraction: z
      .number()
      .min(0.05)
      .max(0.5)
      .default(0.4)
      .describe('Outer part of its range in which the confirming 15 s bar closes'),
    bias_requires_vwap_side: z
      .boolean()
      .default(false)
      .describe('Bias also needs price on its side of VWAP'),
    min_stop_ticks: z
      .int()
      .min(1)
      .max(1000)
      .default(2)
      .describe('A nearer stop is an invalid setup'),
    trend: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Trade trend continuation'),
        stop_fraction: z
          .number()
          .min(0.0005)
          .max(0.05)
          .default(0.003)
          .describe('Stop distance without a volume wall'),
        wall_buffer_fraction: z
          .number()
          .min(0)
          .max(0.01)
          .default(0.001)
          .describe('Distance behind the wall'),
        reward_ratio: z.number().min(0.5).max(10).default(2.5).describe('Target in units of risk'),
      })
      .prefault({}),
    mean_reversion: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Trade mean reversion'),
        window_start_utc: HHMM.default('17:45').describe('Start of its window, UTC'),
        window_end_utc: HHMM.default('22:00').describe('End of its window, UTC'),
        stop_fraction: z
          .number()
          .min(0.0005)
          .max(0.05)
          .default(0.005)
          .describe('Stop distance while ATR is unknown'),
      })
      .prefault({}),
  })
  .describe('Strategies and their boxes')
export type StrategyConfig = z.infer<typeof StrategyConfig>
