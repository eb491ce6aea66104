import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { DEAD_LETTER_HEADERS, DEAD_STREAM } from '@tapedeck/bus'
import type { Stack } from '@tapedeck/stack'

/** A message that was put aside. */
export interface DeadLetter {
  readonly service: string
  readonly reason: string
  /** Where on the tape it lies. */
  readonly seq: number
  readonly bytes: Uint8Array
}

/** The tape without the product's manners: anything can be put on it. */
export interface OpenTape {
  /** Stores the bytes as they are and returns their tape sequence. */
  put(subject: string, bytes: Uint8Array): Promise<number>
  deadLetters(): Promise<DeadLetter[]>
  close(): Promise<void>
}

/** Connects as the administrator, who alone may do this. */
export const openTape = async ({ servers }: Pick<Stack, 'servers'>): Promise<OpenTape> => {
  const nc = await connect({ servers: servers.nats.url, ...servers.nats.login('admin') })
  const jsm = await jetstreamManager(nc)
  const names = DEAD_LETTER_HEADERS
  return {
    put: async (subject, bytes) => (await jsm.jetstream().publish(subject, bytes)).seq,
    deadLetters: async () => {
      const { state } = await jsm.streams.info(DEAD_STREAM)
      const letters: DeadLetter[] = []
      for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
        const stored = await jsm.streams.getMessage(DEAD_STREAM, { seq })
        if (stored === null) continue
        letters.push({
          service: stored.subject.replace('dead.', ''),
          reason: stored.header.get(names.reason),
          seq: Number(stored.header.get(names.seq)),
          bytes: stored.data,
        })
      }
      return letters
    },
    close: async () => await nc.close(),
  }
}
