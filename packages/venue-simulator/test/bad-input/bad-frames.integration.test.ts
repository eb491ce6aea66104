import { describe, expect, it } from '@jest/globals'
import { MarketComposer } from '@tapedeck/core'
import { BinanceLiveFeed } from '@tapedeck/venue'
import type { PlannedFaultInput } from '../../src/index.ts'
import { BTC, StreamStage } from '../streams/stream-stage.ts'

const SECOND = 1000
const often: PlannedFaultInput['when'] = { kind: 'probability', probability: 0.05 }
const ALTERATIONS = [
  'unknown_fields',
  'unknown_values',
  'unknown_event',
  'numbers_as_strings',
  'strings_as_numbers',
  'nulls',
] as const

const FRAMES: [string, PlannedFaultInput][] = [
  ...ALTERATIONS.map((alteration): [string, PlannedFaultInput] => [
    alteration,
    { fault: { kind: 'market_altered', alteration }, when: often },
  ]),
  ['no JSON', { fault: { kind: 'market_malformed' }, when: often }],
  ['twice', { fault: { kind: 'market_duplicated' }, when: often }],
  ['a hundred times', { fault: { kind: 'market_burst' }, when: often, times: 20 }],
  [
    'one after the next',
    { fault: { kind: 'market_reordered' }, when: often, on: { streams: ['@depth'] } },
  ],
  [
    'late',
    {
      fault: { kind: 'market_late', low_ms: 10, high_ms: 900 },
      when: often,
      on: { streams: ['@depth'] },
    },
  ],
  ['missing books', { fault: { kind: 'market_gap' }, when: often, on: { streams: ['@depth'] } }],
  [
    'missing prints',
    { fault: { kind: 'market_gap' }, when: often, on: { streams: ['@aggTrade'] } },
  ],
  ['stale marks', { fault: { kind: 'mark_price_stale' }, when: { kind: 'always' } }],
]

describe('whatever comes on market streams', () => {
  it.each(FRAMES)('%s: prints are all there and once, and the feed goes on', async (_, planned) => {
    const stage = new StreamStage(17)
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
    })
    const composer = new MarketComposer({ instruments: [BTC] })
    const reading = (async (): Promise<void> => {
      for await (const events of feed.events()) composer.push(events)
    })()
    const counts = () => composer.counts()['BTCUSDT']!
    await stage.until(() => counts().trades > 20)
    const repair = stage.fault(planned)
    await clock.pass(30 * SECOND)
    repair()
    const before = counts().trades
    await stage.until(() => counts().trades > before + 50)
    expect(stage.venue.faults.injected()[planned.fault.kind] ?? 0).toBeGreaterThan(0)
    expect(counts()).toMatchObject({ missing: 0, late: 0, rejected: 0, depthGaps: 0 })
    abort.abort()
    await reading
    stage.end()
  })
})
