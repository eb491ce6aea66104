import { fileURLToPath } from 'node:url'
import type { Instrument } from '@tapedeck/contracts'
import { generatedMarket } from '@tapedeck/recordings'

/** Where the recording lies that is shipped with the product. */
export const SHIPPED_RECORDING = fileURLToPath(
  new URL('../../data/recordings/btcusdt-usdm-20260105.ws.gz', import.meta.url),
)

export const INSTRUMENT: Instrument = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  base_asset: 'BTC',
  quote_asset: 'USDT',
  tick_size: '0.1',
  lot_size: '0.001',
  min_quantity: '0.001',
  min_notional: '100',
  max_leverage: 20,
}

export const DEPTH_INTERVAL_MS = 500

/** Two hours from the start of the session, 08:00 UTC. */
export const SESSION_MINUTES = 121

/**
 * A morning of the seeded market, directed by acts. Half an hour of balance makes the initial balance; then it
 * trends in legs, so that from 09:15 on (five closed 15 m bars) there is a bias to trade with. With the default
 * configuration setups of every grade are taken, won and lost, until three losses in a row
 * stop the session and further signals are denied. Orders of 1.5 BTC, some three a second, have
 * the volume of the perpetual at a size that a repository can carry.
 */
export const shippedSession = (minutes: number): ReturnType<typeof generatedMarket> =>
  generatedMarket(
    {
      instrument: INSTRUMENT,
      seed: 12,
      startTime: Date.UTC(2026, 0, 5, 8),
      startPrice: '60000',
      tradesPerSecond: 1.6,
      meanQuantity: 1.5,
      depthIntervalMs: DEPTH_INTERVAL_MS,
      acts: [
        { character: 'balance', minutes: 30 },
        { character: 'trend_up', minutes: 120 },
      ],
    },
    minutes * 60_000,
  )
