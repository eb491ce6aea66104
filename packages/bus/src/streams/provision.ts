import {
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { TAPE_PREFIX } from '@tapedeck/contracts'
import { ensureStream, type Ask, type WantedStream } from './ensure-stream.ts'
import { DEAD_STREAM, TAPE_STREAM } from './stream-names.ts'

const DAY_MS = 86_400_000
const GIB = 1024 ** 3

/** How much of the tape a NATS server keeps; the journal archives it beyond that. */
export type Retention = {
  /** Default: 14 days. */
  readonly maxAgeMs?: number
  /** Default: 20 GiB. The oldest messages go first. */
  readonly maxBytes?: number
  /** Default: 1. Three survive the loss of one node. */
  readonly replicas?: number
  readonly storage?: 'file' | 'memory'
  /**
   * How long the server remembers message ids (about 0.4 KB each). It only has to outlast bytes of a
   * broken connection that are still under way. Default: 2 minutes.
   */
  readonly duplicateWindowMs?: number
}

export type Provisioned = {
  /** Whether the tape is new. */
  readonly created: boolean
  readonly info: { readonly tape: StreamInfo; readonly dead: StreamInfo }
}

const logStream = (name: string, prefix: string, replicas: number): WantedStream => ({
  name,
  subjects: [`${prefix}.>`],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  num_replicas: replicas,
  // What is on a log is not taken back: neither one message nor all of them.
  deny_delete: true,
  deny_purge: true,
})

/** Creates the tape and the dead letters, or brings their settings up to date. Needs the admin's rights. */
export const provision = async (
  jsm: JetStreamManager,
  ask: Ask,
  retention: Retention = {},
): Promise<Provisioned> => {
  const { maxAgeMs = 14 * DAY_MS, maxBytes = 20 * GIB, replicas = 1, storage = 'file' } = retention
  const tapeSettings: WantedStream = {
    ...logStream(TAPE_STREAM, TAPE_PREFIX, replicas),
    storage: storage === 'file' ? StorageType.File : StorageType.Memory,
    max_age: nanos(maxAgeMs),
    max_bytes: maxBytes,
    duplicate_window: nanos(Math.min(retention.duplicateWindowMs ?? 120_000, maxAgeMs)),
  }
  const deadSettings: WantedStream = {
    ...logStream(DEAD_STREAM, 'dead', replicas),
    storage: StorageType.File,
    max_age: nanos(90 * DAY_MS),
    max_bytes: Math.min(GIB, maxBytes),
    duplicate_window: nanos(120_000),
  }
  const tape = await ensureStream(jsm, tapeSettings, ask)
  const dead = await ensureStream(jsm, deadSettings, ask)
  return { created: tape.created, info: { tape: tape.info, dead: dead.info } }
}
