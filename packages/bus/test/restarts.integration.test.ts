import { setTimeout as sleep } from 'node:timers/promises'
import { context, ROOT_CONTEXT, trace, type ContextManager } from '@opentelemetry/api'
import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { natsLines } from '@tapedeck/testkit'
import { pickPort } from '@tapedeck/dev'
import { until } from '@tapedeck/test-data'
import { connectBus, type RawMessage } from '../src/index.ts'
import { unreliableLink } from './unreliable-link.ts'
import { numbered, rejection, withBus } from './with-bus.ts'

const text = (message: RawMessage): string => new TextDecoder().decode(message.bytes)
const lines = await natsLines()

/** The same numbers in [0, 1) every time (mulberry32). */
const seededChance = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

for (const { line, missing } of lines) {
  const suite = missing === null ? describe : describe.skip
  suite(
    `through restarts of nats-server (${line})${missing === null ? '' : `: ${missing}`}`,
    () => {
      const { server, bus } = withBus(line)

      it('appends in order, without holes and without doubles, and reads everything once', async () => {
        const ingest = await bus('ingest')
        const risk = await bus('risk')
        const reader = await bus('journal')
        const start = await ingest.tape.lastSeq()
        const read: RawMessage[] = []
        const reading = reader.tape.read({
          after: start,
          onBatch: async (messages) => {
            read.push(...messages)
          },
        })
        const appendAll = async (
          tape: typeof ingest.tape,
          subject: string,
          isOver: () => boolean,
        ): Promise<number[]> => {
          const appended: Promise<number[]>[] = []
          for (let batch = 0; !isOver() || batch < 50; batch += 1) {
            appended.push(
              tape.append(numbered(`${subject}${batch % 3}`, `${subject}/${batch}/`, 20)),
            )
            // Some calls wait for those before them, others pile up.
            if (batch % 7 === 0) await appended.at(-1)
          }
          return (await Promise.all(appended)).flat()
        }
        let isOver = false
        const first = appendAll(ingest.tape, 'tape.market.trades.v.R', () => isOver)
        const second = appendAll(risk.tape, 'tape.risk.session.updated.R', () => isOver)
        for (let round = 0; round < 6; round += 1) {
          await sleep(60 + 50 * round)
          if (round % 3 === 2) await server().stop()
          else await server().kill('SIGKILL')
          await sleep(40 * round)
          await server().restart()
        }
        isOver = true
        const results = [await first, await second]
        const last = await ingest.tape.lastSeq()
        await reading.passed(last)
        await reading.stop()

        expect(read.map(({ seq }) => seq)).toEqual(read.map((_, index) => start + index + 1))
        for (const [index, subject] of ['tape.market', 'tape.risk'].entries()) {
          const own = read.filter((message) => message.subject.startsWith(subject))
          // The sequences that the appender was told are those of its messages, one for each, rising.
          expect(own.map(({ seq }) => seq)).toEqual(results[index])
          const expected = own.map(({ subject: full }, at) => {
            const prefix = full.slice(0, -1)
            return `${prefix}/${Math.floor(at / 20)}/${(at % 20) + 1}`
          })
          expect(own.map(text)).toEqual(expected)
        }
      }, 300_000)

      it('sends nothing again that the tape holds, even when the server has forgotten its ids', async () => {
        const admin = await bus('admin')
        await admin.tape.provision({ maxBytes: 500_000_000, duplicateWindowMs: 100 })
        const link = await unreliableLink(server().port)
        const ingest = await bus('ingest', link.url)
        const start = await ingest.tape.lastSeq()
        await ingest.tape.append(numbered('tape.market.trades.v.W', 'window-warm-', 1))
        link.setDeaf(true)
        const appended = ingest.tape.append(numbered('tape.market.trades.v.W', 'window-', 200))
        // As many as may be in flight are stored, and the appender hears of none.
        await until(async () => (await admin.tape.lastSeq()) >= start + 65)
        link.cut()
        await sleep(300)
        link.setDeaf(false)
        expect(await appended).toEqual(Array.from({ length: 200 }, (_, index) => start + index + 2))
        expect(await admin.tape.lastSeq()).toBe(start + 201)
        link.close()
        await admin.tape.provision({ maxBytes: 500_000_000 })
      }, 300_000)

      it('keeps order when the connection breaks in the middle of messages, again and again', async () => {
        const link = await unreliableLink(server().port)
        const ingest = await bus('ingest', link.url)
        const start = await ingest.tape.lastSeq()
        const seqs: Promise<number[]>[] = []
        const chance = seededChance(20_261)
        for (let round = 0; round < 15; round += 1) {
          const prefix = `cut-${round}-`
          seqs.push(ingest.tape.append(numbered(`tape.market.trades.v.C${round % 3}`, prefix, 300)))
          link.cutAfter(1 + Math.floor(chance() * 60_000))
          const isDeaf = chance() < 0.4
          link.setDeaf(isDeaf)
          await sleep(chance() * 120)
          if (isDeaf) link.cut()
          link.setDeaf(false)
        }
        const expected = Array.from({ length: 15 * 300 }, (_, index) => start + index + 1)
        expect((await Promise.all(seqs)).flat()).toEqual(expected)
        const stored: string[] = []
        const reading = ingest.tape.read({
          after: start,
          onBatch: async (messages) => {
            stored.push(...messages.map(text))
          },
        })
        await reading.passed(expected.at(-1)!)
        await reading.stop()
        expect(stored).toEqual(
          expected.map((_, at) => `cut-${Math.floor(at / 300)}-${(at % 300) + 1}`),
        )
        link.close()
      }, 300_000)

      it('holds callers back while the server is away, and stores everything once it is back', async () => {
        const ingest = await bus('ingest')
        const start = await ingest.tape.lastSeq()
        await server().kill('SIGKILL')
        const calls = Array.from({ length: 100 }, async (_, call) =>
          ingest.tape.append(numbered('tape.market.trades.v.B', `bound-${call}-`, 100)),
        )
        let isStored = false
        const all = Promise.all(calls).then((seqs) => {
          isStored = true
          return seqs.flat()
        })
        await sleep(300)
        expect(isStored).toBe(false)
        await server().restart()
        expect(await all).toEqual(Array.from({ length: 10_000 }, (_, index) => start + index + 1))
      }, 300_000)

      it('notices a frozen server and goes on when it thaws', async () => {
        const ingest = await bus('ingest')
        const start = await ingest.tape.lastSeq()
        await ingest.tape.append(numbered('tape.market.trades.v.Z', 'warm-', 1))
        await server().kill('SIGSTOP')
        const appended = ingest.tape.append(numbered('tape.market.trades.v.Z', 'frozen-', 300))
        await sleep(500)
        await server().kill('SIGCONT')
        const seqs = await appended
        expect(seqs).toEqual(seqs.map((_, index) => start + index + 2))
      }, 300_000)

      it('rejects what was not stored when it is closed while the server is away', async () => {
        const ingest = await bus('ingest')
        await ingest.tape.append(numbered('tape.market.trades.v.C', 'stored-', 1))
        await server().kill('SIGKILL')
        const lost = ingest.tape.append(numbered('tape.market.trades.v.C', 'lost-', 3))
        const outcome = rejection(lost)
        await ingest.close()
        expect(await outcome).toMatchObject({ code: 'NATS_UNREACHABLE' })
        expect(ingest.status()).toBe('closed')
        await server().restart()
      }, 300_000)

      it('waits at its start for a server that is not there yet', async () => {
        const port = await pickPort(0, 'test')
        const heard: string[] = []
        const abort = new AbortController()
        const waiting = connectBus({
          servers: `nats://127.0.0.1:${port}`,
          name: 'waiting',
          onStatus: (status) => {
            heard.push(status)
            if (heard.length === 3) abort.abort()
          },
          signal: abort.signal,
        })
        await expect(waiting).rejects.toMatchObject({ code: 'NATS_UNREACHABLE' })
        expect(heard).toEqual(['reconnecting', 'reconnecting', 'reconnecting'])
      })
    },
  )
}

