import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { FeedStatus, Instrument, Output } from '@tapedeck/contracts'
import { MarketComposer, OrderBook } from '@tapedeck/core'
import {
  BinanceLiveFeed,
  BinancePublicRest,
  isBinanceReachable,
  type LiveFeedOptions,
} from '../src/binance/index.ts'
import { FakeBinance } from './fake-binance.ts'

const instrument: Instrument = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  base_asset: 'BTC',
  quote_asset: 'USDT',
  tick_size: '0.1',
  lot_size: '0.001',
  min_quantity: '0.001',
  min_notional: '100',
  max_leverage: 10,
}

let venue: FakeBinance
let port = 0
beforeEach(async () => {
  venue = new FakeBinance(instrument)
  port = await venue.listen()
})
afterEach(() => venue.close())

/** A running feed, composed; the market moves only when the test says so. */
const start = async (
  options: Partial<LiveFeedOptions> = {},
): Promise<{ outputs: Output[]; composer: MarketComposer; stop: () => Promise<void> }> => {
  const abort = new AbortController()
  const rest = await BinancePublicRest.create({ baseUrl: `http://127.0.0.1:${port}`, weightMs: 1 })
  const feed = new BinanceLiveFeed({
    instruments: [instrument],
    rest,
    streamUrl: `ws://127.0.0.1:${port}`,
    signal: abort.signal,
    backoffFirstMs: 20,
    backoffMaxMs: 60,
    ...options,
  })
  const composer = new MarketComposer({ instruments: [instrument], batchTrades: 100 })
  const outputs: Output[] = []
  const reading = (async (): Promise<void> => {
    for await (const events of feed.events())
      for (const step of [...composer.push(events), ...composer.flush()])
        outputs.push(...step.outputs)
  })()
  const stop = async (): Promise<void> => {
    abort.abort()
    await reading
  }
  return { outputs, composer, stop }
}

