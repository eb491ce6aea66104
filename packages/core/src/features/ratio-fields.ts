import type { FeatureField } from './feature-field.ts'

type Row = readonly [
  name: string,
  unit: FeatureField['unit'],
  bars: number,
  meaning: string,
  formula: string,
]

/** Ratios at which the levels lie between the low and the high of the short channel. */
export const FIBONACCI = {
  fib_236: 0.236,
  fib_382: 0.382,
  fib_500: 0.5,
  fib_618: 0.618,
  fib_786: 0.786,
} as const

const rows: readonly Row[] = [
  ...Object.entries(FIBONACCI).map(([name, ratio]): Row => [
    name,
    'quote',
    21,
    `Price at ${(100 * ratio).toFixed(1)} % of the short channel, from its low`,
    `donchian_lower_short + ${ratio} (donchian_upper_short - donchian_lower_short)`,
  ]),
  [
    'fib_position',
    'fraction',
    21,
    'Where the close lies in the short channel; outside 0 to 1 beyond it',
    '(close - donchian_lower_short) / (donchian_upper_short - donchian_lower_short)',
  ],
  [
    'range_expansion_ratio',
    'ratio',
    21,
    'Range of the bar over the mean range of the 20 bars before it',
    '(high - low) / mean(high[-20..-1] - low[-20..-1])',
  ],
  [
    'range_contraction_ratio',
    'ratio',
    20,
    'Range of the last 5 bars together over that of the last 20',
    '(max(high, 5) - min(low, 5)) / (max(high, 20) - min(low, 20))',
  ],
  [
    'true_range_ratio',
    'ratio',
    21,
    'Mean true range of the last 5 bars over that of the last 20',
    'mean(TR, 5) / mean(TR, 20)',
  ],
  [
    'channel_ratio',
    'ratio',
    56,
    'Width of the short channel over that of the long one',
    '(donchian_upper_short - donchian_lower_short) / (donchian_upper_long - donchian_lower_long)',
  ],
  [
    'channel_width_atr',
    'ratio',
    21,
    'Width of the short channel in ATR',
    '(donchian_upper_short - donchian_lower_short) / atr_14',
  ],
]

/** Fields of version 1.1.0. */
export const RATIO_FIELDS: readonly FeatureField[] = rows.map(
  ([name, unit, bars, meaning, formula]) => ({
    name,
    type: 'float',
    unit,
    since: '1.1.0',
    needs: { bars },
    meaning,
    formula,
  }),
)
