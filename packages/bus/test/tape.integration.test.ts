import { describe, expect, it } from '@jest/globals'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { DOMAIN_OF, MESSAGE_BYTES_MAX, SERVICES, hasCode } from '@tapedeck/contracts'
import { natsLines } from '@tapedeck/testkit'
import { DEAD_LETTER_HEADERS, createTapeHub, type RawMessage } from '../src/index.ts'
import { ensureStream } from '../src/streams/ensure-stream.ts'
import { numbered, rejection, withBus } from './with-bus.ts'

const text = (message: RawMessage): string => new TextDecoder().decode(message.bytes)
const lines = await natsLines()

for (const { line, missing } of lines) {
  const suite = missing === null ? describe : describe.skip
  suite(`the tape on nats-server (${line})${missing === null ? '' : `: ${missing}`}`, () => {
    const { server, bus } = withBus(line)

    describe('provisioning', () => {
      it('changes nothing the second time, and updates what is different', async () => {
        const { tape } = await bus('admin')
        expect(await tape.provision({ maxBytes: 500_000_000 })).toMatchObject({ created: false })
        const { info } = await tape.provision({ maxBytes: 600_000_000 })
        expect(info.tape.config).toMatchObject({ max_bytes: 600_000_000, deny_purge: true })
        await tape.provision({ maxBytes: 500_000_000 })
      })

      it('reports a setting that the server drops', async () => {
        const { url, login } = server()
        const nc = await connect({ servers: url, ...login('admin') })
        const wanted = { name: 'PROBE', subjects: ['probe.>'], allow_msg_ttl: true }
        const outcome = await rejection(
          ensureStream(await jetstreamManager(nc), wanted, async (question) => await question()),
        )
        await nc.close()
        const dropped = {
          code: 'STREAM_CONFIG_DROPPED',
          details: { stream: 'PROBE', fields: ['allow_msg_ttl'] },
        }
        const isOld = server().version!.startsWith('2.9.')
        expect({ outcome }).toMatchObject({ outcome: isOld ? dropped : null })
      })

      it('is the admin’s right alone', async () => {
        const { tape } = await bus('risk')
        const outcome = await rejection(tape.provision({ maxBytes: 1_000_000 }))
        expect(outcome).toMatchObject({ code: 'PUBLISH_FORBIDDEN' })
      })
    })

    describe('appending and reading', () => {
      it('keeps the order, gives sequences, and reads on from a stored position', async () => {
        const { tape } = await bus('ingest')
        const start = await tape.lastSeq()
        const seqs = await tape.append(numbered('tape.market.trades.v.A', 'order-', 3_000))
        expect(seqs).toEqual(seqs.map((_, index) => start + index + 1))
        const seen: RawMessage[] = []
        const reading = tape.read({
          after: start + 1_000,
          batchMax: 100,
          onBatch: async (messages) => {
            expect(messages.length).toBeLessThanOrEqual(100)
            seen.push(...messages)
          },
        })
        await reading.passed(start + 3_000)
        expect(reading.caughtUp()).toBe(true)
        expect(reading.position()).toBe(start + 3_000)
        await reading.stop()
        expect(seen.map(text)).toEqual(
          Array.from({ length: 2_000 }, (_, index) => `order-${index + 1_001}`),
        )
        expect(seen[0]).toMatchObject({
          seq: start + 1_001,
          subject: 'tape.market.trades.v.A',
          headers: { 'Nats-Msg-Id': 'order-1001' },
        })
        expect(seen[0]!.storedAt).toBeGreaterThan(1_600_000_000_000)
      })

      it('stores the same id once', async () => {
        const { tape } = await bus('ingest')
        const [message] = numbered('tape.market.trades.v.A', 'once-', 1)
        const [first] = await tape.append([message!])
        expect(await tape.append([message!, message!])).toEqual([first, first])
      })

      it('filters by one subject and by several, and passes over the rest', async () => {
        const { tape } = await bus('ingest')
        const start = await tape.lastSeq()
        const append = async (subject: string, prefix: string): Promise<unknown> =>
          await tape.append(numbered(subject, prefix, 2))
        await append('tape.market.trades.v.F', 'f-a')
        await append('tape.market.depth.v.F', 'f-b')
        await append('tape.market.mark.v.F', 'f-c')
        await append('tape.market.clock.run', 'f-d')
        const read = async (subjects: string[]): Promise<string[]> => {
          const seen: string[] = []
          const onBatch = async (messages: readonly RawMessage[]): Promise<void> => {
            seen.push(...messages.map(text))
          }
          const reading = tape.read({ after: start, subjects, onBatch })
          await reading.passed(start + 8)
          expect(reading.position()).toBe(start + 8)
          await reading.stop()
          return seen
        }
        expect(await read(['tape.market.depth.>'])).toEqual(['f-b1', 'f-b2'])
        const several = ['tape.market.trades.*.F', 'tape.market.mark.>', 'tape.market.mark.v.F']
        expect(await read(several)).toEqual(['f-a1', 'f-a2', 'f-c1', 'f-c2'])
      })

      it('waits for the reader, and gives it as one batch what has queued meanwhile', async () => {
        const { tape } = await bus('ingest')
        const start = await tape.lastSeq()
        const sizes: number[] = []
        const { promise: held, resolve: release } = Promise.withResolvers<void>()
        const { promise: began, resolve: begin } = Promise.withResolvers<void>()
        const reading = tape.read({
          after: start,
          onBatch: async (messages) => {
            sizes.push(messages.length)
            begin()
            await held
          },
        })
        await tape.append(numbered('tape.market.trades.v.A', 'first-', 1))
        await began
        await tape.append(numbered('tape.market.trades.v.A', 'queued-', 50))
        expect(reading.caughtUp()).toBe(false)
        expect(reading.position()).toBe(start)
        // The appender's answers came over another connection than the reader's messages.
        await tape.lastSeq()
        release()
        await reading.passed(start + 51)
        await reading.stop()
        expect(sizes[0]).toBe(1)
        expect(sizes.length).toBeLessThan(20)
      })

      it('hands over bytes that are no message as they are', async () => {
        const { tape } = await bus('ingest')
        const bytes = Uint8Array.of(0xff, 0x00, 0x7b, 0xc3, 0x28)
        const [seq] = await tape.append([
          { subject: 'tape.market.trades.v.A', id: 'garbage', bytes },
        ])
        const message = await tape.get(seq!)
        expect([...message!.bytes]).toEqual([...bytes])
        expect(message!.decoded()).toMatchObject({ ok: false, reason: 'NOT_JSON' })
        expect((await tape.lastOf('tape.market.>'))!.seq).toBe(seq)
        expect(await tape.get(seq! + 1_000)).toBeNull()
        expect(await tape.lastOf('tape.analyst.>')).toBeNull()
      })

      it('refuses what is too large, alone', async () => {
        const { tape } = await bus('ingest')
        const subject = 'tape.market.trades.v.A'
        const bytes = new Uint8Array(MESSAGE_BYTES_MAX + 1)
        const refused = tape.append([{ subject, id: 'large', bytes }])
        expect(await rejection(refused)).toMatchObject({ code: 'MESSAGE_OVERSIZED' })
        const largest = { subject, id: 'largest', bytes: bytes.subarray(1) }
        expect(await tape.append([largest])).toHaveLength(1)
      })

      it('ends a reading whose handler fails, and one that is ahead of the tape', async () => {
        const { tape } = await bus('ingest')
        await tape.append(numbered('tape.market.trades.v.A', 'failing-', 1))
        const failing = tape.read({
          after: 0,
          onBatch: async () => {
            throw new Error('handler failed')
          },
        })
        await expect(failing.finished).rejects.toThrow('handler failed')
        const ahead = tape.read({ after: 1_000_000, onBatch: async () => {} })
        await expect(ahead.finished).rejects.toMatchObject({ code: 'STREAM_TAIL_LOST' })
      })

      it('shares one reading among the readers of a hub', async () => {
        const { tape } = await bus('ingest')
        const start = await tape.lastSeq()
        await tape.append(numbered('tape.market.trades.v.H', 'hub-t', 3))
        await tape.append(numbered('tape.market.mark.v.H', 'hub-m', 3))
        const hub = createTapeHub(tape)
        const seen: Record<string, string[]> = { all: [], marks: [] }
        const into =
          (name: string) =>
          async (messages: readonly RawMessage[]): Promise<void> => {
            seen[name]!.push(...messages.map(text))
          }
        const all = hub.subscribe({ after: start + 1, onBatch: into('all') })
        const marks = hub.subscribe({
          after: start,
          subjects: ['tape.market.mark.>'],
          onBatch: into('marks'),
        })
        hub.start()
        await Promise.all([all.passed(start + 6), marks.passed(start + 6)])
        await hub.stop()
        expect(seen).toEqual({
          all: ['hub-t2', 'hub-t3', 'hub-m1', 'hub-m2', 'hub-m3'],
          marks: ['hub-m1', 'hub-m2', 'hub-m3'],
        })
      })
    })

    describe('permissions', () => {
      const domains = Object.values(DOMAIN_OF).filter((domain) => domain !== null)
      it.each(SERVICES)('%s publishes below its own domain only', async (service) => {
        const { tape } = await bus(service)
        const outcomes = await Promise.all(
          domains.map(async (domain) => {
            const id = `${service} to ${domain}`
            const appended = tape.append([
              { subject: `tape.${domain}.permission.test`, id, bytes: new Uint8Array() },
            ])
            const error = await rejection(appended)
            return [domain, error === null ? 'stored' : (error as { code: string }).code]
          }),
        )
        expect(Object.fromEntries(outcomes)).toEqual(
          Object.fromEntries(
            domains.map((domain) => [
              domain,
              domain === DOMAIN_OF[service] ? 'stored' : 'PUBLISH_FORBIDDEN',
            ]),
          ),
        )
      })
    })

    describe('besides the tape', () => {
      it('stores a dead letter once, with its reason and the original bytes', async () => {
        const risk = await bus('risk')
        const bytes = Uint8Array.of(1, 2, 3, 255)
        const letter = {
          reason: 'NOT_JSON',
          detail: 'line one\nline “two”',
          attempts: 3,
          subject: 'tape.setup.signal.generated.v.A',
          seq: 42,
          bytes,
        }
        await risk.deadLetter('risk', letter)
        await risk.deadLetter('risk', letter)
        const { url, login } = server()
        const nc = await connect({ servers: url, ...login('admin') })
        const jsm = await jetstreamManager(nc)
        const stored = await jsm.streams.getMessage('DEAD', { last_by_subj: 'dead.risk' })
        expect((await jsm.streams.info('DEAD')).state.messages).toBe(1)
        await nc.close()
        expect([...stored!.data]).toEqual([...bytes])
        const names = DEAD_LETTER_HEADERS
        expect(stored!.header.get(names.reason)).toBe('NOT_JSON')
        expect(JSON.parse(stored!.header.get(names.detail))).toBe(letter.detail)
        expect(stored!.header.get(names.subject)).toBe(letter.subject)
        expect(stored!.header.get(names.seq)).toBe('42')
      })

      it('asks and answers, and carries errors across', async () => {
        const [asking, answering] = [await bus('ingest'), await bus('risk')]
        const stop = answering.respond('control.risk.echo', async (data) => {
          if (data.length === 0) throw Object.assign(new Error('nothing'), { code: 'NOT_READY' })
          return data.toReversed()
        })
        // The subscription reaches the server before the answer to this does.
        await answering.tape.lastSeq()
        const ask = async (data: Uint8Array, subject = 'control.risk.echo'): Promise<Uint8Array> =>
          await asking.request(subject, data, 2_000)
        expect([...(await ask(Uint8Array.of(1, 2)))]).toEqual([2, 1])
        expect(await rejection(ask(new Uint8Array()))).toMatchObject({
          code: 'NOT_READY',
          message: 'nothing',
        })
        expect(await rejection(ask(Uint8Array.of(1), 'control.nobody'))).toMatchObject({
          code: 'UPSTREAM_UNAVAILABLE',
        })
        stop()
      })

      it('says at once when the password is wrong', async () => {
        const { url, login } = server()
        const { connectBus } = await import('../src/index.ts')
        const wrong = connectBus({ servers: url, ...login('risk'), pass: 'wrong', name: 'risk' })
        expect(hasCode(await rejection(wrong), 'NATS_LOGIN_REFUSED')).toBe(true)
      })
    })
  })
}
