import type { Transaction } from 'kysely'
import { namedStatement } from '../connection/index.ts'
import type { Database, Executor } from '../connection/index.ts'
import { KEEP_HISTORY, checkpointMoved } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { encodeState } from './checkpoint-codec.ts'
import { HELD_LEASE, leaseLost } from './lease.ts'
import type { Lease } from './lease.ts'
import { insertOutbox, outboxParameters } from './outbox.ts'
import type { OutboxRow } from './outbox.ts'
import type { BaseTables } from './tables.ts'

/** What handling a batch of messages came to. */
export interface Effects<Tables> {
  /** The lease under which the service acts, where it has one. */
  readonly lease?: Pick<Lease, 'name' | 'epoch'>
  /** Where the service stands after the batch. */
  readonly checkpoint: Checkpoint
  /** What to append to the tape, in order; the last `seq` is `checkpoint.nextSeq - 1`. */
  readonly outbox: readonly OutboxRow[]
  /** Writes the service's own tables. Nothing outside `tx`: it runs again after a deadlock. */
  readonly project?: (tx: Transaction<Tables>) => Promise<void>
}

/**
 * Everything but projections in one statement, so in one round trip and one commit. Each part happens
 * only when the one before it did: held, then moved, then added.
 */
const STATEMENT = `with held as materialized (${HELD_LEASE}),
  moved as (
    update checkpoint
    set tape_seq = $3::bigint, next_seq = $4::bigint, run_id = $5, encoding = $6, state = $7, updated_at = now()
    where tape_seq <= $3 and next_seq = $4::bigint - $8::bigint and ($1::text is null or exists (select from held))
    returning 1), ${KEEP_HISTORY},
  added as (${insertOutbox(9)} where exists (select from moved))
  select $1::text is null or exists (select from held) as held, exists (select from moved) as moved`

const commit = namedStatement<{ held: boolean; moved: boolean }>('commit_effects', STATEMENT)

const checkSequence = ({ checkpoint, outbox }: Effects<never>): void => {
  const first = checkpoint.nextSeq - outbox.length
  const wrong = outbox.findIndex((row, index) => row.seq !== first + index)
  if (wrong !== -1) {
    throw new RangeError(
      `outbox[${wrong}].seq is ${outbox[wrong]?.seq}; expected ${first + wrong}, so that checkpoint.nextSeq ${checkpoint.nextSeq} follows the last`,
    )
  }
}

const writeEffects = async (on: Executor, effects: Effects<never>): Promise<void> => {
  const { lease, checkpoint, outbox } = effects
  const { encoding, bytes } = encodeState(checkpoint.state)
  const [row] = await commit(on, [
    lease?.name ?? null,
    lease?.epoch ?? null,
    checkpoint.tapeSeq,
    checkpoint.nextSeq,
    checkpoint.runId,
    encoding,
    bytes,
    outbox.length,
    ...outboxParameters(outbox),
  ])
  if (lease !== undefined && row?.held !== true) throw leaseLost(lease)
  if (row?.moved !== true) throw await checkpointMoved(on, checkpoint)
}

/**
 * A durable handler's one transaction: the lease is still held, the projections, the outbox, the
 * checkpoint. All of it or nothing.
 *
 * Without `project` it is a single statement. With it: begin, that statement, the projections, commit.
 * The stored `next_seq` must be exactly what the outbox continues, so a commit whose answer was lost can
 * be tried again without writing anything twice.
 *
 * @throws TapedeckError `LEASE_LOST` (stop), `CHECKPOINT_MOVED` (load the checkpoint, go on from there),
 * `POSTGRES_UNREACHABLE` (with `details.outcome`); RangeError when the outbox has a gap
 */
export const commitEffects = async <Tables extends BaseTables>(
  db: Database<Tables>,
  effects: Effects<Tables>,
): Promise<void> => {
  const plain: Effects<never> = {
    checkpoint: effects.checkpoint,
    outbox: effects.outbox,
    ...(effects.lease === undefined ? {} : { lease: effects.lease }),
  }
  checkSequence(plain)
  const { project } = effects
  if (project === undefined) return writeEffects(db, plain)
  await db.transaction(async (tx) => {
    await writeEffects(tx, plain)
    await project(tx)
  })
}
