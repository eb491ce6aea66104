import type { FeatureField } from './feature-field.ts'

type Row = readonly [
  name: string,
  unit: FeatureField['unit'],
  days: number,
  meaning: string,
  formula: string,
]

const rows: readonly Row[] = [
  ['htf_daily_open', 'quote', 1, 'Open of the last full UTC day', 'D.open'],
  ['htf_daily_high', 'quote', 1, 'High of the last full UTC day', 'D.high'],
  ['htf_daily_low', 'quote', 1, 'Low of the last full UTC day', 'D.low'],
  ['htf_daily_close', 'quote', 1, 'Close of the last full UTC day', 'D.close'],
  ['htf_daily_mid', 'quote', 1, 'Middle of its range', '(D.high + D.low) / 2'],
  [
    'htf_daily_range_pct',
    'percent',
    1,
    'Its range in percent of its close',
    '100 (D.high - D.low) / D.close',
  ],
  [
    'htf_daily_atr_14',
    'quote',
    15,
    'Average true range of full days after Wilder',
    'atr(14) of days',
  ],
  ['htf_prev_daily_high', 'quote', 2, 'High of the day before it', 'D[-1].high'],
  ['htf_prev_daily_low', 'quote', 2, 'Low of the day before it', 'D[-1].low'],
  ['htf_five_day_high', 'quote', 5, 'Highest high of the last five full days', 'max(D.high, 5)'],
  ['htf_five_day_low', 'quote', 5, 'Lowest low of the last five full days', 'min(D.low, 5)'],
  [
    'htf_price_vs_daily_mid',
    'ratio',
    1,
    "Close from that day's middle, in halves of its range: +1 is its high, -1 its low",
    '(close - htf_daily_mid) / ((D.high - D.low) / 2)',
  ],
  [
    'htf_price_vs_five_day_mid',
    'ratio',
    5,
    'The same for the five days together',
    '(close - m) / h, m and h the middle and half of the five-day range',
  ],
]

/** The 13 fields of the higher timeframe of version 1.2.0: full UTC days made of the bars themselves. */
export const DAILY_FIELDS: readonly FeatureField[] = rows.map(
  ([name, unit, days, meaning, formula]) => ({
    name,
    type: 'float',
    unit,
    since: '1.2.0',
    needs: { days },
    meaning,
    formula,
  }),
)
