import type { JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { SILENT } from '../connection/bus-logger.ts'
import { watchStatus } from '../connection/connection-status.ts'
import { readTape } from '../read/read-tape.ts'
import { MESSAGE_ID_HEADER, TAPE_STREAM } from '../streams/stream-names.ts'

/**
 * Which of `ids` are on the tape after `after`, up to its present end, with their sequences. The server
 * remembers ids only for a while; the tape itself always knows.
 */
export const findStored = async (
  connection: { nc: NatsConnection; jsm: JetStreamManager },
  ids: ReadonlySet<string>,
  after: number,
): Promise<ReadonlyMap<string, number>> => {
  const found = new Map<string, number>()
  const { state } = await connection.jsm.streams.info(TAPE_STREAM)
  if (ids.size === 0 || state.last_seq <= after) return found
  const reading = readTape(
    {
      ...connection,
      stream: TAPE_STREAM,
      status: watchStatus(connection.nc),
      logger: SILENT,
      multipleFilters: false,
    },
    {
      // What retention has removed cannot be found, and was not about to be sent either.
      after: Math.max(after, state.first_seq - 1),
      onBatch: async (messages) => {
        for (const { headers, seq } of messages) {
          const id = headers[MESSAGE_ID_HEADER]
          if (id !== undefined && ids.has(id) && !found.has(id)) found.set(id, seq)
        }
      },
    },
  )
  await Promise.race([reading.passed(state.last_seq), reading.finished])
  await reading.stop()
  await reading.finished
  return found
}
