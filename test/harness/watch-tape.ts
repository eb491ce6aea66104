import { type RawMessage, connectBus } from '@tapedeck/bus'
import type { Stack } from '@tapedeck/stack'

/** Shows every message of the tape as it comes, from the start. Returns how to stop. */
export const watchTape = async (
  { servers }: Pick<Stack, 'servers'>,
  onMessage: (message: RawMessage) => void,
): Promise<() => Promise<void>> => {
  const bus = await connectBus({
    servers: [servers.nats.url],
    name: 'e2e',
    ...servers.nats.login('admin'),
  })
  const reading = bus.tape.read({
    after: 0,
    onBatch: (messages) => {
      for (const message of messages) onMessage(message)
      return Promise.resolve()
    },
  })
  return async () => {
    await reading.stop()
    await bus.close()
  }
}
