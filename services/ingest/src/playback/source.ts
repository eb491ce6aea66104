import type { Instrument, RunStarted } from '@tapedeck/contracts'
import type { ComposerOptions, MarketEvent } from '@tapedeck/core'

/** Where playing was left: a repeatable source skips, a live one fetches what came since. */
export interface Left {
  /** Events that were taken already. */
  readonly events: number
  /** Newest trade id on the tape, by symbol. */
  readonly lastTradeIds: Readonly<Record<string, number>>
}

/** A market that can be played, whatever it comes from. */
export interface Source {
  readonly kind: RunStarted['kind']
  /** For people: file names, a venue, a seed. */
  readonly label: string
  /** The same market has the same key, so a restarted service knows that it goes on. */
  readonly key: string
  /** The run it makes: derived where the market can be played again, random where it cannot. */
  readonly runId: string
  readonly instruments: readonly Instrument[]
  readonly composer: Partial<ComposerOptions>
  /** The same events come again from the start: a crash is met by reading on from where it was. */
  readonly repeatable: boolean
  /** It keeps up with the wall clock by itself; when it is behind, it catches up in lockstep. */
  readonly realTime: boolean
  /** Events in the order received, from where it was left. */
  events(from: Left, signal: AbortSignal): AsyncIterable<readonly MarketEvent[]>
}

/** Leaves out the first `skip` events of a stream of events. */
export async function* skipEvents(
  chunks: AsyncIterable<readonly MarketEvent[]>,
  skip: number,
): AsyncGenerator<readonly MarketEvent[]> {
  let left = skip
  for await (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length
    else {
      yield left === 0 ? chunk : chunk.slice(left)
      left = 0
    }
  }
}
