import { DOMAIN_OF, TAPE_PREFIX, type ServiceName } from '@tapedeck/contracts'
import { FRESH, type ShellState, unpackState } from './shell-state.ts'
import type { Checkpoint, RawMessage, StorePort, TapePort } from './types.ts'

/** The newest message of ours on the tape. Nothing of ours there: both are 0. */
export interface OwnTail {
  readonly seq: number
  readonly tapeSeq: number
}

export interface Recovered {
  readonly position: number
  readonly nextSeq: number
  readonly state: ShellState
  readonly own: OwnTail
  /** One sentence when something was found that an operator should know. */
  readonly notice: string | null
}

const seqOf = (message: RawMessage): number => {
  const { seq } = JSON.parse(new TextDecoder().decode(message.bytes)) as { seq?: unknown }
  if (!Number.isSafeInteger(seq))
    throw new TypeError(`tape message ${message.seq} of ours has no seq`)
  return seq as number
}

export const ownTail = async (service: ServiceName, tape: TapePort): Promise<OwnTail> => {
  const domain = DOMAIN_OF[service]
  const last = domain === null ? null : await tape.lastOf(`${TAPE_PREFIX}.${domain}.>`)
  return last === null ? { seq: 0, tapeSeq: 0 } : { seq: seqOf(last), tapeSeq: last.seq }
}

/**
 * A stream service may start from an older checkpoint and compute again, so it takes the newest one
 * that lies wholly on the tape. A durable service has acted on what it saw: Postgres is the
 * authority, so its newest state stands even when the tape lost its tail.
 */
const choose = (
  kind: 'stream' | 'durable',
  checkpoints: readonly Checkpoint[],
  own: OwnTail,
  lastSeq: number,
): { checkpoint: Checkpoint; notice: string | null } | null => {
  const newest = checkpoints[0]
  if (newest === undefined) return null
  const whole = checkpoints.find((c) => c.tapeSeq <= lastSeq && c.nextSeq <= own.seq + 1)
  if (kind === 'stream' && whole !== undefined) return { checkpoint: whole, notice: null }
  const lost = newest.tapeSeq > lastSeq
  return {
    checkpoint: { ...newest, tapeSeq: Math.min(newest.tapeSeq, lastSeq) },
    notice: lost
      ? `the tape ends at ${lastSeq}, before checkpoint ${newest.tapeSeq}: it lost its tail`
      : null,
  }
}

/** Finds where a service goes on: from its checkpoint, what the tape holds, and what it holds of ours. */
export const recover = async (
  service: ServiceName,
  kind: 'stream' | 'durable',
  tape: TapePort,
  store: Pick<StorePort<never>, 'checkpoints'>,
): Promise<Recovered> => {
  const lastSeq = await tape.lastSeq()
  const own = await ownTail(service, tape)
  const chosen = choose(kind, await store.checkpoints(), own, lastSeq)
  if (chosen !== null)
    return {
      position: chosen.checkpoint.tapeSeq,
      nextSeq: chosen.checkpoint.nextSeq,
      state: unpackState(chosen.checkpoint.state),
      own,
      notice: chosen.notice,
    }
  // No checkpoint though the tape holds messages of ours: the database was lost. Computing again
  // could contradict what is on the tape, so go on from its end.
  if (own.seq > 0)
    return {
      position: lastSeq,
      nextSeq: own.seq + 1,
      state: FRESH,
      own,
      notice:
        'no checkpoint, but the tape holds messages of this service: starting fresh at the end of the tape',
    }
  return { position: 0, nextSeq: 1, state: FRESH, own, notice: null }
}
