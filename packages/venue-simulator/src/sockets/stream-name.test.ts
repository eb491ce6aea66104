import { describe, expect, it } from '@jest/globals'
import { routeOfStream, speaksOn } from './stream-name.ts'

describe('routeOfStream', () => {
  it.each([
    ...['aggTrade', 'markPrice', 'markPrice@1s', 'kline_1m', 'kline_1M', 'miniTicker', 'ticker']
      .concat(['forceOrder', 'compositeIndex'])
      .map((end) => [`btcusdt@${end}`, 'market']),
    ['btcusdt_perpetual@continuousKline_1h', 'market'],
    ['!markPrice@arr', 'market'],
    ['!markPrice@arr@1s', 'market'],
    ['!forceOrder@arr', 'market'],
    ['!contractInfo', 'market'],
    ...['depth', 'depth@100ms', 'depth@500ms', 'depth5', 'depth20@100ms', 'bookTicker', 'trade']
      .concat(['rpiDepth@500ms'])
      .map((end) => [`btcusdt@${end}`, 'public']),
    ['!bookTicker', 'public'],
    ['BTCUSDT@aggTrade', null],
    ['btcusdt@kline_2m', null],
    ['btcusdt@depth7', null],
    ['btcusdt@depth@50ms', null],
    ['btcusdt', null],
    ['btcusdt@aggTrade@x', null],
    ['__proto__@trade@', null],
  ])('%s is told on %s', (name, route) => {
    expect(routeOfStream(name!)).toBe(route)
  })

  it('serves the public set alone without a route', () => {
    expect(speaksOn('legacy', 'btcusdt@depth')).toBe(true)
    expect(speaksOn('legacy', 'btcusdt@aggTrade')).toBe(false)
    expect(speaksOn('public', 'btcusdt@aggTrade')).toBe(false)
    expect(speaksOn('market', 'btcusdt@depth')).toBe(false)
    expect(speaksOn('private', 'btcusdt@depth')).toBe(false)
  })
})
