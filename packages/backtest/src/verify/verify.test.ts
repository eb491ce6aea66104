import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { MESSAGES, type Message, type MessageType, isType } from '@tapedeck/contracts'
import type { Json } from '@tapedeck/core'
import { testTrading } from '@tapedeck/test-data'
import { listArchiveRuns } from '../archive/index.ts'
import { type Placed, writeArchive } from '../archive/write-archive.fixture.ts'
import { changed, inMembers, record, tradedMarket } from './recorded-session.fixture.ts'
import type { RunReport, VerifyRunOptions } from './index.ts'
import { verdictOf, verifyRun } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-verify-'))
afterAll(() => rmSync(folder, { recursive: true }))

const RUN = '00000000-0000-5000-8000-000000000001'
const events = tradedMarket()
const tape: readonly Placed[] = record(events, { runId: RUN })

let archives = 0
/** Writes the tape as an archive of its own and verifies it. */
const verify = async (
  placed: readonly Placed[],
  options: VerifyRunOptions = {},
  trading: ReturnType<typeof testTrading> | null = testTrading(),
): Promise<RunReport> => {
  const archive = join(folder, String(++archives))
  writeArchive(archive, RUN, [inMembers(placed)], trading ?? undefined)
  return await verifyRun(listArchiveRuns(archive)[0]!, options)
}

const lastOf = (type: MessageType): Placed => tape.findLast(({ message }) => message.type === type)!

const HALT = {
  account: 'paper',
  command_id: 'halt-1',
  command: 'halt',
  reason: 'lunch',
  by: 'test',
  limits: null,
  breaker: null,
} as const

const isTainted = ({ message }: Placed): boolean =>
  isType(message, 'market.bar.closed') && message.payload.tainted

const sum = (report: RunReport, what: 'equal' | 'different' | 'missing' | 'extra' | 'ahead') =>
  Object.values(report.types).reduce((total, one) => total + one[what], 0)

/** Another number in the first place of the payload that holds one. */
const withOtherNumber = (value: unknown): { value: unknown; done: boolean } => {
  if (typeof value === 'number') return { value: value + 1, done: true }
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
    return {
      value: value.endsWith('1') ? `${value.slice(0, -1)}2` : `${value.slice(0, -1)}1`,
      done: true,
    }
  if (typeof value !== 'object' || value === null) return { value, done: false }
  for (const [key, inner] of Object.entries(value)) {
    const other = withOtherNumber(inner)
    if (other.done) return { value: Object.assign(value, { [key]: other.value }), done: true }
  }
  return { value, done: false }
}
const rewrite = (message: Message): Message => {
  expect(withOtherNumber(message.payload).done).toBe(true)
  return message
}

