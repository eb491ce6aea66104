import { z } from 'zod'
import { TemplateVersion } from '../setups/setup-event.ts'

/** S0 with the decisions of domain §3. Which bars are watched, what counts as compression and as a break. */
export const SetupEventsConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Record setup events'),
    timeframes: z
      .array(z.enum(['1m', '5m', '15m', '1h', '4h']))
      .min(1)
      .max(5)
      .refine((all) => new Set(all).size === all.length, 'a timeframe is listed twice')
      .default(['15m', '1h'])
      .describe('Timeframes that are watched, each for itself'),
    compression: z
      .strictObject({
        body_max: z
          .number()
          .min(0.05)
          .max(1)
          .default(0.4)
          .describe('The body of the inside bar stays below this share of its range'),
        htf_mid_max: z
          .number()
          .min(0.05)
          .max(10)
          .default(0.75)
          .describe(
            "Distance from the middle of the last full day stays below this, in halves of that day's range; no limit while unknown",
          ),
        ttl_bars: z
          .int()
          .min(1)
          .max(1000)
          .default(24)
          .describe('Bars within which a compression must break'),
      })
      .prefault({}),
    break_noise_fraction: z
      .number()
      .min(0)
      .max(0.05)
      .default(0.001)
      .describe('A break closes beyond the range by more than this fraction of price'),
    stop_buffer_fraction: z
      .number()
      .min(0)
      .max(0.05)
      .default(0.001)
      .describe('The stop lies beyond the far side of the range by this fraction of price'),
    outcome_ttl_bars: z
      .int()
      .min(1)
      .max(1000)
      .default(48)
      .describe('Bars after a break attempt after which its outcome is ttl_expired'),
    scorer: z
      .enum(['none'])
      .default('none')
      .describe('Which model scores setups; none has no effect'),
    score_ms_max: z
      .number()
      .min(0.1)
      .max(100)
      .default(5)
      .describe('A scorer that takes longer gave no score'),
    strategy_template_version: TemplateVersion.nullable()
      .default('compression_breakout_v1')
      .describe('Name of the strategy template, recorded in every event'),
  })
  .describe('Setup events: compression, break attempt, outcome')
export type SetupEventsConfig = z.infer<typeof SetupEventsConfig>
