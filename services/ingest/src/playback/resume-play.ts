import { loadCheckpoint } from '@tapedeck/database'
import { retryForever } from '@tapedeck/runtime'
import type { IngestContext } from './ingest-context.ts'
import { type PlayState, readPlayState } from './play-state.ts'
import type { Source } from './source.ts'

/** Where playing goes on. */
export interface Resumed {
  /** This source was being played before. */
  readonly goesOn: boolean
  readonly state: PlayState
  readonly nextSeq: number
  /** Tape sequence of the checkpoint. */
  readonly tapeSeq: number
}

/** From the checkpoint when it is of the same source, else from the beginning. Waits for Postgres. */
export const resumePlay = async (
  { bus, db, clock, stopping }: IngestContext,
  source: Pick<Source, 'key' | 'repeatable'>,
  { lockstep, ownSeq }: { readonly lockstep: boolean; readonly ownSeq: number },
): Promise<Resumed> => {
  const stored = await retryForever(async () => await loadCheckpoint(db), {
    name: 'checkpoint',
    clock,
    signal: stopping,
  })
  const known = readPlayState(stored.state)
  const goesOn = known !== null && known.key === source.key
  const state: PlayState = goesOn
    ? known
    : {
        key: source.key,
        phase: 'new',
        lockstep,
        prompt: false,
        failure: null,
        events: 0,
        settled: await bus.tape.lastSeq(),
        composer: null,
      }
  // Where the source cannot be played again, what was appended after the checkpoint stands.
  const nextSeq =
    goesOn && source.repeatable ? stored.nextSeq : Math.max(stored.nextSeq, ownSeq + 1)
  return { goesOn, state, nextSeq, tapeSeq: stored.tapeSeq }
}
