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

const envelope = (seq: unknown, service = 'risk'): string =>
  JSON.stringify({
    event_id: '6f1c1a52-9b0e-5c62-8f0a-1d2f3a4b5c6d',
    seq,
    type: 'risk.flatten.requested',
    schema_version: 99,
    aggregate_type: 'flatten',
    aggregate_id: 'paper',
    aggregate_version: 1,
    occurred_at: 1,
    recorded_at: 1,
    run_id: '6f1c1a52-9b0e-5c62-8f0a-1d2f3a4b5c6e',
    correlation_id: null,
    causation_id: null,
    producer: { service, version: '1', config_hash: '0123456789abcdef' },
    payload: {},
  })

const clock = message(2, 'tape.market.clock.run', envelope(9, 'ingest'))

const cases: readonly [string, RawMessage[], { seq: number; tapeSeq: number }][] = [
  ['nothing of ours', [clock], { seq: 0, tapeSeq: 0 }],
  [
    'the newest of ours, of whatever version',
    [message(1, ours, envelope(1))],
    { seq: 1, tapeSeq: 1 },
  ],
  [
    'garbage on top of ours is walked past',
    [
      message(1, ours, envelope(4)),
      clock,
      message(3, ours, 'not json'),
      message(4, ours, envelope('7')),
      message(5, ours, '{"seq":8}'),
    ],
    { seq: 4, tapeSeq: 1 },
  ],
  [
    'an envelope of somebody else below our domain says nothing about us',
    [message(1, ours, envelope(4)), clock, message(3, ours, envelope(999_999, 'stranger'))],
    { seq: 4, tapeSeq: 1 },
  ],
  ['garbage alone', [message(1, ours, '\u0000')], { seq: 0, tapeSeq: 0 }],
]

describe('what the tape holds of a service', () => {
  it.each(cases)('%s', async (_name, messages, expected) => {
    expect(await ownTail('risk', tapeOf(messages))).toEqual(expected)
  })
})
