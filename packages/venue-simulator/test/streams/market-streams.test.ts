import { afterEach, describe, expect, it } from '@jest/globals'
import type { FeedStatus, Output } from '@tapedeck/contracts'
import { MarketComposer, OrderBook } from '@tapedeck/core'
import { BinanceLiveFeed, gridOf, snapshotEvent, type LiveFeedOptions } from '@tapedeck/venue'
import type { PlannedFaultInput, StreamLimits } from '../../src/index.ts'
import { BTC, StreamStage } from './stream-stage.ts'

const MINUTE = 60_000
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A feed on the stage, composed as ingest does. */
const follow = (
  seed: number,
  options: Partial<LiveFeedOptions> = {},
  limits: Partial<StreamLimits> = {},
) => {
  const stage = new StreamStage(seed, limits)
  const abort = new AbortController()
  const { clock, openLink, rest } = stage
  const feed = new BinanceLiveFeed({
    instruments: [BTC],
    rest,
    streamUrl: 'ws://venue',
    signal: abort.signal,
    clock,
    openLink,
    random: () => 0.5,
    ...options,
  })
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
    stage.end()
  })
  const statuses = (channel: FeedStatus['channel']): string[] =>
    outputs
      .filter(({ type }) => type === 'market.feed.status')
      .map(({ payload }) => payload as FeedStatus)
      .filter((status) => status.channel === channel)
      .map(({ status }) => status)
  return { stage, feed, composer, outputs, statuses, counts: () => composer.counts()['BTCUSDT']! }
}

/** The book by what was told of it. */
const toldBook = (outputs: readonly Output[]): { book: OrderBook; lastId: number } => {
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

const ALL_ROUTES = { routes: ['public' as const, 'market' as const] }

/** Each strikes now and then. */
const TROUBLE: readonly PlannedFaultInput[] = [
  {
    fault: { kind: 'market_gap', messages: 5 },
    when: { kind: 'every', every_ms: 20_000 },
    on: { streams: ['@aggTrade'] },
  },
  {
    fault: { kind: 'market_gap', messages: 2 },
    when: { kind: 'every', every_ms: 23_000 },
    on: { streams: ['@depth'] },
  },
  { fault: { kind: 'market_duplicated' }, when: { kind: 'probability', probability: 0.02 } },
  {
    fault: { kind: 'market_reordered' },
    when: { kind: 'probability', probability: 0.002 },
    on: { streams: ['@depth'] },
  },
  { fault: { kind: 'market_malformed' }, when: { kind: 'probability', probability: 0.002 } },
  {
    fault: { kind: 'market_altered', alteration: 'unknown_fields' },
    when: { kind: 'probability', probability: 0.05 },
  },
  {
    fault: { kind: 'market_altered', alteration: 'nulls' },
    when: { kind: 'probability', probability: 0.002 },
  },
  { fault: { kind: 'old_snapshot' }, when: { kind: 'probability', probability: 0.3 } },
  {
    fault: { kind: 'service_unavailable' },
    when: { kind: 'probability', probability: 0.2 },
    on: { requests: ['depth'] },
  },
  {
    fault: { kind: 'stream_terminated', ...ALL_ROUTES },
    when: { kind: 'every', every_ms: 61_000 },
  },
  {
    fault: { kind: 'stream_silent', ...ALL_ROUTES },
    when: { kind: 'at', times_ms: [100_000, 200_000] },
  },
]

describe('the market feed on a venue that misbehaves', () => {
  it('in four minutes of trouble loses no print and claims no wrong book', async () => {
    const run = follow(3, { rolloverMs: 40_000 }, { lifetimeMs: 60_000 })
    const { stage, outputs, composer, counts, feed, statuses } = run
    const repairs = TROUBLE.map((planned) => stage.fault(planned))
    await stage.clock.pass(4 * MINUTE)
    for (const repair of repairs) repair()
    await stage.until(() => statuses('depth').at(-1) === 'up')
    await stage.until(() => statuses('trades').at(-1) === 'up')
    // Half-open connections are found by their silence at the latest.
    await stage.clock.pass(MINUTE)

    const injected = stage.venue.faults.injected()
    for (const { fault } of TROUBLE) expect(injected[fault.kind]).toBeGreaterThan(0)
    expect(counts()).toMatchObject({ missing: 0, late: 0, rejected: 0 })
    expect(counts().trades).toBeGreaterThan(1000)
    expect(counts().duplicates).toBeGreaterThan(0)
    expect(feed.counts.resyncs).toBeGreaterThan(10)
    expect(feed.faults).toMatchObject({ not_json: expect.any(Number) })
    expect(composer.counts()['BTCUSDT']!.depthGaps).toBe(0)

    const path = '/fapi/v1/depth'
    const now = () => stage.client.plain('GET', path, { symbol: 'BTCUSDT', limit: 1000 }).json
    let truth = snapshotEvent(now() as never, gridOf(BTC))
    // Streams tell the book ten times a second: sometimes both stand at the same id.
    await stage.until(() => {
      truth = snapshotEvent(now() as never, gridOf(BTC))
      return toldBook(outputs).lastId === truth.lastId
    })
    const { book } = toldBook(outputs)
    expect(book.levels('bid', 50).ticks).toEqual(truth.bidTicks.slice(0, 50))
    expect(book.levels('ask', 50).lots).toEqual(truth.askLots.slice(0, 50))
  })

  it('a stream that stops alone is named, and only its connection is replaced', async () => {
    const { stage, statuses } = follow(4)
    await stage.until(() => statuses('mark').at(-1) === 'up')
    await stage.clock.pass(MINUTE)
    const repair = stage.fault({
      fault: { kind: 'market_silent' },
      when: { kind: 'always' },
      on: { streams: ['@markPrice'] },
    })
    await stage.until(() => statuses('mark').includes('stale'))
    repair()
    await stage.until(() => statuses('mark').at(-1) === 'up')
    expect(statuses('mark')).toEqual(['up', 'stale', 'down', 'up'])
    expect(statuses('trades')).not.toContain('stale')
    expect(statuses('depth')).toEqual(['up'])
  })

  it('a connection that is cut after its 24 hours has had its successor: nothing is told, nothing lost', async () => {
    const run = follow(5, { rolloverMs: 20_000 }, { lifetimeMs: 30_000 })
    const { stage, statuses, counts, feed } = run
    await stage.clock.pass(3 * MINUTE)
    expect(feed.counts.opened).toBeGreaterThanOrEqual(2 * 8)
    expect(counts()).toMatchObject({ missing: 0, duplicates: 0, depthGaps: 0 })
    expect(feed.counts).toMatchObject({ resyncs: 0, snapshots: 1 })
    for (const channel of ['trades', 'depth', 'mark'] as const)
      expect(statuses(channel)).toEqual(['up'])
  })

  it('a half-open connection is found although every stream may be silent for long', async () => {
    const staleMs = { trades: 3_600_000, depth: 3_600_000, mark: 3_600_000 }
    const { stage, statuses } = follow(6, { staleMs })
    await stage.until(() => statuses('depth').at(-1) === 'up')
    stage.fault({ fault: { kind: 'stream_silent', ...ALL_ROUTES }, when: { kind: 'once' } })
    await stage.until(() => statuses('depth').includes('down') || statuses('mark').includes('down'))
    expect(statuses('depth')).not.toContain('stale')
  })
})
