import { hasCode } from '@tapedeck/contracts'
import type { Json } from '@tapedeck/core'
import {
  type BaseTables,
  type Checkpoint as StoredCheckpoint,
  type Database,
  type Lease,
  type Transaction,
  appendOutbox,
  commitEffects,
  loadCheckpoint,
  lowerMark,
  markPublished,
  outboxAfter,
  rewindCheckpoint,
  saveCheckpoint,
} from '@tapedeck/database'
import { retryForever } from '../lifecycle/index.ts'
import type { Clock } from '../ports/index.ts'
import type { Checkpoint, Effects, StorePort } from '../processing/index.ts'

export interface PostgresStoreOptions {
  readonly kind: 'stream' | 'durable'
  /** The lease of a durable service; every write asserts it. */
  readonly lease: () => Pick<Lease, 'name' | 'epoch'> | null
  readonly onWait: (attempt: number, error: unknown) => void
  readonly signal: AbortSignal
  readonly clock: Clock
}

const fromStored = (stored: StoredCheckpoint): Checkpoint => ({
  tapeSeq: stored.tapeSeq,
  nextSeq: stored.nextSeq,
  runId: stored.runId,
  state: stored.state as Json,
})

/** Only an absent server and a full disk are waited for; anything else ends the service. */
const isAway = (error: unknown): boolean =>
  hasCode(error, 'POSTGRES_UNREACHABLE') || hasCode(error, 'DISK_FULL')

/**
 * The service's tables as the shell sees them. Writes wait while Postgres is away or a disk is full: after an answer that was
 * lost, the stored checkpoint says whether the commit had happened.
 */
export const postgresStore = <Tables extends BaseTables>(
  db: Database<Tables>,
  options: PostgresStoreOptions,
): StorePort<Transaction<Tables>> => {
  const patiently = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const attempt = async (): Promise<{ value: T } | { error: unknown }> => {
      try {
        return { value: await work() }
      } catch (error) {
        if (isAway(error)) throw error
        return { error }
      }
    }
    const outcome = await retryForever(attempt, {
      name,
      clock: options.clock,
      signal: options.signal,
      onWait: (wait) => options.onWait(wait.attempt, wait.error),
    })
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }

  /** A stream service appends before it saves, so its `nextSeq` may be ahead of what is stored. */
  const commitStream = async (effects: Effects<Transaction<Tables>>): Promise<void> => {
    if (effects.outbox.length === 0 && effects.project === null)
      return await saveCheckpoint(db, effects.checkpoint)
    await db.transaction(async (tx) => {
      await saveCheckpoint(tx, effects.checkpoint)
      await appendOutbox(tx, effects.outbox)
      await effects.project?.(tx)
    })
  }

  const commitDurable = async (effects: Effects<Transaction<Tables>>): Promise<void> => {
    const lease = options.lease()
    await commitEffects(db, {
      checkpoint: effects.checkpoint,
      outbox: effects.outbox,
      ...(lease === null ? {} : { lease }),
      ...(effects.project === null ? {} : { project: effects.project }),
    })
  }

  /** The commit may have happened although its answer was lost: then the stored one is this one. */
  const hasHappened = async ({ checkpoint }: Effects<Transaction<Tables>>): Promise<boolean> => {
    const stored = await loadCheckpoint(db)
    return stored.tapeSeq === checkpoint.tapeSeq && stored.nextSeq === checkpoint.nextSeq
  }

  return {
    checkpoint: async () =>
      fromStored(await patiently('checkpoint', async () => await loadCheckpoint(db))),
    rewind: async (max) =>
      fromStored(await patiently('rewind', async () => await rewindCheckpoint(db, max))),
    lowerMark: async (max) =>
      fromStored(await patiently('mark', async () => await lowerMark(db, max))),
    commit: async (effects) => {
      let attempts = 0
      await patiently('commit', async () => {
        // Asked before, not after: a commit without outputs would be taken a second time.
        if (attempts++ > 0 && (await hasHappened(effects))) return
        await (options.kind === 'stream' ? commitStream(effects) : commitDurable(effects))
      })
    },
    outboxAfter: async (seq, limit) =>
      await patiently('outbox', async () => await outboxAfter(db, seq, limit)),
    markPublished: async (rows) => await markPublished(db, rows),
  }
}
