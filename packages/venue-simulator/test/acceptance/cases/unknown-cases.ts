import { expect } from '@jest/globals'
import type { PlannedFaultInput } from '../../../src/index.ts'
import { accepted, cancel, found, limit, market, position, stop, valueOf } from '../orders.ts'
import { SYMBOL, onWire, type AcceptanceCase } from '../venue-stage.ts'

type FaultInput = PlannedFaultInput['fault']

const onOrders = (fault: FaultInput): PlannedFaultInput => ({
  fault,
  when: { kind: 'once' },
  on: { requests: ['orders'] },
})

/** Unknown, sent once, and found afterwards as it was: there or not. */
const resolves = (id: string, title: string, fault: FaultInput, wasAccepted: boolean) =>
  onWire(id, title, async (stage, wire) => {
    wire.fault(onOrders(fault))
    const answer = await stage.venue.submitOrder(limit('a', 'BUY', '0.01', '59950'))
    expect(answer).toMatchObject({ outcome: 'unknown' })
    await stage.pass(wire.lateArrivalMs)
    const there = await found(stage, 'a')
    expect(there?.status ?? 'none').toBe(wasAccepted ? 'ACCEPTED' : 'none')
    expect(wire.requests.filter((one) => one === 'POST /fapi/v1/order')).toHaveLength(1)
  })

/** Known, not placed, may be sent again under a new id. */
const notPlaced = (id: string, title: string, fault: FaultInput) =>
  onWire(id, title, async (stage, wire) => {
    wire.fault(onOrders(fault))
    const answer = valueOf(await stage.venue.submitOrder(limit('a', 'BUY', '0.01', '59950')))
    expect(answer).toMatchObject({ accepted: false, next: 'retry' })
    wire.repair()
    await stage.pass(130_000)
    expect(await found(stage, 'a')).toBeNull()
    await accepted(stage, limit('b', 'BUY', '0.01', '59950'))
  })

