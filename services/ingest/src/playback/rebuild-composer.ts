import type { Bus } from '@tapedeck/bus'
import type { Message } from '@tapedeck/contracts'
import type { MarketComposer } from '@tapedeck/core'
import { eventsOfMessage } from './events-of-message.ts'

/**
 * Live, after a crash: the composer is brought from the checkpoint to the end of the tape by what ingest
 * appended itself, for that cannot be received again. `onMessage` hears of each, in tape order.
 */
export const rebuildComposer = async (
  bus: Bus,
  composer: MarketComposer,
  {
    after,
    last,
    onMessage,
  }: {
    readonly after: number
    readonly last: number
    readonly onMessage: (message: Message) => void
  },
): Promise<void> => {
  if (last <= after) return
  const versions = new Map<string, Message>()
  const done = Promise.withResolvers<void>()
  const reading = bus.tape.read({
    after,
    subjects: ['tape.market.>'],
    onBatch: (messages) => {
      for (const raw of messages.filter(({ seq }) => seq <= last)) {
        const decoded = raw.decoded()
        if (!decoded.ok) continue
        const message = decoded.envelope as Message
        composer.push(eventsOfMessage(message))
        onMessage(message)
        versions.set(`${message.type}|${message.aggregate_id}`, message)
      }
      if (messages.at(-1)!.seq >= last) done.resolve()
      return Promise.resolve()
    },
  })
  await done.promise
  await reading.stop()
  composer.flush()
  for (const message of versions.values()) composer.adopt(message)
}
