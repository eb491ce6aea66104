import { describe, expect, it } from '@jest/globals'
import { readStreamPath } from './stream-path.ts'

const keys = (listenKey: string, events: string[] | null = null) => ({
  listenKey,
  events: events === null ? null : new Set(events),
})

describe('readStreamPath', () => {
  it.each([
    ['/public/ws', '', { route: 'public', combined: false, streams: [], listenKeys: [] }],
    ['/market/ws/', '', { route: 'market', combined: false, streams: [], listenKeys: [] }],
    ['/market/stream', '', { route: 'market', combined: true, streams: [] }],
    ['/market/stream', 'streams=', { route: 'market', combined: true, streams: [] }],
    [
      '/market/stream',
      'streams=btcusdt@aggTrade/btcusdt@kline_1m',
      { combined: true, streams: ['btcusdt@aggTrade', 'btcusdt@kline_1m'] },
    ],
    ['/public/stream', 'streams=%21bookTicker', { streams: ['!bookTicker'] }],
    ['/public/stream', 'streams=%zz', { streams: ['%zz'] }],
    ['/public/ws/btcusdt@depth/btcusdt@trade', '', { streams: ['btcusdt@depth', 'btcusdt@trade'] }],
    ['/public/ws/btcusdt@depth/btcusdt@depth', '', { streams: ['btcusdt@depth'] }],
    ['/market/ws/3', '', { route: 'market', streams: [] }],
    ['/market/ws/3/btcusdt@aggTrade', '', { streams: ['btcusdt@aggTrade'] }],
    ['/ws', '', { route: 'legacy', combined: false, streams: [] }],
    ['/ws/btcusdt@depth', '', { route: 'legacy', streams: ['btcusdt@depth'] }],
    ['/stream', 'streams=a@trade', { route: 'legacy', combined: true, streams: ['a@trade'] }],
    ['/private/ws/abc', '', { route: 'private', streams: [], listenKeys: [keys('abc')] }],
    ['/private/ws', 'listenKey=abc', { listenKeys: [keys('abc')] }],
    [
      '/private/ws',
      'listenKey=abc&events=ORDER_TRADE_UPDATE/ACCOUNT_UPDATE',
      { listenKeys: [keys('abc', ['ORDER_TRADE_UPDATE', 'ACCOUNT_UPDATE'])] },
    ],
    [
      '/private/stream',
      'listenKey=a&events=X&listenKey=b&listenKey=c&events=Y',
      { combined: true, listenKeys: [keys('a', ['X']), keys('b'), keys('c', ['Y'])] },
    ],
    [
      '/private/stream',
      'events=X&listenKey=a&listenKey=b&events=Y',
      { listenKeys: [keys('a', ['X']), keys('b', ['Y'])] },
    ],
    ['/private/stream', 'streams=abc', { streams: [], listenKeys: [keys('abc')] }],
    ['/public/ws', 'listenKey=abc', { route: 'public', listenKeys: [] }],
  ])('%s?%s', (path, query, expected) => {
    expect(readStreamPath(path, query)).toMatchObject(expected)
  })

  it.each(['', '/', '/fapi/v1/order', '/publik/ws', '/public', '/public/wss', 'ws', '/Public/ws'])(
    'knows no %p',
    (path) => {
      expect(readStreamPath(path, '')).toBeNull()
    },
  )
})
