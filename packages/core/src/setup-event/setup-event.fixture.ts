import { SetupEventsConfig, type BarClosed, type SetupEventRecorded } from '@tapedeck/contracts'
import { walkBars } from '../features/bars.fixture.ts'

export const CONFIG = SetupEventsConfig.parse({ timeframes: ['15m'] })

const ticks = (price: number): number => Math.round(price * 100)

/** A message's bar of a walk: 15 minutes, tick 0.01. */
export const closedBars = (count: number, seed: number): BarClosed[] =>
  walkBars(count, seed).map((bar) =>
    closedBar(bar.openTime, [bar.open, bar.high, bar.low, bar.close].map(ticks), {
      volume_lots: bar.volume * 8,
      lot_size: '0.125',
    }),
  )

/** A closed bar of 15 minutes; prices in ticks of 0.01. */
export const closedBar = (
  openTime: number,
  [open, high, low, close]: readonly number[],
  rest: Partial<BarClosed> = {},
): BarClosed => ({
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  timeframe: '15m',
  open_time: openTime,
  close_time: openTime + 900_000,
  tick_size: '0.01',
  lot_size: '0.001',
  open_ticks: open!,
  high_ticks: high!,
  low_ticks: low!,
  close_ticks: close!,
  volume_lots: 1000,
  buy_lots: 600,
  sell_lots: 400,
  delta_lots: 200,
  min_delta_lots: -10,
  max_delta_lots: 250,
  trades: 10,
  vwap: 1,
  carried: false,
  tainted: false,
  ...rest,
})

/** A break attempt at 100 with its stop at 90 and its target at 110 (or mirrored), for the outcome rules. */
export const attemptAt = (
  ts: number,
  direction: 'up' | 'down' = 'up',
  rest: Partial<SetupEventRecorded> = {},
): SetupEventRecorded => ({
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  timeframe: '15m',
  setup_event_id: '11111111-1111-5111-8111-111111111111',
  setup_chain_id: '22222222-2222-5222-8222-222222222222',
  state: 'break_attempt',
  engine_semver: '0.5.0',
  feature_schema_version: '1.2.0',
  strategy_template_version: null,
  ts,
  bar_open_time: ts - 900_000,
  chain_started_at: ts - 1_800_000,
  session: {
    session_type: 'crypto_us',
    time_in_session_sin: 0,
    time_in_session_cos: 1,
    minutes_to_session_close: 60,
    is_weekend: false,
    asset_class: 'crypto',
  },
  feature_snapshot: {},
  feature_snapshot_hash: '0'.repeat(64),
  compression_range_high: 99,
  compression_range_low: 91,
  compression_atr_at_detection: 1,
  break_direction: direction,
  entry_price: 100,
  stop_price_abs: direction === 'up' ? 90 : 110,
  target_price_abs: direction === 'up' ? 110 : 90,
  model_quality_score: null,
  p_cont_1R: null,
  p_false_breakout: null,
  p_atr_expand: null,
  model_version: null,
  calibration_bucket: null,
  score_failure: null,
  ttl_bars: 4,
  tainted: false,
  ...rest,
})
