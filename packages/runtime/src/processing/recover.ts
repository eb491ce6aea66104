import { DOMAIN_OF, Envelope, TAPE_PREFIX, type ServiceName } from '@tapedeck/contracts'
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
  readonly runId: string | null
  readonly state: ShellState
  /** One sentence when something was found that an operator should know. */
  readonly notice: string | null
}

/**
 * The place of a message in our own sequence, or null when it is not ours: anybody with the rights of an
 * administrator may have put something below our domain, and it says nothing about how far we have come.
 * Of any version: what a newer release of ours appended counts too.
 */
const ownSeqOf = (service: ServiceName, { bytes }: RawMessage): number | null => {
  try {
    const { data } = Envelope.safeParse(JSON.parse(new TextDecoder().decode(bytes)))
    return data?.producer.service === service ? data.seq : null
  } catch {
    return null
  }
}

/** The newest message below `prefix` before a place on the tape. Only walked past what cannot be read. */
const before = async (
  tape: TapePort,
  tapeSeq: number,
  prefix: string,
): Promise<RawMessage | null> => {
  for (let seq = tapeSeq - 1; seq > 0; seq--) {
    const message = await tape.get(seq)
    if (message?.subject.startsWith(prefix) === true) return message
  }
  return null
}

export const ownTail = async (service: ServiceName, tape: TapePort): Promise<OwnTail> => {
  const prefix = `${TAPE_PREFIX}.${DOMAIN_OF[service]}.`
  let last = DOMAIN_OF[service] === null ? null : await tape.lastOf(`${prefix}>`)
  while (last !== null) {
    const seq = ownSeqOf(service, last)
    if (seq !== null) return { seq, tapeSeq: last.seq }
    last = await before(tape, last.seq, prefix)
  }
  return { seq: 0, tapeSeq: 0 }
}

type Marks = Pick<StorePort<never>, 'checkpoint' | 'rewind' | 'lowerMark'>

/**
 * A stream service may start from an older checkpoint and compute again, so it goes back to the newest
 * one that lies wholly on the tape. A durable service has acted on what it saw: Postgres is the
 * authority, so its newest state stands even when the tape lost its tail.
 */
const meetTape = async (
  kind: 'stream' | 'durable',
  store: Marks,
  newest: Checkpoint,
  tape: { readonly lastSeq: number; readonly ownSeq: number },
): Promise<Checkpoint> => {
  if (kind === 'durable')
    return newest.tapeSeq > tape.lastSeq ? await store.lowerMark(tape.lastSeq) : newest
  let checkpoint = newest
  while (
    checkpoint.tapeSeq > 0 &&
    (checkpoint.tapeSeq > tape.lastSeq || checkpoint.nextSeq > tape.ownSeq + 1)
  )
    checkpoint = await store.rewind(Math.min(tape.lastSeq, checkpoint.tapeSeq - 1))
  return checkpoint
}

/**
 * Finds where a service goes on: from its checkpoint, what the tape holds, and what it holds of ours.
 * `ownSeq` is what the tape will hold of ours once the outbox has been appended again.
 */
export const recover = async (
  kind: 'stream' | 'durable',
  store: Marks,
  tape: { readonly lastSeq: number; readonly ownSeq: number },
): Promise<Recovered> => {
  const newest = await store.checkpoint()
  if (newest.state !== null) {
    const met = await meetTape(kind, store, newest, tape)
    return {
      position: met.tapeSeq,
      nextSeq: met.nextSeq,
      runId: met.runId,
      state: met.state === null ? FRESH : unpackState(met.state),
      notice:
        met.tapeSeq < newest.tapeSeq
          ? `the tape ends at ${tape.lastSeq} and holds our messages up to ${tape.ownSeq}, less than checkpoint ${newest.tapeSeq} knew: it lost its tail`
          : null,
    }
  }
  // Never saved, though the tape holds messages of ours: the database was lost. Computing again could
  // contradict what is on the tape, so go on from its end.
  const lost = tape.ownSeq > 0
  return {
    position: lost ? tape.lastSeq : 0,
    nextSeq: tape.ownSeq + 1,
    runId: null,
    state: FRESH,
    notice: lost
      ? 'no checkpoint, but the tape holds messages of this service: starting fresh at the end of the tape'
      : null,
  }
}