export const UNKNOWN_CASES: readonly AcceptanceCase[] = [
  resolves(
    'V-61',
    'an order whose answer is lost is unknown, then found',
    { kind: 'answer_lost', as: 'timeout' },
    true,
  ),
  resolves(
    'V-62',
    'an order whose connection breaks after it arrived is unknown, then found',
    { kind: 'reset', accepted: 'always' },
    true,
  ),
  resolves(
    'V-63',
    'an order that never arrived is unknown, then not found',
    { kind: 'timeout', accepted: 'never' },
    false,
  ),
  resolves(
    'V-64',
    '503 “unknown error” of an order that was placed',
    { kind: 'execution_unknown', accepted: 'always' },
    true,
  ),
  resolves(
    'V-65',
    '503 “unknown error” of an order that was not',
    { kind: 'execution_unknown', accepted: 'never' },
    false,
  ),
  resolves(
    'V-66',
    '-1007 of an order that was placed',
    { kind: 'backend_timeout', accepted: 'always' },
    true,
  ),
  resolves('V-67', 'an empty 200', { kind: 'empty_answer', accepted: 'always' }, true),
  resolves(
    'V-68',
    'a page of HTML with 200',
    { kind: 'html_answer', status: 200, accepted: 'never' },
    false,
  ),
  resolves(
    'V-69',
    'a gateway’s page with 502',
    { kind: 'html_answer', status: 502, accepted: 'always' },
    true,
  ),
  resolves(
    'V-70',
    'a firewall’s page with 403',
    { kind: 'html_answer', status: 403, accepted: 'never' },
    false,
  ),
  resolves('V-71', 'an answer that ends in the middle', { kind: 'truncated_answer' }, true),
  notPlaced('V-72', '503 “Service Unavailable.” is not placed', { kind: 'service_unavailable' }),
  notPlaced('V-73', '-1008 is not placed', { kind: 'overloaded' }),
  notPlaced('V-74', '“Internal error” is not placed', { kind: 'internal_error' }),
  notPlaced('V-75', '429 without Retry-After is not placed', {
    kind: 'rate_limited',
    retry_after_s: null,
  }),
  notPlaced('V-76', 'a ban is not placed, and waited for', { kind: 'banned', for_ms: 120_000 }),
  notPlaced('V-77', 'too many orders is not placed', { kind: 'order_rate_limited' }),

  onWire(
    'V-78',
    'a conditional order whose answer is lost is found in its list',
    async (stage, wire) => {
      await accepted(stage, market('entry', 'BUY', '0.01'))
      wire.fault(onOrders({ kind: 'answer_lost', as: 'reset' }))
      const answer = await stage.venue.submitOrder(stop('s', 'SELL', '0.01', '59900'))
      expect(answer).toMatchObject({ outcome: 'unknown' })
      expect(await found(stage, 's')).toMatchObject({ status: 'ACCEPTED', conditional: true })
    },
  ),

  onWire(
    'V-79',
    'a cancel whose answer is lost is unknown, then found done',
    async (stage, wire) => {
      await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
      wire.fault({
        fault: { kind: 'answer_lost', as: 'reset' },
        when: { kind: 'once' },
        on: { requests: ['cancels'] },
      })
      expect(await stage.venue.cancelOrder(cancel('a'))).toMatchObject({ outcome: 'unknown' })
      expect(await found(stage, 'a')).toMatchObject({ status: 'CANCELED' })
    },
  ),

  onWire('V-80', 'a question without an answer is unknown, not “no”', async (stage, wire) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    wire.fault({
      fault: { kind: 'outage', part: 'queries', as: 'reset' },
      when: { kind: 'always' },
    })
    const answers = [
      await stage.venue.findOrder(SYMBOL, 'a'),
      await stage.venue.openOrders([SYMBOL]),
      await stage.venue.positions([SYMBOL]),
      await stage.venue.fills(SYMBOL, 0),
      await stage.venue.balances(),
    ]
    for (const { outcome } of answers) expect(outcome).toBe('unknown')
  }),

  onWire(
    'V-81',
    'a venue whose clock is minutes off is followed, also when it jumps',
    async (stage, wire) => {
      wire.fault({ fault: { kind: 'clock_offset', offset_ms: 240_000 }, when: { kind: 'always' } })
      await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
      wire.repair()
      // Refused and not placed; the venue's clock is known from then on.
      const jumped = valueOf(await stage.venue.submitOrder(limit('b', 'BUY', '0.01', '59950')))
      expect(jumped).toMatchObject({ accepted: false, code: '-1021', next: 'retry' })
      await accepted(stage, limit('c', 'BUY', '0.01', '59950'))
      const open = valueOf(await stage.venue.openOrders([SYMBOL]))
      expect(open.map(({ clientOrderId }) => clientOrderId)).toEqual(['a', 'c'])
    },
  ),

  onWire('V-82', 'a clock that drifts is followed', async (stage, wire) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    wire.fault({ fault: { kind: 'clock_drift', ms_per_hour: 30_000 }, when: { kind: 'always' } })
    for (let hour = 0; hour < 3; hour++) {
      await stage.pass(3_600_000)
      await stage.quote(60_000)
      await accepted(stage, limit(`h${hour}`, 'BUY', '0.01', '59950'))
    }
  }),

  onWire('V-83', 'answers with other fields than documented are survived', async (stage, wire) => {
    for (const alteration of [
      'unknown_fields',
      'numbers_as_strings',
      'strings_as_numbers',
    ] as const) {
      wire.fault({ fault: { kind: 'altered_answer', alteration }, when: { kind: 'always' } })
      const id = `a-${alteration}`
      await accepted(stage, limit(id, 'BUY', '0.01', '59950'))
      expect(await found(stage, id)).toMatchObject({ status: 'ACCEPTED', quantity: '0.01' })
      expect(await position(stage)).toBe('0')
      wire.repair()
    }
  }),

  onWire('V-84', 'words that nobody knows are unknown, never guessed', async (stage, wire) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    wire.fault({
      fault: { kind: 'altered_answer', alteration: 'unknown_values' },
      when: { kind: 'always' },
      on: { paths: ['/fapi/v1/order'], methods: ['GET'] },
    })
    expect(await stage.venue.findOrder(SYMBOL, 'a')).toMatchObject({ outcome: 'unknown' })
  }),
]
