import { describe, expect, it } from '@jest/globals'
import { ownTail } from './recover.ts'
import type { RawMessage } from './types.ts'

const message = (seq: number, subject: string, text: string): RawMessage => ({
  seq,
  subject,
  bytes: new TextEncoder().encode(text),
  headers: {},
})

const tapeOf = (messages: readonly RawMessage[]) => ({
  append: () => Promise.resolve([]),
  lastSeq: () => Promise.resolve(messages.length),
  lastOf: (filter: string) =>
    Promise.resolve(
      messages.findLast(({ subject }) => subject.startsWith(filter.slice(0, -1))) ?? null,
    ),
  get: (seq: number) => Promise.resolve(messages[seq - 1] ?? null),
})

const ours = 'tape.risk.flatten.requested.paper'
const cases: readonly [string, RawMessage[], { seq: number; tapeSeq: number }][] = [
  ['nothing of ours', [message(1, 'tape.market.clock.run', '{"seq":9}')], { seq: 0, tapeSeq: 0 }],
  ['the newest of ours', [message(1, ours, '{"seq":1}')], { seq: 1, tapeSeq: 1 }],
  [
    'garbage on top of ours is walked past',
    [
      message(1, ours, '{"seq":4}'),
      message(2, 'tape.market.clock.run', '{"seq":9}'),
      message(3, ours, 'not json'),
      message(4, ours, '{"seq":"7"}'),
    ],
    { seq: 4, tapeSeq: 1 },
  ],
  ['garbage alone', [message(1, ours, '\u0000')], { seq: 0, tapeSeq: 0 }],
]

describe('what the tape holds of a service', () => {
  it.each(cases)('%s', async (_name, messages, expected) => {
    expect(await ownTail('risk', tapeOf(messages))).toEqual(expected)
  })
})
