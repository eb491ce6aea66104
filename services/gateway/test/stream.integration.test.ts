import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type StreamEvent, eventsOf } from './read-events.ts'
import { type Gateway, append, example, withStack } from './with-gateway.ts'

const stack = withStack(() => ({ journal: 'http://127.0.0.1:9' }))
let gateway: Gateway

beforeAll(async () => {
  gateway = await stack().start({ TAPEDECK_STREAMS_PER_CALLER_MAX: '4' })
}, 300_000)

const open = async (
  query: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> =>
  await fetch(`${gateway.url}/v1/stream${query}`, {
    headers: { authorization: `Bearer ${gateway.key}`, accept: 'text/event-stream', ...headers },
    ...(signal === undefined ? {} : { signal }),
  })

/** Messages of the tape from one connection, until there are `count`; then it is cut. */
const take = async (
  query: string,
  count: number,
  lastId: string | null,
): Promise<StreamEvent[]> => {
  const cut = new AbortController()
  const response = await open(query, lastId === null ? {} : { 'last-event-id': lastId }, cut.signal)
  expect(response.status).toBe(200)
  const taken: StreamEvent[] = []
  try {
    for await (const event of eventsOf(response)) {
      if (!event.event.includes('.')) continue
      taken.push(event)
      if (taken.length === count) break
    }
  } finally {
    cut.abort()
  }
  return taken
}

const clockAt = (at: number) => example('market.clock', { at })
const account = () => example('execution.account.updated')
const order = (symbol: string) => example('execution.order.filled', { symbol })

it('a client that is cut off again and again sees every message exactly once', async () => {
  const { bus } = stack()
  const start = await bus.tape.lastSeq()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
      async (cuts) => {
        const before = await bus.tape.lastSeq()
        const total = cuts.reduce((sum, count) => sum + count, 0)
        // Half is there before the client comes, half comes while it reads; others are mixed in.
        const write = async (from: number, to: number): Promise<void> => {
          for (let i = from; i < to; i++) await append(bus, [clockAt(i), account()])
        }
        await write(0, Math.floor(total / 2))
        const rest = write(Math.floor(total / 2), total)
        let lastId = String(before)
        const seen: { id: number; at: unknown }[] = []
        for (const count of cuts) {
          const events = await take('?topics=market.clock', count, lastId)
          lastId = events.at(-1)!.id!
          for (const { id, data } of events)
            seen.push({
              id: Number(id),
              at: (JSON.parse(data) as { payload: { at: number } }).payload.at,
            })
        }
        await rest
        expect(seen.map(({ at }) => at)).toEqual(Array.from({ length: total }, (_, i) => i))
        expect(seen.every(({ id }, i) => i === 0 || id > seen[i - 1]!.id)).toBe(true)
      },
    ),
    { numRuns: 8 },
  )
  expect(await bus.tape.lastSeq()).toBeGreaterThan(start)
}, 300_000)

describe('a stream', () => {
  it('begins with how to come back and where it begins, and sends the bytes of the tape', async () => {
    const { bus } = stack()
    const last = await bus.tape.lastSeq()
    const cut = new AbortController()
    const response = await open('?topics=market.clock', {}, cut.signal)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    const events = eventsOf(response)
    const hello = (await events.next()).value as StreamEvent
    expect(hello).toMatchObject({ event: 'hello', id: String(last) })
    const envelope = clockAt(5)
    const [seq] = await append(bus, [envelope])
    expect((await events.next()).value).toEqual({
      id: String(seq),
      event: 'market.clock',
      data: JSON.stringify(envelope),
    })
    cut.abort()
  })

  it('sends what is about a symbol or about none, and prints only to who asks', async () => {
    const { bus } = stack()
    const last = await bus.tape.lastSeq()
    await append(bus, [
      order('ETHUSDT'),
      example('market.trades', { symbol: 'ETHUSDT' }),
      order('BTCUSDT'),
      clockAt(1),
      account(),
    ])
    const ids = async (query: string, count: number) =>
      (await take(`${query}&last_event_id=${last}`, count, null)).map(({ event }) => event)
    expect(await ids('?symbol=BTCUSDT', 3)).toEqual([
      'execution.order.filled',
      'market.clock',
      'execution.account.updated',
    ])
    expect(await ids('?symbol=ETHUSDT&topics=market', 2)).toEqual(['market.trades', 'market.clock'])
  })

  it('goes on from the end when the client knows more than the tape', async () => {
    const { bus } = stack()
    const last = await bus.tape.lastSeq()
    const cut = new AbortController()
    const response = await open(
      '?topics=market.clock',
      { 'last-event-id': String(last + 1_000) },
      cut.signal,
    )
    const events = eventsOf(response)
    await events.next()
    const resync = (await events.next()).value as StreamEvent
    expect(resync).toMatchObject({ event: 'resync', id: String(last) })
    expect(JSON.parse(resync.data)).toMatchObject({
      reason: 'STREAM_TAIL_LOST',
      resumed_after: last,
    })
    const [seq] = await append(bus, [clockAt(9)])
    expect((await events.next()).value).toMatchObject({ id: String(seq) })
    cut.abort()
  })

  it.each([
    ['who takes JSON only', '', { accept: 'application/json' }, 406, 'NOT_ACCEPTABLE'],
    ['a topic that does not exist', '?topics=weather', {}, 422, 'VALIDATION_FAILED'],
    ['a position that is none', '', { 'last-event-id': 'x1' }, 422, 'VALIDATION_FAILED'],
    ['a filter that does not exist', '?topic=setup', {}, 422, 'VALIDATION_FAILED'],
    ['who has no key', '', { authorization: 'Bearer tdk_nothing' }, 401, 'UNAUTHENTICATED'],
  ])('is refused to %s', async (_case, query, headers, status, code) => {
    const response = await open(query, headers)
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      status,
      code,
    ])
  })

  it('is one of a bounded number, and makes room when it ends', async () => {
    const cuts = Array.from({ length: 4 }, () => new AbortController())
    const opened = await Promise.all(cuts.map(async ({ signal }) => await open('', {}, signal)))
    expect(opened.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const refused = await open('')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
    for (const cut of cuts) cut.abort()
    let status = 429
    for (let i = 0; i < 3_000 && status === 429; i++) {
      const cut = new AbortController()
      ;({ status } = await open('', {}, cut.signal))
      cut.abort()
      if (status === 429) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(status).toBe(200)
  })

  it('says good-bye when the gateway stops', async () => {
    const other = await stack().start()
    const response = await fetch(`${other.url}/v1/stream`, {
      headers: { authorization: `Bearer ${gateway.key}` },
    })
    const events = eventsOf(response)
    await events.next()
    const stopped = other.stop()
    const last = (await events.next()).value as StreamEvent
    expect(last).toMatchObject({ event: 'bye' })
    expect(JSON.parse(last.data)).toMatchObject({ reason: 'stopping' })
    expect((await events.next()).done).toBe(true)
    await stopped
  })
})
