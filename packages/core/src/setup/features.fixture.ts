import type { BarShape, Features, Message } from '@tapedeck/contracts'

/** A bar in ticks, from open, high, low, close and delta. */
export const bar = (
  open_ticks: number,
  high_ticks: number,
  low_ticks: number,
  close_ticks: number,
  delta_lots: number,
  open_time = 0,
): BarShape => ({
  open_time,
  open_ticks,
  high_ticks,
  low_ticks,
  close_ticks,
  volume_lots: 1000,
  delta_lots,
})

const MINUTES_15 = 900_000
const windows = (value: number): Features['delta_lots'] => ({
  '5s': value,
  '15s': value,
  '1m': value,
  '5m': value,
})

/** 2024-08-08T12:00:00Z: after the initial balance, before the reversion window. */
export const NOON = 1_723_118_400_000

/**
 * A long with all five boxes: rising 15 m bars, price at the session POC, sellers absorbed, price
 * following volume, and a 15 s bar that closes near its high. Price 60,000.0, tick 0.1.
 */
export const bullish = (changes: Partial<Features> = {}): Features => {
  const price_ticks = changes.price_ticks ?? 600_000
  return {
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    at: NOON,
    tick_size: '0.1',
    lot_size: '0.001',
    session_id: '2024-08-08',
    session_started_at: NOON - 4 * 3_600_000,
    price_ticks,
    bars_15s: [
      bar(price_ticks - 90, price_ticks - 50, price_ticks - 100, price_ticks - 60, 100),
      bar(price_ticks - 60, price_ticks - 30, price_ticks - 70, price_ticks - 40, 100),
      bar(price_ticks - 40, price_ticks + 2, price_ticks - 50, price_ticks, 300),
    ],
    bars_15m: [0, 1, 2, 3, 4].map((i) =>
      bar(
        595_000 + i * 500,
        596_000 + i * 500,
        594_000 + i * 500,
        595_500 + i * 500,
        50_000,
        NOON - (5 - i) * MINUTES_15,
      ),
    ),
    delta_ratio: windows(0.4),
    delta_lots: windows(4000),
    volume_lots: windows(10_000),
    cvd_lots: 12_345,
    price_15s_ago_ticks: price_ticks - 40,
    absorbed: ['SELL'],
    aggressive: [],
    trapped: [],
    divergence: null,
    atr_15s: 10,
    atr_15m: 150,
    volatility_state: 'normal',
    vwap: 59_900,
    vwap_std: 300,
    profile_session: {
      poc_ticks: 600_100,
      vah_ticks: 606_000,
      val_ticks: 594_000,
      volume_lots: 1_000_000,
    },
    profile_previous: null,
    swing_high_ticks: null,
    swing_low_ticks: null,
    swing_high_15s_ticks: null,
    swing_low_15s_ticks: null,
    market_state: 'IMBALANCE_UP',
    initial_balance_done: true,
    wall_below: { price_ticks: 599_000, quantity_lots: 50_000, source: 'book' },
    wall_above: { price_ticks: 601_000, quantity_lots: 50_000, source: 'book' },
    funding: null,
    spread_percent: 0.001,
    depth_quote: 5_000_000,
    volume_5m_quote: 20_000_000,
    tainted_until: null,
    ...changes,
  }
}

const mirrorSide = (side: 'BUY' | 'SELL'): 'BUY' | 'SELL' => (side === 'BUY' ? 'SELL' : 'BUY')
const NEGATED = { BEARISH: 'BULLISH', BULLISH: 'BEARISH' } as const
const FLIPPED = {
  IMBALANCE_UP: 'IMBALANCE_DOWN',
  IMBALANCE_DOWN: 'IMBALANCE_UP',
  BALANCE: 'BALANCE',
  UNKNOWN: 'UNKNOWN',
} as const

const negate = (from: Features['delta_lots']): Features['delta_lots'] => ({
  '5s': -from['5s'],
  '15s': -from['15s'],
  '1m': -from['1m'],
  '5m': -from['5m'],
})

/** The same market seen in a mirror: prices reflected about `pivot` ticks, buyers and sellers swapped. */
export const mirrored = (features: Features, pivot: number): Features => {
  const flip = (ticks: number): number => 2 * pivot - ticks
  const flipMaybe = (ticks: number | null): number | null => (ticks === null ? null : flip(ticks))
  const flipBar = (from: BarShape): BarShape => ({
    ...from,
    open_ticks: flip(from.open_ticks),
    high_ticks: flip(from.low_ticks),
    low_ticks: flip(from.high_ticks),
    close_ticks: flip(from.close_ticks),
    delta_lots: -from.delta_lots,
  })
  const flipProfile = (from: Features['profile_session']): Features['profile_session'] =>
    from && {
      ...from,
      poc_ticks: flip(from.poc_ticks),
      vah_ticks: flip(from.val_ticks),
      val_ticks: flip(from.vah_ticks),
    }
  const flipWall = (from: Features['wall_below']): Features['wall_below'] =>
    from && { ...from, price_ticks: flip(from.price_ticks) }
  return {
    ...features,
    price_ticks: flip(features.price_ticks),
    bars_15s: features.bars_15s.map(flipBar),
    bars_15m: features.bars_15m.map(flipBar),
    delta_ratio: negate(features.delta_ratio),
    delta_lots: negate(features.delta_lots),
    price_15s_ago_ticks: flipMaybe(features.price_15s_ago_ticks),
    absorbed: features.absorbed.map(mirrorSide),
    aggressive: features.aggressive.map(mirrorSide),
    trapped: features.trapped.map(mirrorSide),
    divergence: features.divergence === null ? null : NEGATED[features.divergence],
    vwap: features.vwap === null ? null : (2 * pivot) / 10 - features.vwap,
    profile_session: flipProfile(features.profile_session),
    profile_previous: flipProfile(features.profile_previous),
    swing_high_ticks: flipMaybe(features.swing_low_ticks),
    swing_low_ticks: flipMaybe(features.swing_high_ticks),
    market_state: FLIPPED[features.market_state],
    wall_below: flipWall(features.wall_above),
    wall_above: flipWall(features.wall_below),
    funding: features.funding && {
      ...features.funding,
      filter_long: features.funding.filter_short,
      filter_short: features.funding.filter_long,
    },
  }
}

/** Features as they lie on the tape. */
export const featuresMessage = (payload: Features, seq = 1): Message<'orderflow.features'> => ({
  event_id: '00000000-0000-5000-8000-000000000001',
  seq,
  type: 'orderflow.features',
  schema_version: 1,
  aggregate_type: 'features',
  aggregate_id: payload.symbol,
  aggregate_version: seq,
  occurred_at: payload.at,
  recorded_at: payload.at,
  run_id: '00000000-0000-5000-8000-000000000000',
  correlation_id: null,
  causation_id: null,
  producer: { service: 'orderflow', version: '0.1.0', config_hash: '0000000000000000' },
  payload,
})
