import { TapedeckError, shortHash, type Instrument } from '@tapedeck/contracts'
import type { ComposerOptions, MarketEvent } from '@tapedeck/core'
import { EventClock } from '../tape/event-clock.ts'
import type { DataLimit } from '../result/backtest-result.ts'
import { FolderTape } from '../tape/open-tape.ts'
import type { TapeReader, TimeRange } from '../tape/tape-chunk.ts'
import { limitsOf } from '../tape/tape-limits.ts'
import type { FeedSink } from './stream-cursor.ts'
import { feedTapes } from './tape-feed.ts'

/** A market that can be played: a tape, several, or a recording as it is read. */
export type MarketSource = {
  readonly instruments: readonly Instrument[]
  /** First time, and one past the last, in ms; null where only playing tells. */
  readonly from: number | null
  readonly to: number | null
  /** Names the data in results and run ids. */
  readonly fingerprint: string
  /** For people: what is played. */
  readonly label: string
  readonly composer: Partial<ComposerOptions>
  /** What it knows beforehand that its data cannot show. */
  readonly limits: readonly DataLimit[]
  /** `pause` is awaited between pieces, and may throw to end it. */
  feed(range: TimeRange, sink: FeedSink, pause: () => Promise<void> | null): Promise<void>
}

const assertApart = (tapes: readonly TapeReader[]): void => {
  const symbols = tapes.flatMap(({ instruments }) => instruments.map(({ symbol }) => symbol))
  const twice = symbols.find((symbol, i) => symbols.indexOf(symbol) !== i)
  if (twice !== undefined)
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `symbol ${twice} is on two of the tapes, expected each symbol once`,
      { hint: 'Convert the files of one symbol into one tape.' },
    )
}

/** What all of the tapes ask of the composer, which cuts them by one clock. */
const composerOf = (tapes: readonly TapeReader[]): Partial<ComposerOptions> => {
  const [first, ...others] = tapes.map(({ composer }) => composer ?? {})
  const other = others.find((one) => one.base !== first!.base || one.clockMs !== first!.clockMs)
  if (other === undefined) return first!
  throw new TapedeckError(
    'VALIDATION_FAILED',
    `the tapes have bars of ${first!.base ?? '15s'} and of ${other.base ?? '15s'}, expected one kind`,
  )
}

/** Tapes as one market. Throws VALIDATION_FAILED when a symbol is on two of them, or their bars differ. */
export const marketOfTapes = (tapes: readonly TapeReader[]): MarketSource => {
  assertApart(tapes)
  const fingerprint =
    tapes.length === 1
      ? tapes[0]!.fingerprint
      : shortHash(tapes.map((tape) => tape.fingerprint).join('|'), 64)
  return {
    instruments: tapes.flatMap(({ instruments }) => instruments),
    from: Math.min(...tapes.map(({ from }) => from)),
    to: Math.max(...tapes.map(({ to }) => to)),
    fingerprint,
    label: `tape ${fingerprint.slice(0, 16)}`,
    composer: composerOf(tapes),
    limits: tapes.flatMap((tape) => (tape instanceof FolderTape ? limitsOf(tape.manifest) : [])),
    feed: async (range, sink, pause) => await feedTapes(tapes, range, sink, pause),
  }
}

/** Market events as a source yields them, in the order received. `events` may be iterated once. */
export type EventMarket = Pick<MarketSource, 'instruments' | 'fingerprint' | 'label'> & {
  readonly composer?: Partial<ComposerOptions>
  readonly events: () => AsyncIterable<readonly MarketEvent[]>
}

/** A recording as it is read, without a tape in between. */
export const marketOfEvents = (market: EventMarket): MarketSource => ({
  instruments: market.instruments,
  from: null,
  to: null,
  fingerprint: market.fingerprint,
  label: market.label,
  composer: market.composer ?? {},
  limits: [],
  feed: async ({ from = -Infinity, to = Infinity }, sink, pause) => {
    const clock = new EventClock()
    for await (const events of market.events()) {
      for (const event of events) {
        const time = clock.of(event) ?? -Infinity
        if (time >= to) return
        if (time >= from || from === -Infinity) sink.event(event)
      }
      const wait = pause()
      if (wait !== null) await wait
    }
  },
})
