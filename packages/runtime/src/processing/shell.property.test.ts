import { type Message, type Output, decode, output } from '@tapedeck/contracts'
import type { Json } from '@tapedeck/core'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Sealer } from './sealer.ts'
import { Shell, type ShellPorts } from './shell.ts'
import type {
  Checkpoint,
  Effects,
  OutboxRecord,
  Processing,
  RawMessage,
  TapeRecord,
} from './types.ts'

/**
 * Goal: a crash at any point repeats nothing and loses nothing. Method: the shell runs over a tape and
 * a store in memory that die after a given number of operations (before or after their effect), is
 * started again until it is through, and must leave the same tape as a run that nothing disturbed.
 */

const RUN = '00000000-0000-4000-8000-000000000001'
const PRODUCER = { service: 'risk', version: '1', config_hash: '0'.repeat(16) }

class Crash extends Error {}

class World {
  readonly tape: RawMessage[] = []
  readonly ids = new Set<string>()
  checkpoints: Checkpoint[] = []
  readonly outbox: OutboxRecord[] = []
  readonly letters: number[] = []
  fuse = Infinity

  burn(): void {
    if (this.fuse-- <= 0) throw new Crash('killed')
  }

  put(record: TapeRecord): number {
    if (this.ids.has(record.id)) return this.tape.find((m) => m.headers['id'] === record.id)!.seq
    this.ids.add(record.id)
    const seq = this.tape.length + 1
    this.tape.push({
      seq,
      subject: record.subject,
      bytes: record.bytes,
      headers: { id: record.id },
    })
    return seq
  }
}

const market = (world: World, count: number): void => {
  const ingest = new Sealer({ ...PRODUCER, service: 'ingest' }, 1, () => 0)
  for (let i = 1; i <= count; i++) {
    const sealed = ingest.seal(
      output('market.clock', {
        aggregate_id: `clock.${i}`,
        aggregate_version: 1,
        occurred_at: i,
        payload: { at: i, jump: false },
      }),
      null,
      RUN,
    )
    world.put({ subject: sealed.subject, id: sealed.eventId, bytes: sealed.bytes })
  }
}

/** Answers every third tick with one output, every seventh with two; fails on the ticks in `poison`. */
const brain = (poison: ReadonlySet<number>, snapshot: Json | undefined) => {
  let count = typeof snapshot === 'number' ? snapshot : 0
  const out = (at: number, n: number): Output =>
    output('risk.flatten.requested', {
      aggregate_id: `flatten.${at}.${n}`,
      aggregate_version: 1,
      occurred_at: at,
      payload: { account: 'paper', at, reason: `tick ${count}` },
    })
  return {
    handle: (message: Message): Output[] => {
      const at = message.occurred_at
      count++
      if (poison.has(at)) throw new Error('poison')
      if (at % 7 === 0) return [out(at, 1), out(at, 2)]
      return at % 3 === 0 ? [out(at, 1)] : []
    },
    snapshot: (): Json => count,
  }
}

const shellOf = (
  world: World,
  kind: 'stream' | 'durable',
  poison: ReadonlySet<number>,
  fatal: (e: unknown) => void,
) => {
  const processing: Processing<null> = {
    service: 'risk',
    kind,
    reads: ['market.clock'],
    create: (snapshot) => brain(poison, snapshot),
  }
  const ports: ShellPorts<null> = {
    tape: {
      append: async (records) => {
        const seqs: number[] = []
        for (const record of records) {
          world.burn()
          seqs.push(world.put(record))
        }
        world.burn()
        return seqs
      },
      lastSeq: async () => world.tape.length,
      lastOf: async (filter) =>
        world.tape.findLast((m) => m.subject.startsWith(filter.replace('>', ''))) ?? null,
    },
    reader: {
      read: ({ after, onBatch }) => {
        let stopped = false
        const done = (async () => {
          let at = after
          while (!stopped) {
            const batch = world.tape
              .filter((m) => m.seq > at && m.subject.startsWith('tape.market'))
              .slice(0, 4)
            if (batch.length === 0) {
              await new Promise((resolve) => setImmediate(resolve))
              continue
            }
            await onBatch(batch)
            at = batch.at(-1)!.seq
          }
        })()
        return {
          stop: async () => {
            stopped = true
            await done
          },
        }
      },
    },
    store: {
      checkpoint: async () =>
        world.checkpoints[0] ?? { tapeSeq: 0, nextSeq: 1, runId: null, state: null },
      rewind: async (max) => {
        world.checkpoints = world.checkpoints.filter((c) => c.tapeSeq <= max)
        return world.checkpoints[0] ?? { tapeSeq: 0, nextSeq: 1, runId: null, state: null }
      },
      lowerMark: async () => world.checkpoints[0]!,
      commit: async (effects: Effects<null>) => {
        world.burn()
        world.checkpoints = [structuredClone(effects.checkpoint), ...world.checkpoints].slice(0, 3)
        world.outbox.push(...effects.outbox)
        world.burn()
      },
      outboxAfter: async (seq, limit) =>
        world.outbox.filter((row) => row.seq > seq).slice(0, limit),
      markPublished: async () => undefined,
    },
    deadLetter: async ({ message }) => {
      world.letters.push(message.seq)
    },
    metrics: {
      handled: () => {},
      appended: () => {},
      deadLettered: () => {},
      position: () => {},
      checkpointed: () => {},
    },
    log: () => {},
    now: () => 0,
    onFatal: fatal,
  }
  return new Shell(processing, ports, {
    producer: PRODUCER,
    checkpointMs: 1e9,
    checkpointMessages: 10,
  })
}

/** Runs until all ticks are handled, starting again after each crash. Fuses shorten run by run. */
const play = async (
  kind: 'stream' | 'durable',
  ticks: number,
  fuses: number[],
  poison: ReadonlySet<number>,
) => {
  const world = new World()
  market(world, ticks)
  for (const fuse of [...fuses, Infinity]) {
    world.fuse = fuse
    let died = false
    const shell = shellOf(world, kind, poison, () => {
      died = true
    })
    try {
      await shell.start()
      while (!died && shell.position < ticks) await new Promise((resolve) => setImmediate(resolve))
      if (!died) await shell.stop()
    } catch (error) {
      expect(error).toBeInstanceOf(Crash)
    }
  }
  return world
}

const ours = (world: World) =>
  world.tape
    .filter((m) => m.subject.startsWith('tape.risk'))
    .map((m) => decode(m.bytes))
    .map((d) => (d.ok ? [d.envelope.seq, d.envelope.aggregate_id, d.envelope.payload] : d.reason))

describe.each(['stream', 'durable'] as const)('a %s service', (kind) => {
  it('leaves the same tape, however often it is killed', async () => {
    const calm = ours(await play(kind, 60, [], new Set()))
    expect(calm).toHaveLength(8 * 2 + 18)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40), { maxLength: 5 }), async (fuses) => {
        expect(ours(await play(kind, 60, fuses, new Set()))).toEqual(calm)
      }),
      { numRuns: 40 },
    )
  })

  it('sets aside a message that it cannot handle, and goes on as if it had not been there', async () => {
    const world = await play(kind, 30, [], new Set([9, 14]))
    expect(world.letters).toEqual([9, 14])
    const ticks = ours(world).map((row) => String(row[1]).split('.')[1])
    expect(ticks).not.toContain('9')
    expect(ticks).toContain('28')
    expect(ours(world).map((row) => row[0])).toEqual(ours(world).map((_, i) => i + 1))
  })
})
