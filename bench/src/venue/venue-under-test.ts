import { testInstrument } from '@tapedeck/test-data'
import { GeneratedSource, SimulatedVenue, sign, type VenueRequest } from '@tapedeck/venue-simulator'

const SYMBOL = 'BTCUSDT'
const START = Date.UTC(2026, 0, 5, 8)
const SEED = 7
const WARM_MS = 60_000
const NO_LIMIT = 1_000_000_000
export const API_KEY = 'k'.repeat(64)
export const SECRET = 's'.repeat(64)
export const ACCOUNT = 'main'

const INSTRUMENT = testInstrument({
  venue: 'generated',
  symbol: SYMBOL,
  min_notional: '5',
})

/** A venue with a minute of market behind it, one rich account, and no limits on requests. */
export const venueUnderTest = (): SimulatedVenue => {
  const source = new GeneratedSource({
    symbols: [{ instrument: INSTRUMENT, startPrice: '60000' }],
    seed: SEED,
    startTime: START,
  })
  const venue = new SimulatedVenue({
    source,
    seed: SEED,
    weightLimit: NO_LIMIT,
    orderLimits: { perTenSeconds: NO_LIMIT, perMinute: NO_LIMIT },
  })
  venue.addAccount({ account: ACCOUNT, apiKey: API_KEY, secret: SECRET, balance: '100000000' })
  venue.advanceTo(START + WARM_MS)
  return venue
}

/** The text of a signed request, its signature last. */
export const signedText = (parameters: Readonly<Record<string, string>>, time: number): string => {
  const text = new URLSearchParams({ ...parameters, timestamp: String(time) }).toString()
  return `${text}&signature=${sign(SECRET, text)}`
}

/** An order that rests far from the market. */
export const resting = (id: string): Readonly<Record<string, string>> => ({
  symbol: SYMBOL,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01',
  price: '58000',
  newClientOrderId: id,
})

export const canceling = (id: string): Readonly<Record<string, string>> => ({
  symbol: SYMBOL,
  origClientOrderId: id,
})

export const orderRequest = (method: 'POST' | 'DELETE', query: string): VenueRequest => ({
  method,
  path: '/fapi/v1/order',
  query,
  body: '',
  headers: { 'x-mbx-apikey': API_KEY },
  remote: 'bench',
})
