import { describe, expect, it } from '@jest/globals'
import type { KlineInterval } from '../index.ts'
import { intervalSpan } from './make-klines.ts'
import { START, SYMBOL, openExchange, print } from '../testing/open-exchange.ts'

const utc = (text: string): number => Date.parse(`${text}Z`)

describe('intervals', () => {
  it.each<readonly [KlineInterval, string, string, string]>([
    ['1m', '2023-11-14T22:13:20', '2023-11-14T22:13:00', '2023-11-14T22:14:00'],
    ['4h', '2023-11-14T22:13:20', '2023-11-14T20:00:00', '2023-11-15T00:00:00'],
    ['1w', '2023-11-14T22:13:20', '2023-11-13T00:00:00', '2023-11-20T00:00:00'],
    ['1M', '2023-11-14T22:13:20', '2023-11-01T00:00:00', '2023-12-01T00:00:00'],
    ['1M', '2024-02-29T23:59:59', '2024-02-01T00:00:00', '2024-03-01T00:00:00'],
    ['1M', '2026-12-31T00:00:00', '2026-12-01T00:00:00', '2027-01-01T00:00:00'],
    ['1M', '2100-02-28T00:00:00', '2100-02-01T00:00:00', '2100-03-01T00:00:00'],
  ])('%s at %s', (interval, at, open, next) => {
    expect(intervalSpan(interval, utc(at))).toEqual([utc(open), utc(next)])
  })
})

describe('klines', () => {
  const exchange = openExchange()
  exchange.applyMarket(print(500_100, 4, 0, START + 1000))
  exchange.applyMarket(print(499_900, 6, 1, START + 2000))
  exchange.applyMarket(print(500_500, 2, 0, START + 200_000))
  exchange.advanceTo(START + 210_000)

  it('are of every minute, those without a trade at the last close', () => {
    const klines = exchange.klines(SYMBOL, '1m', 500)
    expect(
      klines.map(({ open, high, low, close, volume, trades, closed }) => [
        open,
        high,
        low,
        close,
        volume,
        trades,
        closed,
      ]),
    ).toEqual([
      ['50000', '50010', '49990', '49990', '0.011', 3, true],
      ['49990', '49990', '49990', '49990', '0', 0, true],
      ['49990', '49990', '49990', '49990', '0', 0, true],
      ['50050', '50050', '50050', '50050', '0.002', 1, false],
    ])
    expect(klines[0]).toMatchObject({ takerBuyVolume: '0.005', takerBuyQuoteVolume: '250.04' })
  })

  it('are the latest ones, or those from a time on', () => {
    const all = exchange.klines(SYMBOL, '1m', 500)
    expect(exchange.klines(SYMBOL, '1m', 2)).toEqual(all.slice(2))
    expect(exchange.klines(SYMBOL, '1m', 2, all[1]!.openTime)).toEqual(all.slice(1, 3))
    expect(exchange.klines(SYMBOL, '1m', 9, all[0]!.openTime + 1, all[2]!.openTime)).toEqual(
      all.slice(1, 3),
    )
    expect(exchange.klines(SYMBOL, '1m', 2, undefined, all[1]!.openTime)).toEqual(all.slice(0, 2))
  })

  it('of longer intervals add the minutes up', () => {
    const [kline] = exchange.klines(SYMBOL, '1d', 5).slice(-1)
    expect(kline).toMatchObject({
      open: '50000',
      high: '50050',
      low: '49990',
      close: '50050',
      volume: '0.013',
      trades: 4,
    })
    expect(exchange.dayTicker(SYMBOL)).toMatchObject({
      lastPrice: '50050',
      openPrice: '50000',
      count: 4,
      priceChange: '50',
    })
  })

  it('do not mind the day, the month or nothing traded', () => {
    expect(exchange.klines(SYMBOL, '1M', 3)).toHaveLength(1)
    expect(exchange.klines('NONEUSDT', '1M', 3)).toEqual([])
  })
})
