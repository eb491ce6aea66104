import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { FeedStatus, Output } from '@tapedeck/contracts'
import { MarketComposer } from '@tapedeck/core'
import {
  AccountStreamClient,
  createBinanceMarket,
  isBinanceReachable,
  known,
  type AccountEvent,
  type ListenKeyAnswer,
  type LiveFeedTimes,
  type MarketFeedRequest,
  type VenueResult,
} from '@tapedeck/venue'
import { until } from '@tapedeck/test-data'
import {
  GeneratedSource,
  SimulatedVenue,
  VenuePacer,
  parsePlannedFault,
  startVenueServer,
  type PlannedFaultInput,
  type StreamLimits,
  type VenueServer,
} from '../../src/index.ts'
import { VenueClient } from '../../src/venue/testing/venue-client.ts'
import { ACCOUNT, BTC } from './stream-stage.ts'

const KEYS = { apiKey: 'key-of-main', secret: 'secret-of-main' }
/** The venue's time runs this much faster than ours. */
const SPEED = 20

let venue: SimulatedVenue
let server: VenueServer
const ends: (() => Promise<void> | void)[] = []

/** Real sockets, a market that goes on by itself. */
const open = async (streamLimits: Partial<StreamLimits> = {}): Promise<void> => {
  const source = new GeneratedSource({
    symbols: [{ instrument: BTC, startPrice: '60000' }],
    seed: 9,
    startTime: Date.now(),
  })
  venue = new SimulatedVenue({ source, streamLimits })
  venue.addAccount({ account: ACCOUNT, ...KEYS, balance: '100000' })
  venue.pace.speed = SPEED
  server = await startVenueServer({ venue })
  const pacer = new VenuePacer({ venue })
  ends.push(async () => {
    pacer.stop()
    await server.stop()
  })
}
beforeEach(() => {
  ends.length = 0
})
afterEach(async () => {
  for (const end of ends.toReversed()) await end()
})

const fault = (planned: PlannedFaultInput): (() => void) => {
  const id = venue.faults.add(parsePlannedFault(planned, 'fault'), venue.time)
  return () => void venue.faults.remove(id)
}

const follow = async (
  times: LiveFeedTimes = {},
  request: Pick<MarketFeedRequest, 'lastTradeIds'> = {},
) => {
  const abort = new AbortController()
  const market = await createBinanceMarket({
    network: { restUrl: server.restUrl, streamUrl: server.streamUrl },
    times: { backoffFirstMs: 20, backoffMaxMs: 60, ...times },
  })
  const feed = market.openMarketFeed({ instruments: [BTC], signal: abort.signal, ...request })
  const composer = new MarketComposer({ instruments: [BTC], batchTrades: 100 })
  const outputs: Output[] = []
  const reading = (async (): Promise<void> => {
    for await (const events of feed.events())
      for (const step of [...composer.push(events), ...composer.flush()])
        outputs.push(...step.outputs)
  })()
  ends.push(async () => {
    abort.abort()
    await reading
    await market.close()
  })
  const statuses = (channel: FeedStatus['channel']): string[] =>
    outputs
      .filter(({ type }) => type === 'market.feed.status')
      .map(({ payload }) => payload as FeedStatus)
      .filter((status) => status.channel === channel)
      .map(({ status }) => status)
  const counts = () => composer.counts()['BTCUSDT']!
  return { feed, outputs, statuses, counts, market }
}

/** The last aggregate id by the venue's own answer. */
const lastTradeId = (): number => {
  const values = { symbol: 'BTCUSDT', limit: 1 }
  const rows = new VenueClient(venue, KEYS).plain('GET', '/fapi/v1/aggTrades', values).json
  return (rows as { a: number }[]).at(-1)?.a ?? 0
}

