import { describe, expect, it } from '@jest/globals'
import { rawMessage, type RawMessage } from '../raw-message.ts'
import type { ReadOptions, TapeReading } from '../read/read-tape.ts'
import { createTapeHub } from './tape-hub.ts'

const message = (seq: number, subject: string): RawMessage =>
  rawMessage({ seq, subject, bytes: new Uint8Array(), storedAt: 0, readHeaders: () => undefined })

/** A tape whose reading is driven by the test. */
const drivenTape = (): {
  read: (options: ReadOptions) => TapeReading
  options: () => ReadOptions
} => {
  let taken: ReadOptions | null = null
  return {
    read(options) {
      taken = options
      return {
        stop: async () => {},
        position: () => 0,
        caughtUp: () => true,
        passed: async () => {},
        finished: new Promise(() => {}),
      }
    },
    options: () => taken!,
  }
}

const collector = (): { seen: number[]; onBatch: ReadOptions['onBatch'] } => {
  const seen: number[] = []
  return {
    seen,
    onBatch: async (messages) => {
      seen.push(...messages.map(({ seq }) => seq))
    },
  }
}

describe('a hub', () => {
  it('starts where the reader that is furthest behind has to, and gives each what is new to it', async () => {
    const tape = drivenTape()
    const hub = createTapeHub(tape)
    const [old, young] = [collector(), collector()]
    hub.subscribe({ after: 2, onBatch: old.onBatch })
    const reader = hub.subscribe({ after: 4, subjects: ['tape.a.>'], onBatch: young.onBatch })
    hub.start()
    expect(tape.options()).toMatchObject({ after: 2, subjects: [] })
    await tape.options().onBatch([3, 4, 5].map((seq) => message(seq, 'tape.a.x')))
    await tape.options().onBatch([message(6, 'tape.b.x')])
    await reader.passed(6)
    expect(old.seen).toEqual([3, 4, 5, 6])
    expect(young.seen).toEqual([5])
    expect(reader.position()).toBe(6)
    await hub.stop()
  })

  it('asks the server only for what its readers need', () => {
    const tape = drivenTape()
    const hub = createTapeHub(tape)
    const { onBatch } = collector()
    hub.subscribe({ after: 0, subjects: ['tape.a.>', 'tape.b.>'], onBatch })
    hub.subscribe({ after: 0, subjects: ['tape.b.>'], onBatch })
    hub.start()
    expect(tape.options().subjects).toEqual(['tape.a.>', 'tape.b.>'])
  })

  it('is held up by its slowest reader, within a bound', async () => {
    const tape = drivenTape()
    const hub = createTapeHub(tape)
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const fast = collector()
    hub.subscribe({ after: 0, onBatch: async () => await released })
    hub.subscribe({ after: 0, onBatch: fast.onBatch })
    hub.start()
    const batch = Array.from({ length: 20_000 }, (_, index) => message(index + 1, 'tape.a.x'))
    let taken = false
    const offered = tape
      .options()
      .onBatch(batch)
      .then(() => (taken = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(fast.seen).toHaveLength(20_000)
    expect(taken).toBe(false)
    release()
    await offered
    await hub.stop()
  })

  it('goes on with the others when one reader fails', async () => {
    const tape = drivenTape()
    const hub = createTapeHub(tape)
    const other = collector()
    const failing = hub.subscribe({
      after: 0,
      onBatch: async () => {
        throw new Error('cannot')
      },
    })
    hub.subscribe({ after: 0, onBatch: other.onBatch })
    hub.start()
    await tape.options().onBatch([message(1, 'tape.a.x')])
    await expect(failing.finished).rejects.toThrow('cannot')
    await tape.options().onBatch([message(2, 'tape.a.x')])
    expect(other.seen).toEqual([1, 2])
    await hub.stop()
  })

  it('shows every reader the same decoded envelope', async () => {
    const tape = drivenTape()
    const hub = createTapeHub(tape)
    const decoded: unknown[] = []
    const onBatch = async ([first]: readonly RawMessage[]): Promise<void> => {
      decoded.push(first?.decoded())
    }
    hub.subscribe({ after: 0, onBatch })
    hub.subscribe({ after: 0, onBatch })
    hub.start()
    await tape.options().onBatch([message(1, 'tape.a.x')])
    expect(decoded).toHaveLength(2)
    expect(decoded[0]).toBe(decoded[1])
    await hub.stop()
  })
})
