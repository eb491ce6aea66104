import { randomUUID } from 'node:crypto'
import type { BaseTables, Transaction } from '@tapedeck/database'
import type { ConfigDefinition } from '../config/index.ts'
import type { Health, StopStack } from '../lifecycle/index.ts'
import { type Processing, type ReaderPort, Shell } from '../processing/index.ts'
import { type HeldLease, holdLease } from './hold-lease.ts'
import { postgresStore } from './postgres-store.ts'
import { measureOutbox, processingMetrics } from './processing-metrics.ts'
import type { ServiceContext, ShellOf } from './service-definition.ts'

/** What hosting a loop takes beside the context of its service. */
export interface Hosting {
  readonly health: Health
  readonly stops: StopStack
  /** A reader that several services share; without it the loop reads for itself. */
  readonly reader: ReaderPort | undefined
}

type HostedContext<Tables extends BaseTables> = Pick<
  ServiceContext<ConfigDefinition, Tables>,
  'name' | 'bus' | 'db' | 'clock' | 'logger' | 'metrics' | 'producer' | 'stopping' | 'fail'
>

const CHECKPOINT_MS = 5_000
const CHECKPOINT_MESSAGES = 20_000

/** Only one instance of a durable service acts at a time; this one waits until it may. */
const lease = async <Tables extends BaseTables>(
  context: HostedContext<Tables>,
  { health, stops }: Hosting,
): Promise<HeldLease> => {
  const { name, db, clock, stopping, fail } = context
  const held = await holdLease({
    db,
    name,
    holder: `${name}-${randomUUID()}`,
    clock,
    signal: stopping,
    onWait: (reason) => health.set('lease', false, reason),
    onLost: fail,
  })
  health.set('lease', true)
  stops.push('lease', async () => await held.release())
  return held
}

/** Checkpoints of a tape that has gone quiet: what was appended last has its rows soon. */
const keepSaving = async (
  { clock, stopping }: Pick<HostedContext<BaseTables>, 'clock' | 'stopping'>,
  save: () => Promise<void>,
): Promise<void> => {
  while (!stopping.aborted) {
    await clock.sleep(CHECKPOINT_MS, stopping)
    if (!stopping.aborted) await save()
  }
}

/** The loop over the tape, with the lease where the service acts on the outside world. Not started yet. */
export const hostShell = async <Tables extends BaseTables>(
  context: HostedContext<Tables>,
  processing: Processing<Transaction<Tables>>,
  hosting: Hosting,
): Promise<ShellOf<Tables>> => {
  const { name, bus, db, clock, logger, metrics, producer, stopping, fail } = context
  const { health, reader } = hosting
  const held = processing.kind === 'durable' ? await lease(context, hosting) : null
  const store = postgresStore(db, {
    kind: processing.kind,
    lease: () => held?.lease ?? null,
    clock,
    signal: stopping,
    onWait: (attempt, error) =>
      health.set('postgres', false, `attempt ${attempt}: ${String(error)}`),
  })
  const shell: ShellOf<Tables> = new Shell(
    processing,
    {
      tape: bus.tape,
      reader: reader ?? { read: (options) => bus.tape.read(options) },
      store: {
        ...store,
        commit: async (effects) => {
          await store.commit(effects)
          health.set('postgres', true)
        },
      },
      deadLetter: async ({ message: { subject, seq, bytes }, ...letter }) =>
        await bus.deadLetter(name, { ...letter, subject, seq, bytes }),
      metrics: processingMetrics(metrics),
      log: (level, event, fields) => logger[level]({ event, ...fields }, event),
      now: () => clock.now(),
      mayAct: () => held?.isSure() ?? true,
      onFatal: fail,
    },
    { producer, checkpointMs: CHECKPOINT_MS, checkpointMessages: CHECKPOINT_MESSAGES },
  )
  keepSaving(context, async () => await shell.saveWhenDue()).catch(fail)
  if (processing.kind === 'durable') measureOutbox(metrics, () => shell.waiting, clock)
  return shell
}
