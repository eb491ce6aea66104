import type { MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { listInstrument, type Exchange, type ExchangeInstrument } from '../../src/index.ts'
import { SYMBOL } from './venue-stage.ts'

const instrument = (base: string) =>
  testInstrument({ symbol: `${base}USDT`, base_asset: base, tick_size: '0.10' })

export const START = 1_800_000_000_000
/** Funding is charged then: a minute after the start. */
export const FUNDING_AT = START + 3_600_000
export const INSTRUMENTS: readonly ExchangeInstrument[] = [
  listInstrument(instrument('BTC')),
  listInstrument(instrument('ETH')),
]

const LEVELS = Array.from({ length: 10 }, (_, index) => index)
const TICKS = 10

/** The next id of a print: the exchange counts on from it. */
const nextId = (exchange: Exchange): number => (exchange.trades(SYMBOL, 1).at(-1)?.id ?? 0) + 1

export const printAt = (
  exchange: Exchange,
  price: number,
  lots: number,
  aggressor: 'BUY' | 'SELL',
): MarketEvent => ({
  kind: 'trade',
  symbol: SYMBOL,
  id: nextId(exchange),
  priceTicks: Math.round(price * TICKS),
  quantityLots: lots,
  time: exchange.time,
  maker: aggressor === 'SELL' ? 1 : 0,
  excluded: false,
})

/** Mark and book around a price, then one print there. */
export const quoteAround = (exchange: Exchange, middle: number, lots: number): MarketEvent[] => {
  const ticks = Math.round(middle * TICKS)
  return [
    {
      kind: 'mark',
      symbol: SYMBOL,
      time: exchange.time,
      markPrice: middle,
      indexPrice: middle,
      fundingRate: 0.0001,
      nextFundingTime: FUNDING_AT,
    },
    {
      kind: 'depth',
      symbol: SYMBOL,
      snapshot: true,
      firstId: 1,
      lastId: 1,
      previousId: null,
      time: exchange.time,
      bidTicks: LEVELS.map((level) => ticks - 1 - level),
      bidLots: LEVELS.map(() => lots),
      askTicks: LEVELS.map((level) => ticks + 1 + level),
      askLots: LEVELS.map(() => lots),
    },
    printAt(exchange, middle, 1, 'BUY'),
  ]
}
