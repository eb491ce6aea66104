import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { OrderRequest, VenueResult } from '@tapedeck/venue'
import type { PlannedFaultInput } from '../../src/index.ts'
import { AdapterStage, limitAt } from './adapter-stage.ts'

type FaultInput = PlannedFaultInput['fault']
const ALTERATIONS = [
  'unknown_fields',
  'unknown_values',
  'numbers_as_strings',
  'strings_as_numbers',
  'nulls',
] as const
const ACCEPTED = ['never', 'always'] as const

const marketOrder = (id: string): OrderRequest => ({
  ...limitAt(id, '0'),
  type: 'MARKET',
  price: null,
})

let stage: AdapterStage
beforeEach(async () => {
  stage = await AdapterStage.open()
})
afterEach(async () => {
  expectNoSecrets()
  await stage.close()
})
const expectNoSecrets = (): void => {
  if (stage.leaked.length > 0) throw new Error('a secret stands in the log')
}

/** What the adapter may say of a question: the truth, or that it does not know. */
const mayKnow = <T>(result: VenueResult<T>, truth: (value: T) => boolean): boolean =>
  result.outcome === 'unknown' || truth(result.value)

const ANSWERS: [string, FaultInput][] = [
  ...ALTERATIONS.map((alteration): [string, FaultInput] => [
    alteration,
    { kind: 'altered_answer', alteration },
  ]),
  ...ACCEPTED.flatMap((accepted): [string, FaultInput][] => [
    [`empty, done ${accepted}`, { kind: 'empty_answer', accepted }],
    [`page 200, done ${accepted}`, { kind: 'html_answer', status: 200, accepted }],
    [`page 403, done ${accepted}`, { kind: 'html_answer', status: 403, accepted }],
    [`page 502, done ${accepted}`, { kind: 'html_answer', status: 502, accepted }],
    [`page 504, done ${accepted}`, { kind: 'html_answer', status: 504, accepted }],
    [`408, done ${accepted}`, { kind: 'backend_timeout', accepted }],
    [`503, done ${accepted}`, { kind: 'execution_unknown', accepted }],
    [`reset, done ${accepted}`, { kind: 'reset', accepted }],
    [`no answer, done ${accepted}`, { kind: 'timeout', accepted }],
    [`-1000, done ${accepted}`, { kind: 'unknown_code', code: -1000, accepted }],
    [`-1001, done ${accepted}`, { kind: 'unknown_code', code: -1001, accepted }],
    [`-1006, done ${accepted}`, { kind: 'unknown_code', code: -1006, accepted }],
  ]),
  ['truncated', { kind: 'truncated_answer' }],
  ['unavailable', { kind: 'service_unavailable' }],
  ['internal error', { kind: 'internal_error' }],
  ['overloaded', { kind: 'overloaded' }],
  ['key without permission', { kind: 'key_refused' }],
  ['limited', { kind: 'rate_limited', retry_after_s: null }],
  ['limited for a while', { kind: 'rate_limited', retry_after_s: 2 }],
  ['orders limited', { kind: 'order_rate_limited' }],
  ['banned', { kind: 'banned', for_ms: 60_000 }],
  ['code that nobody knows', { kind: 'refused', code: -9876 }],
  ['weight of others', { kind: 'weight_jumps', to: 2399 }],
  ['clock minutes ahead', { kind: 'clock_offset', offset_ms: 240_000 }],
  ['clock minutes behind', { kind: 'clock_offset', offset_ms: -240_000 }],
]

describe('whatever answers an order', () => {
  it.each(ANSWERS)('%s: what is said of it is true', async (_, fault) => {
    const isSwitch = fault.kind === 'clock_offset'
    stage.fault({
      fault,
      when: { kind: 'always' },
      ...(isSwitch ? {} : { on: { requests: ['orders'] } }),
    })
    const answer = await stage.clock.during(stage.adapter.submitOrder(limitAt('bad-1', '59000')))
    expect(mayKnow(answer, ({ accepted }) => accepted === stage.has('bad-1'))).toBe(true)
    await stage.repair()
    const found = await stage.clock.during(stage.adapter.findOrder('BTCUSDT', 'bad-1'))
    expect(found).toMatchObject({ outcome: 'known' })
    expect(found.outcome === 'known' && found.value !== null).toBe(stage.has('bad-1'))
    // And life goes on.
    const next = await stage.clock.during(stage.adapter.submitOrder(marketOrder('good-1')))
    expect(next).toMatchObject({ outcome: 'known', value: { accepted: true } })
    await stage.clock.pass(100)
    expect(stage.fillsHeard('good-1')).toBe(1)
  })
})

