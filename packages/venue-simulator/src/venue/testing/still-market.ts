import { testInstrument } from '@tapedeck/test-data'
import { listInstrument, type ExchangeInstrument } from '../../exchange/index.ts'
import { SimulatedVenue } from '../simulated-venue.ts'
import type { SimulatedVenueOptions } from '../venue-options.ts'
import { VenueClient } from './venue-client.ts'

const BTC = testInstrument({ tick_size: '0.10' })

export const START = 1_800_000_000_000
export const KEYS = { apiKey: 'key-of-main', secret: 'secret-of-main' }

export const STILL_INSTRUMENTS: readonly ExchangeInstrument[] = [listInstrument(BTC)]

/** The book of BTCUSDT: ten levels of 1 BTC on each side, 0.1 apart, around 60000. Tick 0.1, lot 0.001. */
export const quote = (venue: SimulatedVenue, middle = 60_000): void => {
  const ticks = middle * 10
  const levels = Array.from({ length: 10 }, (_, i) => i)
  venue.applyMarket([
    {
      kind: 'mark',
      symbol: 'BTCUSDT',
      time: venue.time,
      markPrice: middle,
      indexPrice: middle,
      fundingRate: 0.0001,
      nextFundingTime: START + 28_800_000,
    },
    {
      kind: 'depth',
      symbol: 'BTCUSDT',
      snapshot: true,
      firstId: 1,
      lastId: 1,
      previousId: null,
      time: venue.time,
      bidTicks: levels.map((i) => ticks - 1 - i),
      bidLots: levels.map(() => 1000),
      askTicks: levels.map((i) => ticks + 1 + i),
      askLots: levels.map(() => 1000),
    },
    trade(venue, middle),
  ])
}

const trade = (venue: SimulatedVenue, price: number, lots = 10, maker: 0 | 1 = 0) => ({
  kind: 'trade' as const,
  symbol: 'BTCUSDT',
  id: (venue.exchange.trades('BTCUSDT', 1).at(-1)?.id ?? 0) + 1,
  priceTicks: price * 10,
  quantityLots: lots,
  time: venue.time,
  maker,
  excluded: false,
})

/** A print; `maker` 1: an aggressive sell. */
export const print = (venue: SimulatedVenue, price: number, lots = 10, maker: 0 | 1 = 0): void =>
  venue.applyMarket([trade(venue, price, lots, maker)])

/** A venue whose market only does what it is told, with one account of 100000 USDT, and its client. */
export const stillVenue = (
  options: Partial<SimulatedVenueOptions> = {},
): { readonly venue: SimulatedVenue; readonly client: VenueClient } => {
  const venue = new SimulatedVenue({
    instruments: STILL_INSTRUMENTS,
    startTime: START,
    ...options,
  })
  venue.addAccount({ account: 'main', ...KEYS, balance: '100000' })
  quote(venue)
  return { venue, client: new VenueClient(venue, KEYS) }
}