describe('the market feed over sockets', () => {
  it('goes on through losses, repetitions and cuts, and tells what happened', async () => {
    await open()
    const { statuses, counts, feed } = await follow()
    await until(() => counts().trades > 100 && statuses('depth').at(-1) === 'up')
    const lost = { kind: 'market_gap' as const, messages: 3 }
    const repairs = [
      fault({ fault: lost, when: { kind: 'once' }, on: { streams: ['@aggTrade'] } }),
      fault({ fault: { kind: 'market_duplicated' }, when: { kind: 'every_nth', nth: 10 } }),
      fault({ fault: { kind: 'market_malformed' }, when: { kind: 'once' } }),
    ]
    await until(() => counts().duplicates > 5 && feed.faults['not_json'] === 1)
    fault({ fault: lost, when: { kind: 'once' }, on: { streams: ['@depth'] } })
    await until(() => feed.counts.resyncs > 0)
    for (const repair of repairs) repair()
    venue.cutStreams('terminate')
    await until(() => statuses('trades').includes('down'))
    await until(() => statuses('trades').at(-1) === 'up' && statuses('depth').at(-1) === 'up')
    const passed = counts().trades
    await until(() => counts().trades > passed + 100)
    expect(counts()).toMatchObject({ missing: 0, rejected: 0, depthGaps: 0 })
  })

  it('answers the venue’s pings, and replaces connections before they are cut, without a hole', async () => {
    // By the venue's time: a ping each second, cut after 100; by ours, 20 times as fast. A process that
    // is not given the processor for seconds answers no ping and replaces nothing.
    await open({ pingEveryMs: 1000, pongTimeoutMs: 80_000, lifetimeMs: 100_000 })
    const { statuses, counts, feed } = await follow({ rolloverMs: 1000 })
    await until(() => feed.counts.opened >= 12 && counts().trades > 100)
    expect(counts()).toMatchObject({ missing: 0, duplicates: 0 })
    expect(statuses('trades')).toEqual(['up'])
    expect(statuses('depth')).toEqual(['up'])
  })

  it('finds a stream that is silent, and a connection that is half open', async () => {
    await open()
    const { statuses } = await follow({ staleMs: { mark: 500 }, pingMs: 300, pongMsMax: 200 })
    await until(() => statuses('mark').at(-1) === 'up' && statuses('depth').at(-1) === 'up')
    const repair = fault({
      fault: { kind: 'market_silent' },
      when: { kind: 'always' },
      on: { streams: ['@markPrice'] },
    })
    await until(() => statuses('mark').includes('stale'))
    repair()
    await until(() => statuses('mark').at(-1) === 'up')
    fault({ fault: { kind: 'stream_silent', routes: ['public'] }, when: { kind: 'once' } })
    await until(() => statuses('depth').includes('down'))
    await until(() => statuses('depth').at(-1) === 'up')
    expect(statuses('depth')).not.toContain('stale')
  })

  it('tells a hole that the venue cannot fill, and goes on', async () => {
    await open()
    const { statuses, counts } = await follow()
    await until(() => counts().trades > 20)
    fault({
      fault: { kind: 'service_unavailable' },
      when: { kind: 'always' },
      on: { paths: ['/fapi/v1/aggTrades'] },
    })
    fault({
      fault: { kind: 'market_gap', messages: 4 },
      when: { kind: 'once' },
      on: { streams: ['@aggTrade'] },
    })
    await until(() => counts().missing > 0)
    expect(statuses('trades')).toContain('gap')
    const passed = counts().trades
    await until(() => counts().trades > passed)
  })

  it('fetches what came while it was stopped; reads filters; knows when nobody is there', async () => {
    await open()
    await until(() => lastTradeId() > 20)
    const last = lastTradeId()
    await until(() => lastTradeId() > last + 100)
    const { outputs, counts, market } = await follow({}, { lastTradeIds: { BTCUSDT: last } })
    await until(() => counts().trades > 100)
    const first = outputs.find(({ type }) => type === 'market.trades')!.payload
    expect((first as { first_id: number }).first_id).toBe(last + 1)
    expect(counts().missing).toBe(0)
    const listed = await market.instruments()
    if (listed.outcome === 'unknown') throw new Error(listed.detail)
    expect(listed.value.get('BTCUSDT')).toMatchObject({
      symbol: 'BTCUSDT',
      base_asset: 'BTC',
      quote_asset: 'USDT',
      tick_size: '0.1',
      lot_size: '0.001',
      min_quantity: '0.001',
      min_notional: '100',
    })
    expect(await isBinanceReachable(server.restUrl, 60_000)).toBe(true)
    expect(await isBinanceReachable('http://127.0.0.1:9', 2000)).toBe(false)
  })
})

describe('the account stream over sockets', () => {
  it('goes on through cuts, a key that expires with the socket open, and half-open connections', async () => {
    await open()
    const told: AccountEvent[] = []
    const listenKey = async (method: string): Promise<VenueResult<ListenKeyAnswer>> => {
      const response = await fetch(`${server.restUrl}/fapi/v1/listenKey`, {
        method,
        headers: { 'X-MBX-APIKEY': KEYS.apiKey },
      })
      return known((await response.json()) as ListenKeyAnswer)
    }
    const stream = new AccountStreamClient({
      listenKeys: { create: () => listenKey('POST'), extend: () => listenKey('PUT') },
      streamUrl: server.streamUrl,
      listener: (event) => told.push(event),
      backoffFirstMs: 20,
      backoffMaxMs: 60,
      pingMs: 300,
      pongMsMax: 1_000,
    })
    ends.push(() => stream.stop())
    const trader = new VenueClient(venue, KEYS)
    const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.010' }
    const fills = (): string[] =>
      told.flatMap((event) => (event.kind === 'order' && event.fill ? [event.fill.fillId] : []))
    const ups = (): number =>
      told.filter((event) => event.kind === 'stream' && event.state === 'up').length
    const buy = (): void => {
      expect(trader.signed('POST', '/fapi/v1/order', order).status).toBe(200)
    }
    /** The next fill comes through; one that met a connection that was being replaced is not waited for. */
    const fillComes = async (): Promise<void> => {
      const before = fills().length
      let looks = 0
      const comes = (): boolean => {
        if (fills().length > before) return true
        if (looks++ % 100 === 0) buy()
        return false
      }
      await until(comes, { what: 'the next fill comes through' })
    }
    /** Once more than before. It may be up more often where a pong was late. */
    const comesUpAfter = async (act: () => void): Promise<void> => {
      const before = ups()
      act()
      await until(() => ups() > before, { what: 'the stream is up again' })
    }
    await comesUpAfter(() => stream.start())
    await fillComes()
    await comesUpAfter(() => void venue.cutStreams('close'))
    await fillComes()
    await comesUpAfter(() => venue.expireListenKey(ACCOUNT))
    await fillComes()
    await comesUpAfter(() => {
      fault({ fault: { kind: 'stream_silent', routes: ['private'] }, when: { kind: 'once' } })
    })
    await fillComes()
    expect(new Set(fills()).size).toBe(fills().length)
    expect(stream.counts.faults).toEqual({})
  })
})
