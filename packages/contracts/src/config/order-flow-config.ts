import { z } from 'zod'

/** S3 §5 and appendix A, with the decisions of domain §2 as defaults. Fractions unless named percent. */
export const OrderFlowConfig = z
  .strictObject({
    grid_ms: z
      .int()
      .min(10)
      .max(1000)
      .refine((value) => 1000 % value === 0, 'expected a divisor of 1000, e.g. 50, 100 or 250')
      .default(100)
      .describe('Grid of event time on which measures of "now" are evaluated'),
    absorption: z
      .strictObject({
        window_ms: z
          .int()
          .min(5_000)
          .max(120_000)
          .multipleOf(1000)
          .default(30_000)
          .describe('Trades that are looked at'),
        min_trades: z.int().min(1).max(1000).default(10).describe('Fewest trades in the window'),
        half_life_ms: z
          .int()
          .min(1_000)
          .max(60_000)
          .default(10_000)
          .describe('Age at which a trade counts half'),
        price_move_fraction: z
          .number()
          .min(0.0001)
          .max(0.005)
          .default(0.0005)
          .describe('The range of the window must stay below this fraction of price'),
        volume_percentile: z
          .number()
          .min(50)
          .max(99)
          .default(75)
          .describe('Percentile that the weighted volume must exceed'),
        volume_basis: z
          .enum(['window', 'trade'])
          .default('window')
          .describe(
            'Percentile of one-sided weighted window volumes (window) or of single trades (trade, S3 §5.2 to the letter)',
          ),
        history: z
          .int()
          .min(100)
          .max(10_000)
          .default(1000)
          .describe('Samples that the percentile is taken from'),
        history_min: z
          .int()
          .min(1)
          .max(1000)
          .default(100)
          .describe('Samples before the percentile is used; until then the fallback'),
        fallback_volume: z
          .number()
          .positive()
          .default(50)
          .describe('Threshold while the history is short, in the base asset'),
        ratio_low: z
          .number()
          .min(1)
          .max(10)
          .default(1.3)
          .describe('Imbalance ratio in a low volatility regime'),
        ratio_normal: z
          .number()
          .min(1)
          .max(10)
          .default(1.5)
          .describe('Imbalance ratio in a normal regime'),
        ratio_high: z
          .number()
          .min(1)
          .max(10)
          .default(2)
          .describe('Imbalance ratio in a high regime'),
      })
      .prefault({}),
    trap: z
      .strictObject({
        reversal_fraction: z
          .number()
          .min(0.0001)
          .max(0.01)
          .default(0.001)
          .describe('Move back through the level that confirms a trap'),
        max_age_ms: z
          .int()
          .min(30_000)
          .max(600_000)
          .default(120_000)
          .describe('A pending trap expires after this'),
        stops_fraction: z
          .number()
          .min(0)
          .max(1)
          .default(0.7)
          .describe('Share of the absorbed volume assumed to have stops'),
      })
      .prefault({}),
    divergence: z
      .strictObject({
        periods: z.int().min(5).max(200).default(20).describe('One-minute periods compared'),
        min_atr_move: z
          .number()
          .min(0.1)
          .max(5)
          .default(0.5)
          .describe('Price move in ATR(14) of 15 m bars that counts'),
        cvd_threshold: z
          .number()
          .min(0)
          .max(1)
          .default(0.3)
          .describe('CVD change, as a fraction of its range, that still counts as not following'),
      })
      .prefault({}),
    aggression: z
      .strictObject({
        min_ratio: z
          .number()
          .min(0.1)
          .max(1)
          .default(0.6)
          .describe('|delta ratio 5 s| from which flow is aggressive'),
        volume_percentile: z
          .number()
          .min(50)
          .max(99)
          .default(75)
          .describe('Percentile of 5 s volumes that must be exceeded'),
        history: z
          .int()
          .min(100)
          .max(10_000)
          .default(1000)
          .describe('5 s volumes sampled once a second'),
        history_min: z
          .int()
          .min(1)
          .max(1000)
          .default(100)
          .describe('Samples before aggression can be seen'),
      })
      .prefault({}),
    atr_period: z.int().min(2).max(100).default(14).describe('Wilder period of every ATR'),
    value_area_fraction: z
      .number()
      .min(0.5)
      .max(0.95)
      .default(0.7)
      .describe('Share of volume in the value area'),
    naked_pocs: z
      .int()
      .min(1)
      .max(400)
      .default(80)
      .describe('Profiles back in which an untouched POC is kept'),
    footprint_imbalance_ratio: z
      .number()
      .min(1.5)
      .max(20)
      .default(3)
      .describe('Diagonal imbalance of a footprint'),
    footprint_stacked: z
      .int()
      .min(2)
      .max(10)
      .default(3)
      .describe('Imbalances in a row that make a stack'),
    wall: z
      .strictObject({
        distance_fraction: z
          .number()
          .min(0.0005)
          .max(0.05)
          .default(0.005)
          .describe('How far from price a wall is looked for'),
        median_multiple: z
          .number()
          .min(1)
          .max(100)
          .default(5)
          .describe('Size of a wall in medians of the levels'),
        levels: z
          .int()
          .min(5)
          .max(1000)
          .default(50)
          .describe('Best levels that the median is taken from'),
      })
      .prefault({}),
    swing_side_bars: z.int().min(1).max(10).default(2).describe('Bars either side of a pivot'),
    volatility_bars: z
      .int()
      .min(10)
      .max(1000)
      .default(96)
      .describe('Bars of the working timeframe that volatility is ranked in'),
    market_state: z
      .strictObject({
        ib_break_fraction: z
          .number()
          .min(0)
          .max(1)
          .default(0.003)
          .describe('Break of the initial balance, as a fraction of its range'),
        delta_minutes: z
          .int()
          .min(3)
          .max(60)
          .default(5)
          .describe('One-minute deltas that make the trend'),
        delta_minutes_min: z.int().min(1).max(60).default(3).describe('Fewest of them'),
      })
      .prefault({}),
    funding: z
      .strictObject({
        long_crowded: z.number().default(0.0005).describe('Rate above which longs are crowded'),
        short_crowded: z.number().default(-0.0002).describe('Rate below which shorts are crowded'),
        extreme: z.number().default(0.001).describe('Contrarian sentiment: extreme'),
        elevated: z.number().default(0.0005).describe('Contrarian sentiment: elevated'),
        filter_strength: z
          .number()
          .min(0)
          .max(1)
          .default(0.7)
          .describe('Strength above which entries are filtered'),
      })
      .prefault({}),
    taint_ms: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(300_000)
      .describe('How long after a hole the longest window stays tainted'),
  })
  .describe('Order-flow measures')
export type OrderFlowConfig = z.infer<typeof OrderFlowConfig>
