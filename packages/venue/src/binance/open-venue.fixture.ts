import type { OrderRequest, VenueLog } from '../port/index.ts'
import type { BinanceVenueOptions } from './binance-venue-options.ts'
import { createBinanceVenue } from './binance-venue.ts'
import { Secret } from './credentials/index.ts'
import { ScriptedFapi } from './scripted-fapi.fixture.ts'
import { TestClock } from './test-clock.fixture.ts'

export const KEY = 'q8Zr2LmT5vXwB9nKcJ4hGdF7sPyA3eUiO6tRbWkVxHzMjNQ1oCfDgYlSaEuIpT0B'
export const SECRET = '2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9'
export const LISTEN_KEY = 'pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1'
export const POST = 'POST /fapi/v1/order'
export const GET = 'GET /fapi/v1/order'
export const DELETE = 'DELETE /fapi/v1/order'
export const POST_ALGO = 'POST /fapi/v1/algoOrder'
export const GET_ALGO = 'GET /fapi/v1/algoOrder'
export const DELETE_ALGO = 'DELETE /fapi/v1/algoOrder'

export const limit: OrderRequest = {
  symbol: 'BTCUSDT',
  clientOrderId: 'td-1',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '0.01',
  price: '60000',
  stopPrice: null,
  reduceOnly: false,
}
export const stop: OrderRequest = {
  ...limit,
  side: 'SELL',
  type: 'STOP_MARKET',
  price: null,
  stopPrice: '58000',
  reduceOnly: true,
}

/** The adapter against a script, in a time of its own. Nothing in it runs by itself. */
export const open = async (given: Partial<BinanceVenueOptions> = {}) => {
  const clock = new TestClock()
  const fapi = new ScriptedFapi(() => clock.now())
  const said: unknown[] = []
  const log: VenueLog = {
    info: (message, details) => said.push({ message, details }),
    warn: (message, details) => said.push({ message, details }),
  }
  const venue = await createBinanceVenue({
    network: { restUrl: 'http://127.0.0.1:9', streamUrl: 'ws://127.0.0.1:9' },
    credentials: { apiKey: new Secret(KEY), secret: new Secret(SECRET) },
    fetch: fapi.fetch,
    clock,
    log,
    random: () => 0.5,
    ...given,
  })
  return { clock, fapi, venue, said }
}
