import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Output } from '@tapedeck/contracts'
import { MarketComposer, OrderBook } from '@tapedeck/core'
import { testInstrument, until } from '@tapedeck/test-data'
import { WebSocketServer, type WebSocket } from 'ws'
import { createBinanceMarket, isBinanceReachable } from '../src/binance/index.ts'

const instrument = testInstrument({
  venue: 'binance-spot',
  tick_size: '0.01',
  lot_size: '0.00001',
  min_quantity: '0.00001',
  min_notional: '5',
})

/** Spot in its own words: `/api/v3`, streams without routes, books without `pu` and `T`, no marks. */
const EXCHANGE_INFO = {
  timezone: 'UTC',
  symbols: [
    {
      symbol: 'BTCUSDT',
      status: 'TRADING',
      baseAsset: 'BTC',
      quoteAsset: 'USDT',
      filters: [
        {
          filterType: 'PRICE_FILTER',
          minPrice: '0.01000000',
          maxPrice: '1000000.00000000',
          tickSize: '0.01000000',
        },
        {
          filterType: 'LOT_SIZE',
          minQty: '0.00001000',
          maxQty: '9000.00000000',
          stepSize: '0.00001000',
        },
        { filterType: 'NOTIONAL', minNotional: '5.00000000', maxNotional: '9000000.00000000' },
      ],
    },
    { symbol: 'OLDUSDT', status: 'BREAK', filters: [] },
  ],
}
const depth = (U: number, u: number, b: string[][], a: string[][]) => ({
  stream: 'btcusdt@depth@100ms',
  data: { e: 'depthUpdate', E: 1_723_161_255_000 + u, s: 'BTCUSDT', U, u, b, a },
})
const print = (a: number) => ({
  e: 'aggTrade',
  E: 1_723_161_255_000 + a,
  s: 'BTCUSDT',
  a,
  p: '61000.01000000',
  q: '0.00100000',
  f: a,
  l: a,
  T: 1_723_161_255_000 + a,
  m: true,
  M: true,
})

let http: Server
let port = 0
let streams: WebSocketServer
let client: WebSocket | null = null
const asked: string[] = []
const wanted: string[] = []

beforeEach(async () => {
  asked.length = 0
  wanted.length = 0
  http = createServer((request, response) => {
    asked.push(request.url!)
    const path = request.url!.split('?')[0]
    const bids = [['61000.00000000', '1.00000000']]
    const answers: Record<string, unknown> = {
      '/api/v3/ping': {},
      '/api/v3/exchangeInfo': EXCHANGE_INFO,
      '/api/v3/depth': { lastUpdateId: 105, bids, asks: [['61000.02000000', '2.00000000']] },
      '/api/v3/aggTrades': [print(8), print(9)],
    }
    const answer = answers[path!]
    response.statusCode = answer === undefined ? 404 : 200
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer ?? { code: -5000, msg: 'not here' }))
  })
  streams = new WebSocketServer({ server: http, path: '/stream' })
  streams.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const { id, params } = JSON.parse(data.toString('utf8')) as { id: number; params: string[] }
      wanted.push(...params)
      socket.send(JSON.stringify({ result: null, id }))
      client = socket
    })
  })
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  port = (http.address() as AddressInfo).port
})
afterEach(async () => {
  for (const socket of streams.clients) socket.terminate()
  streams.close()
  http.closeAllConnections()
  await new Promise((resolve) => {
    http.close(resolve)
  })
})

const say = (message: unknown): void => client!.send(JSON.stringify(message))

describe('spot market data', () => {
  it('is read by the rules of spot: streams, filters, book chain, repairs', async () => {
    const baseUrl = `http://127.0.0.1:${port}`
    expect(await isBinanceReachable(baseUrl, 60_000, 'binance-spot')).toBe(true)
    const market = await createBinanceMarket({
      venue: 'binance-spot',
      network: { restUrl: baseUrl, streamUrl: `ws://127.0.0.1:${port}` },
      times: { backoffFirstMs: 20, backoffMaxMs: 60 },
    })
    const listed = await market.instruments()
    if (listed.outcome === 'unknown') throw new Error(listed.detail)
    expect([...listed.value.keys()]).toEqual(['BTCUSDT'])
    expect(listed.value.get('BTCUSDT')).toMatchObject({
      symbol: 'BTCUSDT',
      base_asset: 'BTC',
      quote_asset: 'USDT',
      tick_size: '0.01',
      lot_size: '0.00001',
      min_quantity: '0.00001',
      min_notional: '5',
    })

    const abort = new AbortController()
    const feed = market.openMarketFeed({ instruments: [instrument], signal: abort.signal })
    const composer = new MarketComposer({ instruments: [instrument], batchTrades: 100 })
    const outputs: Output[] = []
    const reading = (async (): Promise<void> => {
      for await (const events of feed.events())
        for (const step of [...composer.push(events), ...composer.flush()])
          outputs.push(...step.outputs)
    })()
    await until(() => client !== null)
    expect(wanted).toEqual(['btcusdt@aggTrade', 'btcusdt@depth@100ms'])

    // The first that is applied covers 106; then each begins where the last one ended.
    say(depth(100, 104, [['60000.00000000', '9.00000000']], []))
    say(depth(105, 107, [['61000.01000000', '0.50000000']], []))
    say(depth(108, 110, [['61000.00000000', '0.00000000']], []))
    for (const id of [7, 10]) say({ stream: 'btcusdt@aggTrade', data: print(id) })
    const books = () => outputs.filter(({ type }) => type === 'market.depth')
    await until(() => books().length === 3 && composer.counts()['BTCUSDT']!.trades === 4)

    const book = new OrderBook()
    for (const { payload } of books()) {
      const { snapshot, bid_ticks, bid_lots, ask_ticks, ask_lots } = payload as never
      if (snapshot) book.applySnapshot(bid_ticks, bid_lots, ask_ticks, ask_lots)
      else book.applyDelta(bid_ticks, bid_lots, ask_ticks, ask_lots)
    }
    expect(book.levels('bid', 10)).toEqual({ ticks: [6_100_001], lots: [50_000] })
    expect(book.levels('ask', 10)).toEqual({ ticks: [6_100_002], lots: [200_000] })

    // A hole in the chain of spot: 112 does not follow 110.
    say(depth(112, 113, [], []))
    await until(() => feed.counts.resyncs >= 1)
    abort.abort()
    await reading
    expect(composer.counts()['BTCUSDT']).toMatchObject({ missing: 0, duplicates: 0, rejected: 0 })
    expect(
      asked.some((url) => url.startsWith('/api/v3/aggTrades?') && url.includes('fromId=8')),
    ).toBe(true)
    expect(feed.faults).toEqual({})
  })
})
