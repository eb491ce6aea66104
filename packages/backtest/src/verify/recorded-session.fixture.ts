import { MESSAGE_TYPES, type Message, type TradingConfig } from '@tapedeck/contracts'
import { GeneratedMarket, type Json, type MarketEvent } from '@tapedeck/core'
import { testInstrument, testTrading } from '@tapedeck/test-data'
import type { Placed } from '../archive/write-archive.fixture.ts'
import { Play, type PlayOptions } from '../engine/index.ts'

export const INSTRUMENT = testInstrument()

const START = Date.UTC(2026, 0, 5, 8)
/** Trends need five closed 15 m bars before the first setup; until then prints alone are enough. */
const QUIET_MINUTES = 74
const TRADED_MINUTES = 86

/** A market like that of the shipped recording, made short: it has trades that close. */
export const tradedMarket = (minutes = TRADED_MINUTES): MarketEvent[] => {
  const market = new GeneratedMarket({
    instrument: INSTRUMENT,
    seed: 40,
    startTime: START,
    startPrice: '60000',
    tradesPerSecond: 1.6,
    meanQuantity: 1.5,
    depthIntervalMs: 500,
    acts: [
      { character: 'balance', minutes: 30 },
      { character: 'trend_up', minutes: 120 },
    ],
  })
  const events: MarketEvent[] = [market.bookSnapshot()]
  const quietUntil = START + QUIET_MINUTES * 60_000
  while (market.time < Math.min(quietUntil, START + minutes * 60_000))
    events.push(...market.next().filter(({ kind }) => kind === 'trade'))
  events.push(market.bookSnapshot())
  while (market.time < START + minutes * 60_000) events.push(...market.next())
  return events
}

export type RecordOptions = {
  readonly runId: string
  readonly trading?: TradingConfig
  /** States that services bring from an earlier run. */
  readonly seats?: { readonly [service: string]: Json }
  /** The services are started again by another configuration, before the event at `at`. */
  readonly restart?: { readonly at: number; readonly trading: TradingConfig }
  /** Called before each event, to do what an operator does. */
  readonly before?: (event: MarketEvent, play: Play) => void
}

type PlayState = { [part: string]: Json; brain: { seats: { [service: string]: Json } } }

const withSeats = (play: Play, seats: { readonly [service: string]: Json }): Json => {
  const state = play.snapshot() as unknown as PlayState
  Object.assign(state.brain.seats, seats)
  return state
}

/** Plays a market through the deciders in lockstep, as the services do, and keeps the tape. */
export const record = (
  events: readonly MarketEvent[],
  { runId, trading = testTrading(), before, restart, seats }: RecordOptions,
): Placed[] => {
  const tape: Placed[] = []
  const options = (by: TradingConfig): PlayOptions => ({
    trading: by,
    runId,
    instruments: [INSTRUMENT],
    source: 'a test',
    fullTape: true,
    listeners: [
      {
        types: MESSAGE_TYPES,
        hear: (message) => tape.push({ tapeSeq: tape.length + 1, message: message.toEnvelope() }),
      },
    ],
  })
  const fresh = new Play(options(trading))
  let play = seats === undefined ? fresh : new Play(options(trading), withSeats(fresh, seats))
  play.begin()
  for (const [i, event] of events.entries()) {
    if (i === restart?.at) play = new Play(options(restart.trading), play.snapshot())
    before?.(event, play)
    play.event(event)
  }
  play.end(null)
  return tape
}

/** A tape cut into members as commits cut it. */
export const inMembers = (tape: readonly Placed[], size = 500): Placed[][] =>
  Array.from({ length: Math.ceil(tape.length / size) }, (_, i) =>
    tape.slice(i * size, (i + 1) * size),
  )

/** The tape with one message changed. */
export const changed = (
  tape: readonly Placed[],
  tapeSeq: number,
  change: (message: Message) => Message,
): Placed[] =>
  tape.map((one) =>
    one.tapeSeq === tapeSeq ? { tapeSeq, message: change(structuredClone(one.message)) } : one,
  )
