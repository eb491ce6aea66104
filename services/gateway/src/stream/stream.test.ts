import { describe, expect, it } from '@jest/globals'
import { rawMessage } from '@tapedeck/bus'
import { MESSAGE_TYPES } from '@tapedeck/contracts'
import { FrameBuffer } from './frame-buffer.ts'
import { messageFrame } from './frames.ts'
import { acceptsEventStream } from './stream-routes.ts'
import { subjectsOf, typesOf } from './topics.ts'

describe('topics', () => {
  it('are everything but prints and book changes when none is named', () => {
    const left = MESSAGE_TYPES.filter((type) => !typesOf(undefined).includes(type))
    expect(left).toEqual(['market.trades', 'market.depth'])
  })

  it.each([
    ['market.trades', ['market.trades']],
    ['setup', ['setup.evaluated', 'setup.signal.generated', 'setup.event.recorded']],
    [
      'risk.signal, market.run',
      ['market.run.started', 'market.run.ended', 'risk.signal.approved', 'risk.signal.denied'],
    ],
  ])('%s names %j', (topics, types) => {
    expect(typesOf(topics)).toEqual(types)
  })

  it.each(['', 'set', 'setup.', 'tape.>', '*', 'setup,nothing'])('%j is refused', (topics) => {
    expect(() => typesOf(topics)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }))
  })

  it('become subjects, of one symbol where the subject tells it', () => {
    const types = typesOf('market.trades,execution.order.filled')
    expect(subjectsOf(types, undefined)).toEqual([
      'tape.market.trades.>',
      'tape.execution.order.filled.>',
    ])
    expect(subjectsOf(types, 'BTCUSDT')[0]).toBe('tape.market.trades.*.BTCUSDT')
  })
})

describe('the Accept header', () => {
  it.each([
    [undefined, true],
    ['text/event-stream', true],
    ['application/json, */*;q=0.1', true],
    ['TEXT/Event-Stream; charset=utf-8', true],
    ['application/json', false],
    ['text/event-stream;q=0', false],
    ['text/html, text/event-stream;q=0.000', false],
  ])('%s takes an event stream: %s', (accept, expected) => {
    expect(acceptsEventStream(accept)).toBe(expected)
  })
})

const raw = (subject: string, text: string) =>
  rawMessage({
    seq: 7,
    subject,
    bytes: Buffer.from(text),
    storedAt: 0,
    readHeaders: () => undefined,
  })

describe('a frame', () => {
  const order = '{"payload":{"symbol":"BTCUSDT"}}'

  it('carries the bytes of the tape', () => {
    const frame = messageFrame(raw('tape.execution.order.filled.paper', order), undefined)
    expect(String(frame)).toBe(`id: 7\nevent: execution.order.filled\ndata: ${order}\n\n`)
  })

  it.each([
    ['about another symbol', 'tape.execution.order.filled.paper', order, 'ETHUSDT'],
    ['on a subject that is not in the table', 'tape.execution.order.eaten.paper', order, undefined],
    ['with a line feed, which would end the frame', 'tape.market.clock.run', '{\n}', undefined],
    ['that is not JSON', 'tape.market.clock.run', '{', undefined],
    ['that is no object', 'tape.market.clock.run', '7', undefined],
  ])('is not made of a message %s', (_case, subject, text, symbol) => {
    expect(messageFrame(raw(subject, text), symbol)).toBeNull()
  })

  it('is made of what is about no symbol, whichever is asked for', () => {
    expect(
      messageFrame(raw('tape.market.clock.run', '{"payload":{"at":1}}'), 'ETHUSDT'),
    ).not.toBeNull()
  })
})

describe('the buffer of a client', () => {
  it('makes its writers wait while the client does not read, and loses nothing', async () => {
    const buffer = new FrameBuffer(() => 5)
    const chunk = 'x'.repeat(100_000)
    let written = 0
    const writer = (async () => {
      for (let i = 0; i < 10; i++) {
        await buffer.write(chunk)
        written++
      }
      buffer.finish('end')
    })()
    await new Promise((resolve) => setImmediate(resolve))
    expect(written).toBeLessThan(4)
    expect(buffer.fullSince).toBe(5)
    const read: string[] = []
    for await (const part of buffer) read.push(String(part))
    await writer
    expect(read.join('')).toBe(`${chunk.repeat(10)}end`)
  })

  it('lets its writers go when the client has gone', async () => {
    const buffer = new FrameBuffer(() => 0)
    const waiting = [buffer.write('x'.repeat(300_000)), buffer.write('y')]
    buffer.destroy()
    await Promise.all(waiting)
    await buffer.write('z')
    buffer.finish('end')
    expect(buffer.fullSince).toBeNull()
  })
})