describe('a whole record', () => {
  it('is equal: every decision, bar and clock, those of the reconciler too', async () => {
    const report = await verify(tape)
    expect(report).toMatchObject({ differences_total: 0, damage: [], failures: [], producers: [] })
    expect(report).toMatchObject({ ended: true, messages: tape.length })
    const decided = tape.filter(({ message: { type } }) => MESSAGES[type].publisher !== 'ingest')
    expect(decided.length).toBeGreaterThan(4_000)
    expect(sum(report, 'equal')).toBeGreaterThan(decided.length + 5_000)
    expect(report.types['execution.trade.closed']?.equal).toBeGreaterThan(0)
    expect(report.types['reconciler.run.completed']?.unchecked).toEqual({})
    expect(verdictOf([report])).toBe('equal')
  })

  it('the venue’s answers are taken from the record where they cannot be computed', async () => {
    const free = changed(tape, 1, (message) => {
      ;(message as Message<'market.run.started'>).payload.lockstep = false
      return message
    })
    expect(await verify(free)).toMatchObject({ differences_total: 0 })
    const first = free.find(({ message }) => message.type === 'reconciler.run.completed')
    const blind = changed(free, first!.tapeSeq, (message) => {
      ;(message.payload as { seen: unknown }).seen = null
      return message
    })
    const report = await verify(blind)
    expect(report.types['reconciler.run.completed']).toMatchObject({
      equal: 0,
      unchecked: { VENUE_NOT_RECORDED: expect.any(Number) },
    })
    expect(report.differences_total).toBe(0)
  })

  it('with holes in the prints, and with several looks at the venue in one step', async () => {
    const holed = tradedMarket(3).filter((event) => event.kind !== 'trade' || event.id % 100 < 90)
    const trading = testTrading({ reconciliation: { interval_ms: 5_000 } })
    const some = record(holed, { runId: RUN, trading })
    expect(some.some(isTainted)).toBe(true)
    expect(await verify(some, {}, trading)).toMatchObject({ differences_total: 0 })
  })

  it('an end that was not recorded is told, and what would have come next is no difference', async () => {
    const at = lastOf('risk.signal.approved').tapeSeq
    const report = await verify(tape.slice(0, at - 1))
    expect(report).toMatchObject({ ended: false, differences_total: 0 })
    expect(report.types['risk.signal.approved']?.ahead).toBe(1)
  })

  it('a service that decides by another configuration is named, and compared all the same', async () => {
    const trading = testTrading({ risk: { base_risk_percent: 0.5 } })
    const report = await verify(tape, { trading })
    expect(report.producers.map(({ service, what }) => `${service} ${what}`)).toEqual([
      'risk config_hash',
    ])
    expect(report.differences[0]).toMatchObject({ service: 'risk', type: 'risk.limits.changed' })
  })

  it('a service that was started again by another configuration is followed', async () => {
    const other = testTrading({ strategy: { cooldown_ms: 0 } })
    const restart = { at: Math.floor(events.length * 0.8), trading: other }
    const both = record(events, { runId: RUN, restart })
    const archive = join(folder, String(++archives))
    // The journal writes each configuration beside the run when it is started by it.
    writeArchive(archive, RUN, [inMembers(both)], testTrading())
    writeArchive(archive, RUN, [inMembers(both)], other)
    const run = listArchiveRuns(archive)[0]!
    expect(await verifyRun(run)).toMatchObject({ differences_total: 0, producers: [] })
    const report = await verifyRun(run, { trading: testTrading() })
    expect(report.differences[0]).toMatchObject({ service: 'setup-generator' })
  })

  it('a halt and limits of an operator outlive a run: the next one is computed with them', async () => {
    const next = '00000000-0000-5000-8000-000000000009'
    const short = tradedMarket(1)
    let state: Json | undefined
    let halted = false
    const first = record(short, {
      runId: RUN,
      before: (_, play) => {
        if (!halted) play.brain.command(HALT, 0)
        halted = true
        state = play.snapshot()
      },
    })
    // The same services go on with another market.
    const { risk } = (state as unknown as { brain: { seats: { risk: Json } } }).brain.seats
    const second = record(short, { runId: next, seats: { risk } }).map(({ tapeSeq, message }) => ({
      message,
      tapeSeq: tapeSeq + first.length,
    }))
    const archive = join(folder, String(++archives))
    writeArchive(archive, RUN, [inMembers(first)], testTrading())
    writeArchive(archive, next, [inMembers(second)], testTrading())
    const [one, other] = listArchiveRuns(archive)
    expect(await verifyRun(one!)).toMatchObject({ differences_total: 0 })
    expect(await verifyRun(other!)).toMatchObject({ differences_total: 0 })
    rmSync(one!.folder, { recursive: true })
    expect((await verifyRun(other!)).differences[0]).toMatchObject({ service: 'risk' })
  })

  it('without a configuration nothing can be computed, and that is said', async () => {
    await expect(verify(tape, {}, null)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('one decision asked for by its id is shown with its input, and only it is counted', async () => {
    const approved = lastOf('risk.signal.approved').message
    const report = await verify(tape, { asked: ({ event_id }) => event_id === approved.event_id })
    expect(sum(report, 'equal')).toBe(1)
    expect(report.asked).toEqual([
      expect.objectContaining({
        verdict: 'equal',
        message: approved,
        recomputed: approved,
        cause: expect.objectContaining({ type: 'setup.signal.generated' }),
      }),
    ])
  })
})

describe('a record that was changed', () => {
  const TYPES: readonly MessageType[] = ['risk.signal.approved', 'reconciler.run.completed']
  it.each(TYPES)('one number in %s: found at that message, with both sides', async (type) => {
    const { tapeSeq, message } = lastOf(type)
    const report = await verify(changed(tape, tapeSeq, rewrite))
    expect(report.differences[0]).toMatchObject({
      verdict: 'different',
      tape_seq: tapeSeq,
      seq: message.seq,
      type,
      event_id: message.event_id,
      path: expect.stringMatching(/^payload\./),
      cause: { event_id: message.causation_id },
      place: { line: expect.any(Number) },
    })
    const { recorded, recomputed } = report.differences[0]!
    expect(recorded).not.toEqual(recomputed)
    expect(verdictOf([report])).toBe('different')
  })

  it('one number in a message of every type that is computed: each is found where it is', async () => {
    const types = [...new Set(tape.map(({ message }) => message.type))].filter(
      (type) => MESSAGES[type].publisher !== 'ingest' || /market\.(bar\.closed|clock)/.test(type),
    )
    let all: readonly Placed[] = tape
    for (const type of types) all = changed(all, lastOf(type).tapeSeq, rewrite)
    const { differences } = await verify(all)
    const found = new Set(differences.map(({ tape_seq }) => tape_seq))
    expect(types.filter((type) => !found.has(lastOf(type).tapeSeq))).toEqual([])
    expect(types.length).toBeGreaterThan(25)
  }, 300_000)

  it('a price of the market: found where it first makes a difference', async () => {
    const features = lastOf('orderflow.features').tapeSeq
    const { tapeSeq } = tape.findLast(
      ({ tapeSeq: at, message: { type } }) => type === 'market.trades' && at < features,
    )!
    const report = await verify(
      changed(tape, tapeSeq, (message) => {
        ;(message as Message<'market.trades'>).payload.price_ticks[0]! += 500
        return message
      }),
    )
    expect(report.differences_total).toBeGreaterThan(0)
    expect(report.differences[0]!.tape_seq).toBeGreaterThan(tapeSeq)
  })

  it('a message that was taken out is missing, and the hole in the sequence shows', async () => {
    const { tapeSeq, message } = lastOf('orderflow.features')
    const report = await verify(tape.filter((one) => one.tapeSeq !== tapeSeq))
    const own = report.differences.filter(({ service }) => service === 'orderflow')
    expect(own[0]).toMatchObject({ verdict: 'missing', event_id: message.event_id })
    expect(own[1]).toMatchObject({ verdict: 'different', path: 'seq' })
  })

  it('a message that nobody computes is extra', async () => {
    const { tapeSeq, message } = lastOf('journal.trade.recorded')
    const forged = {
      ...message,
      aggregate_version: message.aggregate_version + 1,
      seq: message.seq + 1,
    }
    const report = await verify(
      tape.flatMap((one) =>
        one.tapeSeq < tapeSeq
          ? [one]
          : one.tapeSeq === tapeSeq
            ? [one, { tapeSeq: tapeSeq + 1, message: forged }]
            : [{ ...one, tapeSeq: one.tapeSeq + 1 }],
      ),
    )
    expect(report.differences[0]).toMatchObject({ verdict: 'extra', tape_seq: tapeSeq + 1 })
  })
})
