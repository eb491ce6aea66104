import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { shortHash, type Message } from '@tapedeck/contracts'
import type { Json, MarketEvent } from '@tapedeck/core'
import { openRecording } from '@tapedeck/recordings'
import { INSTRUMENT, tradedMarket } from '../verify/recorded-session.fixture.ts'
import { playInPieces, playOf, playTape } from './engine.fixture.ts'
import { naiveLockstep } from './naive-lockstep.fixture.ts'
import { Play } from './play.ts'

const SHIPPED = fileURLToPath(
  new URL('../../../../data/recordings/btcusdt-usdm-20260105.ws.gz', import.meta.url),
)

const shipped = async (): Promise<MarketEvent[]> => {
  const events: MarketEvent[] = []
  const recording = await openRecording({ files: [SHIPPED], instruments: [INSTRUMENT] })
  for await (const some of recording.events()) events.push(...some)
  return events
}

const digest = (messages: readonly Message[]): string =>
  shortHash(messages.map((one) => JSON.stringify(one)).join('\n'), 64)

const countOf = (messages: readonly Message[], type: string): number =>
  messages.filter((one) => one.type === type).length

/** What was decided and what it led to, without the ids that name batches. */
const decided = (messages: readonly Message[]): string[] =>
  messages
    .filter(({ type }) => /^(setup|risk|execution|reconciler)\./.test(type))
    .map(({ type, occurred_at, payload }) =>
      JSON.stringify([type, occurred_at, { ...payload, features_event_id: null }]),
    )

describe('the brain', () => {
  it('makes of the shipped recording what lockstep makes, message by message', async () => {
    const events = await shipped()
    const expected = naiveLockstep(events, playOf().options)
    expect(countOf(expected, 'execution.trade.closed')).toBeGreaterThan(3)
    expect(countOf(expected, 'journal.trade.recorded')).toBeGreaterThan(3)
    const played = await playTape(events)
    const different = played.findIndex(
      (one, i) => JSON.stringify(one) !== JSON.stringify(expected[i]),
    )
    expect(played[different]).toEqual(expected[different])
    expect(played).toHaveLength(expected.length)
  }, 300_000)

  it('goes on from a checkpoint taken anywhere as if nothing had happened', () => {
    const events = tradedMarket()
    const expected = digest(playInPieces(events, new Set()))
    const places = Array.from({ length: 24 }, (_, i) => Math.floor(events.length * (0.6 + i / 60)))
    expect(digest(playInPieces(events, new Set(places)))).toBe(expected)
  })

  it('decides and fills the same however prints are batched', async () => {
    const events = tradedMarket()
    const expected = decided(playInPieces(events, new Set()))
    expect(expected.length).toBeGreaterThan(100)
    for (const batchTrades of [1, 17])
      expect(decided(await playTape(events, { composer: { batchTrades } }))).toEqual(expected)
  })

  it('counts measures that nobody hears instead of making them, and their places stay', () => {
    const events = tradedMarket(40)
    const { heard, options } = playOf({ fullTape: false })
    const all = new Play(options)
    const quiet: Message[] = []
    const types = ['orderflow.features', 'setup.evaluated'] as const
    const few = new Play({
      ...options,
      listeners: [{ types, hear: (message) => quiet.push(message.toEnvelope()) }],
    })
    for (const play of [all, few]) {
      play.begin()
      for (const event of events) play.event(event)
      play.end(null)
    }
    expect(quiet).toEqual(heard.filter(({ type }) => (types as readonly string[]).includes(type)))
    expect(quiet.length).toBeGreaterThan(100)
    expect(few.brain.counts()).toEqual(all.brain.counts())
    expect(few.brain.counts()['orderflow.measures']).toBeGreaterThan(1000)
  })

  it('says which decider failed on what', () => {
    const { options } = playOf()
    const play = new Play(options)
    play.begin()
    const broken = play.snapshot() as { brain: { seats: { risk: { brain: { feeds: unknown } } } } }
    broken.brain.seats.risk.brain.feeds = null
    const after = new Play(options, broken as Json)
    expect(() => {
      for (const event of tradedMarket(2)) after.event(event)
    }).toThrow(/^risk failed on market\.\S+ \S+ at \d+: Cannot /)
  })
})