/** Moves the market until something is true. */
const until = async (condition: () => boolean, move = true): Promise<void> => {
  for (let i = 0; i < 3000; i++) {
    if (condition()) return
    if (move) venue.step()
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
  throw new Error(`not reached: ${condition.toString()}`)
}

const statuses = (outputs: readonly Output[], channel: string): string[] =>
  outputs
    .filter(({ type }) => type === 'market.feed.status')
    .map(({ payload }) => payload as FeedStatus)
    .filter((status) => status.channel === channel)
    .map(({ status }) => status)

const bookOf = (outputs: readonly Output[]): { book: OrderBook; lastId: number } => {
  const book = new OrderBook()
  let lastId = 0
  for (const { type, payload } of outputs) {
    if (type !== 'market.depth') continue
    const { bid_ticks, bid_lots, ask_ticks, ask_lots } = payload
    lastId = payload.last_update_id
    if (payload.snapshot) book.applySnapshot(bid_ticks, bid_lots, ask_ticks, ask_lots)
    else book.applyDelta(bid_ticks, bid_lots, ask_ticks, ask_lots)
  }
  return { book, lastId }
}

const firstId = (outputs: readonly Output[]): number =>
  (outputs.find(({ type }) => type === 'market.trades')!.payload as { first_id: number }).first_id

describe('the live feed', () => {
  it('loses no print and ends with the book of the venue, whatever happens to the streams', async () => {
    const { outputs, composer, stop } = await start()
    const counts = () => composer.counts()['BTCUSDT']!
    const types = () => new Set(outputs.map(({ type }) => type))
    await until(
      () => counts().trades > 50 && types().has('market.depth') && types().has('market.mark'),
    )

    venue.lose.set('btcusdt@aggTrade', 25)
    venue.repeat.set('btcusdt@depth@100ms', 5)
    await until(() => venue.lose.get('btcusdt@aggTrade') === 0)
    venue.repeat.set('btcusdt@aggTrade', 10)
    await until(() => counts().duplicates >= 10)

    venue.lose.set('btcusdt@depth@100ms', 1)
    await until(() => statuses(outputs, 'depth').includes('resync'))
    await until(() => statuses(outputs, 'depth').at(-1) === 'up')

    venue.drop()
    await until(() => statuses(outputs, 'trades').includes('down'))
    await until(() => statuses(outputs, 'trades').at(-1) === 'up')
    await until(() => statuses(outputs, 'depth').at(-1) === 'up')

    await until(() => bookOf(outputs).lastId > 0)
    const target = venue.lastTradeId
    await until(() =>
      outputs.some(({ payload }) => (payload as { last_id?: number }).last_id! >= target),
    )
    await until(() => bookOf(outputs).lastId === venue.market.bookSnapshot().lastId, false)
    expect(counts()).toMatchObject({
      missing: 0,
      late: 0,
      rejected: 0,
      retimed: expect.any(Number),
    })
    const first = firstId(outputs)
    const passed = counts().trades
    await stop()
    expect(passed).toBeGreaterThanOrEqual(target - first + 1)
    const { book } = bookOf(outputs)
    const truth = venue.market.bookSnapshot()
    expect(book.levels('bid', 1000)).toEqual({ ticks: truth.bidTicks, lots: truth.bidLots })
    expect(book.levels('ask', 1000)).toEqual({ ticks: truth.askTicks, lots: truth.askLots })
  })

  it('a silent stream is found and its connection replaced', async () => {
    venue.silent.add('btcusdt@aggTrade')
    const { outputs, stop } = await start({ staleMs: { trades: 150 } })
    await until(() => statuses(outputs, 'trades').includes('stale'))
    venue.silent.clear()
    await until(() => statuses(outputs, 'trades').at(-1) === 'up')
    await stop()
    expect(statuses(outputs, 'trades')).toEqual(expect.arrayContaining(['stale', 'down', 'up']))
  })

  it('replaces its connections before they are cut, without a hole', async () => {
    const { outputs, composer, stop } = await start({ rolloverMs: 150 })
    await until(() => venue.connections >= 8)
    await until(() => composer.counts()['BTCUSDT']!.trades > 100)
    const { missing } = composer.counts()['BTCUSDT']!
    await stop()
    expect(missing).toBe(0)
    expect(statuses(outputs, 'trades')).toEqual(['up'])
  })

  it('tells a hole that the venue cannot fill, and goes on', async () => {
    const { outputs, composer, stop } = await start()
    await until(() => composer.counts()['BTCUSDT']!.trades > 20)
    venue.failRest = true
    venue.lose.set('btcusdt@aggTrade', 4)
    await until(() => composer.counts()['BTCUSDT']!.missing === 4)
    await stop()
    expect(statuses(outputs, 'trades')).toContain('gap')
  })

  it('fetches what came while it was stopped', async () => {
    for (let i = 0; i < 50; i++) venue.step()
    const known = venue.lastTradeId
    for (let i = 0; i < 100; i++) venue.step()
    const { outputs, composer, stop } = await start({ lastTradeIds: { BTCUSDT: known } })
    await until(() => composer.counts()['BTCUSDT']!.trades > 0)
    await stop()
    expect(firstId(outputs)).toBe(known + 1)
    expect(composer.counts()['BTCUSDT']!.missing).toBe(0)
  })

  it('reads the filters of the venue, and knows when it is out of reach', async () => {
    const rest = await BinancePublicRest.create({ baseUrl: `http://127.0.0.1:${port}` })
    expect((await rest.filters()).get('BTCUSDT')).toEqual({
      symbol: 'BTCUSDT',
      base_asset: 'BTC',
      quote_asset: 'USDT',
      tick_size: '0.1',
      lot_size: '0.001',
      min_quantity: '0.001',
      min_notional: '100',
    })
    expect(await isBinanceReachable(`http://127.0.0.1:${port}`, 2000)).toBe(true)
    expect(await isBinanceReachable('http://127.0.0.1:9', 2000)).toBe(false)
  })
})
