import { type Message, type Output, decode, hasCode, output } from '@tapedeck/contracts'
import type { Json } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Sealer } from './sealer.ts'
import type { ShellPorts } from './shell-ports.ts'
import { Shell } from './shell.ts'
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

const INSTRUMENT = testInstrument({ venue: 'generated', min_notional: '5' })

class Crash extends Error {}

class World {
  readonly tape: RawMessage[] = []
  readonly ids = new Set<string>()
  checkpoints: Checkpoint[] = []
  readonly outbox: OutboxRecord[] = []
  readonly letters: number[] = []
  /** Ids of the outputs that have their ledger row. */
  readonly ledger = new Set<string>()
  /** Ids of the inputs that were projected. */
  readonly read = new Set<string>()
  /** Ids of the outputs that were told as new. */
  readonly observed: string[] = []
  fuse = Infinity
  /** Which process is alive: what an earlier one still does has no effect. */
  life = 0

  burn(life: number): void {
    if (life !== this.life || this.fuse-- <= 0) throw new Crash('killed')
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

const tick = (at: number): Output =>
  output('market.clock', {
    aggregate_id: `clock.${at}`,
    aggregate_version: 1,
    occurred_at: at,
    payload: { at, jump: false },
  })

const market = (world: World, count: number): void => {
  const ingest = new Sealer({ ...PRODUCER, service: 'ingest' }, 1, () => 0)
  const start = output('market.run.started', {
    aggregate_id: RUN,
    aggregate_version: 1,
    occurred_at: 0,
    payload: { kind: 'recording', source: 'ticks', instruments: [INSTRUMENT], lockstep: false },
  })
  for (let i = 1; i <= count; i++) {
    const sealed = ingest.seal(i === 1 ? start : tick(i), null, RUN)
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
  const life = ++world.life
  const processing: Processing<null> = {
    service: 'risk',
    kind,
    reads: ['market.clock'],
    create: (snapshot) => brain(poison, snapshot),
    project: (_tx, outputs, inputs) => {
      for (const { eventId } of outputs) world.ledger.add(eventId)
      for (const { message } of inputs) world.read.add(message.event_id)
      return Promise.resolve()
    },
    projectsInputs: ['market.clock'],
    observe: (message, { isNew }) => {
      if (isNew) world.observed.push(message.event_id)
    },
  }
  const ports: ShellPorts<null> = {
    tape: {
      append: async (records) => {
        const seqs: number[] = []
        for (const record of records) {
          world.burn(life)
          seqs.push(world.put(record))
        }
        world.burn(life)
        return seqs
      },
      lastSeq: async () => world.tape.length,
      get: async (seq) => world.tape[seq - 1] ?? null,
      lastOf: async (filter) =>
        world.tape.findLast((m) => m.subject.startsWith(filter.replace('>', ''))) ?? null,
    },
    reader: {
      read: ({ after, onBatch }) => {
        let stopped = false
        const done = (async () => {
          let at = after
          while (!stopped && life === world.life) {
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
        world.burn(life)
        await effects.project?.(null)
        world.checkpoints = [structuredClone(effects.checkpoint), ...world.checkpoints].slice(0, 3)
        world.outbox.push(...effects.outbox)
        world.burn(life)
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

const command = (n: number): Output =>
  output('risk.command.received', {
    aggregate_id: `cmd-${n}`,
    aggregate_version: 1,
    occurred_at: 0,
    payload: {
      account: 'paper',
      command_id: `cmd-${n}`,
      command: 'halt',
      reason: 'a test',
      by: 'anna',
      limits: null,
      breaker: null,
    },
  })

/**
 * Runs until all ticks are handled, starting again after each crash. Fuses shorten run by run. Each run
 * injects a command once it is at the position that `commandAt` says.
 */
const play = async (
  kind: 'stream' | 'durable',
  ticks: number,
  fuses: number[],
  poison: ReadonlySet<number>,
  commandAt = Infinity,
) => {
  const world = new World()
  market(world, ticks)
  for (const [run, fuse] of [...fuses, Infinity].entries()) {
    world.fuse = fuse
    let died = false
    const shell = shellOf(world, kind, poison, () => {
      died = true
    })
    try {
      await shell.start()
      const reach = async (position: number): Promise<void> => {
        while (!died && shell.position < position)
          await new Promise((resolve) => setImmediate(resolve))
      }
      if (commandAt <= ticks) {
        await reach(commandAt)
        if (!died) await shell.inject([command(run)])
      }
      await reach(ticks)
      if (!died) await shell.stop()
    } catch (error) {
      // A command that was under way learns that its service is stopping.
      if (!hasCode(error, 'NOT_READY')) expect(error).toBeInstanceOf(Crash)
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

  it('has a ledger row for each output and input on the tape, and tells of none twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(40), { maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        async (fuses, commandAt) => {
          const world = await play(kind, 60, fuses, new Set(), commandAt)
          const rows = ours(world)
          expect(rows.map((row) => row[0])).toEqual(rows.map((_, i) => i + 1))
          const onTape = world.tape.filter((m) => m.subject.startsWith('tape.risk'))
          expect(onTape.filter((m) => !world.ledger.has(m.headers['id']!))).toEqual([])
          const ticks = world.tape.filter((m) => m.subject.startsWith('tape.market.clock'))
          expect(ticks.filter((m) => !world.read.has(m.headers['id']!))).toEqual([])
          expect(new Set(world.observed).size).toBe(world.observed.length)
          expect(rows.filter((row) => String(row[1]).startsWith('cmd-')).length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 60 },
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
