import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Instrument, type TradingConfig } from '@tapedeck/contracts'
import { generatedMarket, writeRawRecording } from '@tapedeck/recordings'

/** Market seconds until the brain knows a bias and signals come; played as fast as it goes. */
const WARM_UP_SECONDS = 4_450
/** Market seconds in all. */
const SECONDS = 7_900
/** Prints a second of market time, about. */
export const TRADES_A_SECOND = 17
const START = Date.UTC(2026, 0, 5, 8)
/** One whose signals are approved after the warm-up; most lose first, and are denied for the rest of the session. */
const SEED = 38

/**
 * The shipped configuration with every gate as open as its range allows, so that the same rules give
 * many signals: nothing about how a decision is made changes, only how often one is due.
 */
export const busyConfig = (folder: string, trading: TradingConfig): string => {
  const config = structuredClone(trading)
  const { strategy, risk, order_flow: flow } = config
  Object.assign(strategy, {
    cooldown_ms: 0,
    poi_tolerance_fraction: 0.02,
    follow_through_ratio: 0,
    follow_through_atr: 0,
    micro_outer_fraction: 0.5,
  })
  Object.assign(strategy.trend, {
    stop_fraction: 0.0005,
    wall_buffer_fraction: 0,
    reward_ratio: 0.5,
  })
  Object.assign(strategy.mean_reversion, { window_start_utc: '00:00', window_end_utc: '23:59' })
  Object.assign(flow.absorption, {
    ratio_low: 1,
    ratio_normal: 1,
    ratio_high: 1,
    volume_percentile: 50,
    min_trades: 1,
  })
  Object.assign(flow.aggression, { min_ratio: 0.1, volume_percentile: 50 })
  config.session.initial_balance_minutes = 15
  Object.assign(risk, {
    base_risk_percent: 0.01,
    max_open_positions: 20,
    max_per_group: 20,
    max_slippage_percent: 5,
    // Market time runs faster than the wall here, and the bounds are in market time.
    signal_max_age_ms: 60_000,
    approval_ttl_ms: 60_000,
    feed_max_age_ms: 300_000,
  })
  Object.assign(risk.session, {
    max_consecutive_losses: 10,
    max_drawdown_percent: 20,
    max_peak_drawdown_percent: 50,
    max_single_loss_percent: 20,
  })
  Object.assign(risk.breakers, {
    orders_per_minute: 1000,
    daily_loss_percent: 50,
    drawdown_percent: 90,
    slippage_mean_percent: 5,
  })
  config.execution.starting_balance = '1000000'
  config.execution.entry_ttl_ms = 1_000
  const file = join(folder, 'busy.yaml')
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config))
  return file
}

/** Writes the market, with its book, as a raw recording. */
export const writeBusyMarket = async (file: string, trading: TradingConfig): Promise<void> => {
  const configured = trading.instruments.find(({ venue }) => venue === 'binance-usdm')!
  const instrument = Instrument.parse(configured)
  const market = generatedMarket(
    {
      instrument,
      seed: SEED,
      startTime: START,
      startPrice: '60000',
      tradesPerSecond: 5,
      depthIntervalMs: 1_000,
    },
    SECONDS * 1_000,
  )
  await writeRawRecording(market, { file, instrument, depthIntervalMs: 1_000 })
}

/** Market time at which measuring begins. */
export const MEASURED_FROM = START + WARM_UP_SECONDS * 1_000
