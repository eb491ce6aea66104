import { describe, expect, it } from '@jest/globals'
import type { MarketEvent, TradeEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { TestClock } from '../../courier/test-clock.fixture.ts'
import { BinanceLiveFeed } from './live-feed.ts'
import { ScriptedLinks, type ScriptedLink } from './scripted-links.fixture.ts'

const QUEUE_MAX = 100
const NEVER = 100_000_000

const printed = (id: number): TradeEvent => ({
  kind: 'trade',
  symbol: 'BTCUSDT',
  id,
  priceTicks: 600_000,
  quantityLots: 1,
  time: id,
  maker: 0,
  excluded: false,
})
const frame = (a: number): unknown => ({
  stream: 'btcusdt@aggTrade',
  data: {
    e: 'aggTrade',
    E: a,
    s: 'BTCUSDT',
    a,
    p: '60000.0',
    q: '0.001',
    f: a,
    l: a,
    T: a,
    m: false,
  },
})

const start = () => {
  const clock = new TestClock()
  const links = new ScriptedLinks()
  const asked: number[] = []
  const end = new AbortController()
  const feed = new BinanceLiveFeed({
    instruments: [testInstrument()],
    rest: {
      depthSnapshot: () => Promise.reject(new Error('not in this test')),
      aggTrades: (_grid, fromId) => {
        asked.push(fromId)
        return Promise.resolve(Array.from({ length: 1000 }, (_, i) => printed(fromId + i)))
      },
    },
    streamUrl: 'wss://venue',
    signal: end.signal,
    staleMs: { trades: NEVER, depth: NEVER, mark: NEVER },
    rolloverMs: NEVER,
    pingMs: NEVER,
    clock,
    openLink: links.open,
    random: () => 1,
    queueMax: QUEUE_MAX,
  })
  const events = feed.events()
  const told: MarketEvent[] = []
  const read = async (): Promise<void> => {
    const { value } = await events.next()
    if (value !== undefined) told.push(...value)
  }
  const ids = (): number[] => told.flatMap((one) => (one.kind === 'trade' ? one.id : []))
  return { clock, links, asked, end, told, read, ids }
}

const openAll = async (clock: TestClock, links: readonly ScriptedLink[]): Promise<ScriptedLink> => {
  for (const link of links) link.accept()
  await clock.pass(500)
  for (const link of links) for (const { id } of link.requests) link.say({ result: null, id })
  return links.find(({ url }) => url.includes('/market/'))!
}

describe('a reader that does not keep up', () => {
  it('costs no memory beyond the bound, and no print once it is back', async () => {
    const { clock, links, asked, end, told, read, ids } = start()
    const first = read()
    await clock.pass(0)
    const market = await openAll(clock, links.links)
    market.say(frame(1))
    await first
    // It is away for an hour, in which the market goes on.
    for (let id = 2; id < 5000; id++) market.say(frame(id))
    expect(links.links.every(({ isOver }) => isOver)).toBe(true)
    await clock.pass(3_600_000)
    expect(links.links).toHaveLength(2)

    await read()
    expect(told.filter(({ kind }) => kind === 'trade').length).toBeLessThanOrEqual(QUEUE_MAX + 1)
    expect(told).toContainEqual(
      expect.objectContaining({ kind: 'feed', status: 'down', reason: 'the reader is too slow' }),
    )
    // Back again: connections follow, and what was missed is fetched from the first print that nobody took.
    await clock.pass(2000)
    expect(links.links).toHaveLength(4)
    const again = await openAll(clock, links.links.slice(2))
    const next = ids().at(-1)! + 1
    again.say(frame(next + 50))
    await clock.pass(100)
    await read()
    expect(asked).toEqual([next])
    expect(ids()).toEqual(Array.from({ length: next + 50 }, (_, i) => i + 1))
    end.abort()
  })
})
