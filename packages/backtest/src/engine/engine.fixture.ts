import { MESSAGE_TYPES, type Message } from '@tapedeck/contracts'
import type { Json, MarketEvent } from '@tapedeck/core'
import { testTrading } from '@tapedeck/test-data'
import { tapeOfEvents } from '../tape/memory-tape.ts'
import { INSTRUMENT } from '../verify/recorded-session.fixture.ts'
import { Play, type PlayOptions } from './play.ts'
import { feedTape } from './tape-feed.ts'

export const RUN = 'b1f5c3a2-6d0e-5a57-9a53-0c8b8f6f7e12'

/** What a play of the test market is made with. */
export const playOf = (
  over: Partial<PlayOptions> = {},
): { readonly options: PlayOptions; readonly heard: Message[] } => {
  const heard: Message[] = []
  return {
    heard,
    options: {
      trading: testTrading(),
      instruments: [INSTRUMENT],
      runId: RUN,
      source: 'a test',
      fullTape: true,
      listeners: [{ types: MESSAGE_TYPES, hear: (message) => heard.push(message.toEnvelope()) }],
      ...over,
    },
  }
}

/** Plays events by the entrance of columns, as a tape is played. */
export const playTape = async (
  events: readonly MarketEvent[],
  over: Partial<PlayOptions> = {},
): Promise<Message[]> => {
  const { options, heard } = playOf(over)
  const play = new Play(options)
  play.begin()
  await feedTape(tapeOfEvents(options.instruments, events), {}, play, () => null)
  play.end(null)
  return heard
}

/** Plays events one by one, going over to a copy that is made of a checkpoint before each of some places. */
export const playInPieces = (
  events: readonly MarketEvent[],
  places: ReadonlySet<number>,
  over: Partial<PlayOptions> = {},
): Message[] => {
  const { options, heard } = playOf(over)
  let play = new Play(options)
  play.begin()
  for (const [i, event] of events.entries()) {
    if (places.has(i)) play = new Play(options, JSON.parse(JSON.stringify(play.snapshot())) as Json)
    play.event(event)
  }
  play.end(null)
  return heard
}
