import type { RawMessage } from '../raw-message.ts'
import type { TapeReading } from '../read/read-tape.ts'
import type { Tape } from '../tape.ts'
import { Subscriber, type SubscribeOptions } from './subscriber.ts'

/** One reading of the tape, shared by everybody in the process: each message arrives and is decoded once. */
export type TapeHub = {
  /**
   * Adds a reader with its own position, filter and pace. Before `start` it shares the reading;
   * later it gets one of its own, since the shared one has moved on.
   */
  subscribe(options: SubscribeOptions): TapeReading
  /** Begins where the reader that is furthest behind has to. */
  start(): void
  /** Stops the reading and every reader. */
  stop(): Promise<void>
  /** Rejects when the tape cannot be read on. A reader's own failure is in its own `finished`. */
  readonly finished: Promise<void>
}

/** The subjects that all readers together need; empty when one of them needs everything. */
const neededSubjects = (options: readonly SubscribeOptions[]): readonly string[] => {
  const all = options.map(({ subjects = [] }) => subjects)
  return all.some((subjects) => subjects.length === 0) ? [] : [...new Set(all.flat())]
}

/** A hub over `tape`; nothing is read before `start`. */
export const createTapeHub = (tape: Pick<Tape, 'read'>): TapeHub => {
  const shared: Subscriber[] = []
  const sharedOptions: SubscribeOptions[] = []
  const own: TapeReading[] = []
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<TapeReading>()
  let reading: TapeReading | null = null

  const fanOut = async (messages: readonly RawMessage[]): Promise<void> => {
    await Promise.all(shared.map(async (subscriber) => await subscriber.offer(messages)))
  }

  return {
    finished,
    subscribe(options) {
      if (reading !== null) {
        const late = tape.read(options)
        own.push(late)
        return late
      }
      const subscriber = new Subscriber(
        options,
        async () => await begun.promise,
        () => reading?.caughtUp() ?? false,
      )
      shared.push(subscriber)
      sharedOptions.push(options)
      return subscriber
    },
    start() {
      if (reading !== null) return
      const after = Math.min(...shared.map((subscriber) => subscriber.after))
      reading = tape.read({
        after: Number.isFinite(after) ? after : 0,
        subjects: neededSubjects(sharedOptions),
        onBatch: fanOut,
      })
      begun.resolve(reading)
      reading.finished.then(resolve, reject)
    },
    async stop() {
      for (const subscriber of shared) subscriber.end()
      await Promise.all([...shared, ...own].map(async (each) => await each.stop()))
      await reading?.stop()
      resolve()
    },
  }
}
