import { describe, expect, it } from '@jest/globals'
import { testInstrument } from '@tapedeck/test-data'
import { GeneratedSource, SimulatedVenue, sign, type VenueRequest } from '../src/index.ts'
import { MemorySink } from '../src/sockets/memory-sink.fixture.ts'

const START = Date.UTC(2026, 0, 5, 8)
const API_KEY = 'a'.repeat(64)
const SECRET = 's'.repeat(64)
const instrument = testInstrument({ venue: 'generated' })

const openVenue = (seed = 3): SimulatedVenue => {
  const source = new GeneratedSource({
    symbols: [{ instrument, startPrice: '60000' }],
    seed,
    startTime: START,
  })
  const venue = new SimulatedVenue({ source, seed })
  venue.addAccount({ account: 'main', apiKey: API_KEY, secret: SECRET, balance: '1000000' })
  return venue
}

const signed = (
  venue: SimulatedVenue,
  method: string,
  path: string,
  parameters: Readonly<Record<string, string>> = {},
): unknown => {
  const text = new URLSearchParams({ ...parameters, timestamp: String(venue.time) }).toString()
  const request: VenueRequest = {
    method,
    path: `/fapi/v1/${path}`,
    query: `${text}&signature=${sign(SECRET, text)}`,
    body: '',
    headers: { 'x-mbx-apikey': API_KEY },
    remote: 'test',
  }
  const delivery = venue.request(request)
  if (delivery.kind !== 'answer') throw new Error(`no answer to ${method} ${path}`)
  return JSON.parse(delivery.response.body)
}

const listen = (venue: SimulatedVenue, path: string, query = ''): MemorySink => {
  const sink = new MemorySink()
  venue.connect(path, query, sink)
  return sink
}

type Levels = readonly (readonly [string, string])[]
type DepthFrame = { U: number; u: number; pu: number; b: Levels; a: Levels }
type DepthAnswer = { lastUpdateId: number; bids: Levels; asks: Levels }

const ALL_STREAMS = ['aggTrade', 'kline_1m', 'markPrice@1s', 'ticker', 'forceOrder']
  .map((name) => `btcusdt@${name}`)
  .join('/')

/** A side of the book after its changes, best first: `direction` 1 is for asks. */
const sideAfter = (levels: Levels, changes: readonly Levels[], direction: 1 | -1): Levels => {
  const held = new Map([...levels, ...changes.flat()])
  return [...held]
    .filter(([, quantity]) => Number(quantity) > 0)
    .toSorted(([a], [b]) => direction * (Number(a) - Number(b)))
}

/** Where the book stands two seconds after an order of that size, or none. */
const priceAfter = (quantity: string | null): number => {
  const venue = openVenue()
  venue.advanceTo(START + 1000)
  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET' }
  if (quantity !== null) signed(venue, 'POST', 'order', { ...order, quantity })
  venue.advanceTo(START + 3000)
  const { bids, asks } = venue.exchange.book('BTCUSDT', 1)!
  return (Number(bids[0]![0]) + Number(asks[0]![0])) / 2
}

/** Every frame of a session with orders. */
const play = (seed: number): readonly string[] => {
  const venue = openVenue(seed)
  const sinks = [
    listen(venue, '/market/stream', `streams=${ALL_STREAMS}`),
    listen(venue, '/public/stream', 'streams=btcusdt@depth/btcusdt@bookTicker/btcusdt@depth5'),
  ]
  const { listenKey } = signed(venue, 'POST', 'listenKey') as { listenKey: string }
  sinks.push(listen(venue, '/private/ws', `listenKey=${listenKey}`))
  for (let step = 1; step <= 40; step++) {
    venue.advanceTo(START + step * 487)
    const side = step % 3 === 0 ? 'SELL' : 'BUY'
    const order = { symbol: 'BTCUSDT', side, type: 'MARKET', quantity: `0.${step}` }
    signed(venue, 'POST', 'order', { ...order, newClientOrderId: `o${step}` })
  }
  return sinks.flatMap(({ frames }) => frames)
}