describe('a server that does not answer', () => {
  const { server } = withBus('any')

  it('tells that the tape is silent though the connection stands, and that it is back', async () => {
    const link = await unreliableLink(server().port)
    const told: (string | null)[] = []
    const journal = await connectBus({
      servers: link.url,
      ...server().login('journal'),
      name: 'journal',
      onTape: (problem) => told.push(problem),
    })
    const after = await journal.tape.lastSeq()
    const reading = journal.tape.read({ after, onBatch: async () => {} })
    await until(() => reading.caughtUp())
    link.setDeaf(true)
    await until(() => told.at(-1) !== null)
    expect(journal.status()).toBe('connected')
    link.setDeaf(false)
    await until(() => told.at(-1) === null)
    // A machine that is slow may hear of more than one reason.
    expect([told[0], told.at(-1)]).toEqual([null, null])
    for (const problem of told.slice(1, -1)) expect(problem).toMatch(/^the tape cannot be read: /)
    await reading.stop()
    await journal.close()
    link.close()
  }, 300_000)
})

describe('a trace', () => {
  const storage = new AsyncLocalStorage<typeof ROOT_CONTEXT>()
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...args) =>
      storage.run(active, () => run.call(self as never, ...args)),
    bind: (_context, target) => target,
    enable: () => manager,
    disable: () => manager,
  }
  beforeAll(() => void context.setGlobalContextManager(manager))
  afterAll(() => context.disable())

  const { bus } = withBus('any')

  it('goes on across the tape', async () => {
    const { tape } = await bus('ingest')
    const span = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
    }
    const active = trace.setSpanContext(ROOT_CONTEXT, span)
    const [message] = numbered('tape.market.trades.v.T', 'traced-', 1)
    const [seq] = await context.with(active, async () => await tape.append([message!]))
    expect((await tape.get(seq!))!.headers).toMatchObject({
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    })
    const given = { ...message!, id: 'traced-given', headers: { traceparent: 'as given' } }
    const [other] = await context.with(active, async () => await tape.append([given]))
    expect((await tape.get(other!))!.headers['traceparent']).toBe('as given')
  })
})
