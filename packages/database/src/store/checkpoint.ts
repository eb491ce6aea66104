import { TapedeckError } from '@tapedeck/contracts'
import { namedStatement } from '../connection/index.ts'
import type { Executor } from '../connection/index.ts'
import { decodeState, encodeState } from './checkpoint-codec.ts'
import type { StateEncoding } from './tables.ts'

/** Where a service stands on the tape, and all that it knows there. */
export interface Checkpoint {
  /** The state is current to this tape sequence; 0 before the first message. */
  readonly tapeSeq: number
  /** The service's next own `seq`; starts at 1. */
  readonly nextSeq: number
  readonly runId: string | null
  /** Survives JSON unchanged (a decider's `snapshot()`); null for none. Key order is kept. */
  readonly state: unknown
}

type CheckpointRow = {
  tape_seq: number
  next_seq: number
  run_id: string | null
  encoding: StateEncoding
  state: Buffer | null
}

/** An older checkpoint is kept when the newest kept one is a minute old: three reach over any unsynced tail. */
const HISTORY_SPACING_SECONDS = 60
const HISTORY_KEPT = 3

/**
 * CTEs that keep the row as it was before this statement's update, now and then, and forget all but
 * the last few. `moved` is the caller's update: nothing is kept when it did not happen.
 */
export const KEEP_HISTORY = `
  kept as (
    insert into checkpoint_history (tape_seq, next_seq, run_id, encoding, state)
    select tape_seq, next_seq, run_id, encoding, state from checkpoint
    where tape_seq > 0 and exists (select from moved) and not exists (
      select from checkpoint_history
      where kept_at > now() - interval '${HISTORY_SPACING_SECONDS} seconds')
    on conflict (tape_seq) do nothing
    returning 1),
  forgotten as (
    delete from checkpoint_history
    where exists (select from kept) and tape_seq in (
      select tape_seq from checkpoint_history order by tape_seq desc offset ${HISTORY_KEPT - 1}))`

const load = namedStatement<CheckpointRow>(
  'load_checkpoint',
  'select tape_seq, next_seq, run_id, encoding, state from checkpoint',
)

const save = namedStatement<{ moved: boolean }>(
  'save_checkpoint',
  `with moved as (
    update checkpoint
    set tape_seq = $1, next_seq = $2, run_id = $3, encoding = $4, state = $5, updated_at = now()
    where tape_seq <= $1 and next_seq <= $2
    returning 1), ${KEEP_HISTORY}
  select exists (select from moved) as moved`,
)

const rewind = namedStatement<CheckpointRow>(
  'rewind_checkpoint',
  `with target as (
    select tape_seq, next_seq, run_id, encoding, state from (
      select tape_seq, next_seq, run_id, encoding, state from checkpoint
      union all
      select tape_seq, next_seq, run_id, encoding, state from checkpoint_history
      union all
      select 0, 1, null, 'json', null) candidates
    where tape_seq <= $1 order by tape_seq desc, next_seq desc limit 1),
  dropped as (delete from checkpoint_history where tape_seq > $1),
  moved as (
    update checkpoint c
    set tape_seq = t.tape_seq, next_seq = t.next_seq, run_id = t.run_id, encoding = t.encoding,
        state = t.state, updated_at = now()
    from target t where c.tape_seq > $1)
  select * from target`,
)

const fromRow = (row: CheckpointRow): Checkpoint => ({
  tapeSeq: row.tape_seq,
  nextSeq: row.next_seq,
  runId: row.run_id,
  state: decodeState(row.encoding, row.state),
})

const only = (rows: readonly CheckpointRow[]): Checkpoint => {
  const [row] = rows
  if (row === undefined) {
    throw new TapedeckError(
      'MIGRATION_FAILED',
      'the table checkpoint has no row; expected the one that the base migrations insert',
    )
  }
  return fromRow(row)
}

/** The newest checkpoint. A service that never saved one gets `{ tapeSeq: 0, nextSeq: 1, … null }`. */
export const loadCheckpoint = async (db: Executor): Promise<Checkpoint> => only(await load(db, []))

/** Names what was found where another checkpoint was expected. */
export const checkpointMoved = async (on: Executor, wanted: Checkpoint): Promise<TapedeckError> => {
  const { tapeSeq, nextSeq } = await loadCheckpoint(on)
  return new TapedeckError(
    'CHECKPOINT_MOVED',
    `the checkpoint (tape_seq ${wanted.tapeSeq}, next_seq ${wanted.nextSeq}) does not follow the stored one (tape_seq ${tapeSeq}, next_seq ${nextSeq})`,
    { details: { stored: { tapeSeq, nextSeq } } },
  )
}

/**
 * Saves a checkpoint. In the transaction of the projections, where there are any.
 *
 * @throws TapedeckError `CHECKPOINT_MOVED` when either sequence would go back; nothing is written then
 */
export const saveCheckpoint = async (tx: Executor, checkpoint: Checkpoint): Promise<void> => {
  const { encoding, bytes } = encodeState(checkpoint.state)
  const { tapeSeq, nextSeq, runId } = checkpoint
  const [row] = await save(tx, [tapeSeq, nextSeq, runId, encoding, bytes])
  if (row?.moved !== true) throw await checkpointMoved(tx, checkpoint)
}

/**
 * For a tape that turned out shorter than the checkpoint: goes back to the newest checkpoint at or
 * before `tapeSeqMax`, or to the beginning when none is old enough, and makes it the current one.
 * For stream handlers, whose outputs come out again with the same ids.
 *
 * @returns the checkpoint in force now (the stored one, unchanged, when it was not beyond `tapeSeqMax`)
 */
export const rewindCheckpoint = async (db: Executor, tapeSeqMax: number): Promise<Checkpoint> =>
  only(await rewind(db, [tapeSeqMax]))

const lower = namedStatement<CheckpointRow>(
  'lower_mark',
  `update checkpoint set tape_seq = least(tape_seq, $1), updated_at = now()
  returning tape_seq, next_seq, run_id, encoding, state`,
)

/**
 * The same for durable handlers: only the mark goes back; state and `next_seq` stay, because what they
 * did is committed and their outbox re-appends it. What they then read again they must recognise.
 */
export const lowerMark = async (db: Executor, tapeSeqMax: number): Promise<Checkpoint> =>
  only(await lower(db, [tapeSeqMax]))