describe('streams of a venue', () => {
  it('gives a book by the venue’s own procedure that is the book it answers with', () => {
    const venue = openVenue()
    const sink = listen(venue, '/public/ws/btcusdt@depth@100ms')
    venue.advanceTo(START + 30_050)
    const before = signed(venue, 'GET', 'depth', {
      symbol: 'BTCUSDT',
      limit: '1000',
    }) as DepthAnswer
    // Clients are in the book: one rests, one takes.
    const lots = { symbol: 'BTCUSDT', quantity: '1.5' }
    const limit = { ...lots, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: '59000' }
    expect(signed(venue, 'POST', 'order', limit)).toMatchObject({ status: 'NEW' })
    signed(venue, 'POST', 'order', { ...lots, side: 'SELL', type: 'MARKET' })
    // What happened before a beat is told with it.
    venue.advanceTo(START + 60_099)
    const book = signed(venue, 'GET', 'depth', {
      symbol: 'BTCUSDT',
      limit: '1000',
    }) as DepthAnswer
    venue.advanceTo(START + 60_100)
    const frames = sink.messages as unknown as DepthFrame[]
    const first = frames.findIndex(({ u }) => u >= before.lastUpdateId)
    expect(frames[first]!.U).toBeLessThanOrEqual(before.lastUpdateId)
    const since = frames.slice(first)
    expect(since.slice(1).map(({ pu }) => pu)).toEqual(since.slice(0, -1).map(({ u }) => u))
    expect(since.at(-1)!.u).toBe(book.lastUpdateId)
    expect(
      sideAfter(
        before.bids,
        since.map(({ b }) => b),
        -1,
      ),
    ).toEqual(book.bids)
    expect(
      sideAfter(
        before.asks,
        since.map(({ a }) => a),
        1,
      ),
    ).toEqual(book.asks)
    expect(book.bids).toContainEqual(['59000.00', '1.500'])
  })

  it('tells candles that are those of REST, and aggregates without a hole', () => {
    const venue = openVenue()
    const sink = listen(venue, '/market/stream', `streams=${ALL_STREAMS}`)
    venue.advanceTo(START + 185_000)
    const data = sink.messages.map((message) => message['data'] as Record<string, unknown>)
    const closed = data
      .filter(({ e }) => e === 'kline')
      .map(({ k }) => k as Record<string, string | number | boolean>)
      .filter(({ x }) => x === true)
    const rows = signed(venue, 'GET', 'klines', {
      symbol: 'BTCUSDT',
      interval: '1m',
    }) as unknown[][]
    expect(closed).toHaveLength(3)
    expect(closed.map((k) => [k['t'], k['o'], k['h'], k['l'], k['c'], k['v'], k['n']])).toEqual(
      rows.slice(0, 3).map((row) => row.slice(0, 6).concat(row[8])),
    )
    const ids = data.filter(({ e }) => e === 'aggTrade').map(({ a }) => Number(a))
    expect(ids.length).toBeGreaterThan(500)
    expect(ids).toEqual(ids.map((_, i) => ids[0]! + i))
    const trades = signed(venue, 'GET', 'aggTrades', {
      symbol: 'BTCUSDT',
      fromId: String(ids[5]),
      limit: '100',
    }) as { a: number; p: string; f: number }[]
    const told = data.filter(({ e }) => e === 'aggTrade').slice(5, 105)
    expect(trades.map(({ a, p, f }) => [a, p, f])).toEqual(
      told.map((trade) => [trade['a'], trade['p'], trade['f']]),
    )
    expect(data.filter(({ e }) => e === 'markPriceUpdate')).toHaveLength(185)
  })

  it('tells a market order in the order of the venue', () => {
    const venue = openVenue()
    const { listenKey } = signed(venue, 'POST', 'listenKey') as { listenKey: string }
    const sink = listen(venue, '/private/ws', `listenKey=${listenKey}`)
    venue.advanceTo(START + 1000)
    const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.5' }
    signed(venue, 'POST', 'order', { ...order, newClientOrderId: 'one' })
    venue.advanceTo(START + 1100)
    const told = sink.messages.map(({ e, o }) => [e, (o as { x?: string } | undefined)?.x])
    const fills = told.filter(([, x]) => x === 'TRADE').length
    expect(fills).toBeGreaterThan(0)
    expect(told[0]).toEqual(['ORDER_TRADE_UPDATE', 'NEW'])
    expect(told.slice(1, 3)).toEqual([
      ['TRADE_LITE', undefined],
      ['ORDER_TRADE_UPDATE', 'TRADE'],
    ])
    expect(told.at(-1)).toEqual(['ACCOUNT_UPDATE', undefined])
  })

  it('moves its price by what clients take', () => {
    expect(priceAfter('20') - priceAfter(null)).toBeGreaterThan(5)
  })

  it('sends the same frames for the same seed, requests and times', () => {
    const once = play(3)
    expect(once.length).toBeGreaterThan(500)
    expect(play(3)).toEqual(once)
    expect(play(4)).not.toEqual(once)
  })
})