describe('whatever answers questions', () => {
  it.each(ANSWERS.filter(([, { kind }]) => kind !== 'clock_offset'))(
    '%s: they are answered truly, or not at all',
    async (_, fault) => {
      const { adapter, clock } = stage
      await clock.during(adapter.submitOrder(marketOrder('held-1')))
      await clock.during(adapter.submitOrder(limitAt('rests-1', '59000')))
      stage.fault({
        fault,
        when: { kind: 'always' },
        on: { requests: ['queries', 'exchange_info'] },
      })
      const orders = await clock.during(adapter.openOrders(['BTCUSDT']))
      expect(mayKnow(orders, (list) => list.length === 1)).toBe(true)
      const positions = await clock.during(adapter.positions(['BTCUSDT']))
      expect(mayKnow(positions, ([one]) => one?.quantity === '0.01')).toBe(true)
      const fills = await clock.during(adapter.fills('BTCUSDT', 0))
      expect(mayKnow(fills, (list) => list.length === 1)).toBe(true)
      const found = await clock.during(adapter.findOrder('BTCUSDT', 'rests-1'))
      expect(mayKnow(found, (order) => order !== null)).toBe(true)
      const balances = await clock.during(adapter.balances())
      expect(mayKnow(balances, ([one]) => Number(one?.wallet) > 99_000)).toBe(true)
      const info = await clock.during(adapter.instruments())
      expect(mayKnow(info, (map) => (map.get('BTCUSDT')?.tick_size ?? '0.1') === '0.1')).toBe(true)
      await stage.repair()
      expect(await clock.during(adapter.openOrders(['BTCUSDT']))).toMatchObject({
        outcome: 'known',
        value: [{ clientOrderId: 'rests-1' }],
      })
    },
  )

  it('odd filters are taken as they are', async () => {
    stage.fault({ fault: { kind: 'odd_filters' }, when: { kind: 'always' } })
    const info = await stage.clock.during(stage.adapter.instruments())
    expect(info.outcome === 'known' && info.value.get('BTCUSDT')).toMatchObject({
      tick_size: '0.5',
      lot_size: '0.005',
      min_quantity: '0.015',
    })
  })
})

describe('whatever comes on the account stream', () => {
  const FRAMES: [string, FaultInput, RegExp][] = [
    ['no JSON', { kind: 'account_malformed' }, /"raw":"\{\\"e\\":\\"ORDER_TRADE_UPDATE/],
    ...ALTERATIONS.map((alteration): [string, FaultInput, RegExp] => [
      alteration,
      { kind: 'account_altered', alteration },
      alteration === 'nulls' ? /"raw":/ : /^/,
    ]),
    [
      'event that nobody knows',
      { kind: 'account_altered', alteration: 'unknown_event' },
      /NOT_DOCUMENTED/,
    ],
    ['every message twice', { kind: 'account_duplicated' }, /^/],
    ['one after the next', { kind: 'account_reordered' }, /^/],
    ['a minute late', { kind: 'account_late', low_ms: 1000, high_ms: 60_000 }, /^/],
    ['NEW after FILLED', { kind: 'account_late_new', late_ms: 5000 }, /^/],
    ['TRADE_LITE alone', { kind: 'trade_lite_only' }, /^/],
    ['nothing', { kind: 'account_lost' }, /^/],
  ]

  it.each(FRAMES)(
    '%s: no fill is told twice, and what follows is heard',
    async (_, fault, logged) => {
      const { adapter, clock } = stage
      stage.fault({ fault, when: { kind: 'always' } })
      await clock.during(adapter.submitOrder(marketOrder('odd-1')))
      await clock.pass(90_000)
      expect(stage.fillsHeard('odd-1')).toBeLessThanOrEqual(1)
      expect(stage.log).toMatch(logged)
      await stage.repair()
      await clock.during(adapter.submitOrder(marketOrder('good-1')))
      await clock.pass(100)
      expect(stage.fillsHeard('good-1')).toBe(1)
    },
  )
})
