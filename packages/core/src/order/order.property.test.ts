import { describe, expect, it } from '@jest/globals'
import { OrderStatus } from '@tapedeck/contracts'
import { testInstrument } from '@tapedeck/test-data'
import fc from 'fast-check'
import {
  ORDER_STATUS_TABLE,
  clientOrderId,
  createOrder,
  gridOf,
  isOwnClientOrderId,
  isTerminal,
  leavesLots,
  mayFollow,
  toOrder,
  transitionOrder,
  type OrderChange,
  type OrderRecord,
} from './index.ts'

const draft = {
  clientOrderId: 'td-x-e1',
  tradeId: 'trade-1',
  role: 'ENTRY',
  side: 'BUY',
  type: 'LIMIT',
  lots: 10,
  priceTicks: 1000,
  stopTicks: null,
  reduceOnly: false,
} as const

const STATUSES = OrderStatus.options
const inStatus = (status: OrderStatus): OrderRecord => ({
  ...createOrder(draft, 1),
  status,
  filledLots: status === 'PARTIALLY_FILLED' ? 4 : 0,
})

const change = fc.oneof(
  fc.record({
    kind: fc.constant('status' as const),
    to: fc.constantFrom(
      'SUBMITTED' as const,
      'UNKNOWN' as const,
      'ACCEPTED' as const,
      'PENDING_CANCEL' as const,
      'CANCELED' as const,
      'REJECTED' as const,
      'EXPIRED' as const,
    ),
    at: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('fill' as const),
    lots: fc.integer({ min: -1, max: 12 }),
    priceTicks: fc.integer({ min: 900, max: 1100 }),
    at: fc.nat(),
  }),
) satisfies fc.Arbitrary<OrderChange>

describe('order status table', () => {
  it.each([
    ['INITIALIZED', 'SUBMITTED', true],
    ['INITIALIZED', 'FILLED', false],
    ['SUBMITTED', 'UNKNOWN', true],
    ['ACCEPTED', 'UNKNOWN', false],
    ['SUBMITTED', 'FILLED', true],
    ['UNKNOWN', 'ACCEPTED', true],
    ['UNKNOWN', 'SUBMITTED', false],
    ['ACCEPTED', 'EXPIRED', true],
    ['PARTIALLY_FILLED', 'PARTIALLY_FILLED', true],
    ['PARTIALLY_FILLED', 'REJECTED', false],
    ['PENDING_CANCEL', 'PARTIALLY_FILLED', true],
    ['PENDING_CANCEL', 'FILLED', true],
    ['PENDING_CANCEL', 'SUBMITTED', false],
    ['FILLED', 'CANCELED', false],
    ['CANCELED', 'FILLED', false],
  ] as const)('%s → %s: %p', (from, to, allowed) => {
    expect(mayFollow(from, to)).toBe(allowed)
  })

  it('names every status, and every status can be reached', () => {
    expect(Object.keys(ORDER_STATUS_TABLE).toSorted()).toEqual([...STATUSES].toSorted())
    const reached = new Set<OrderStatus>(['INITIALIZED'])
    for (let round = 0; round < STATUSES.length; round++)
      for (const from of reached) for (const to of ORDER_STATUS_TABLE[from]) reached.add(to)
    expect(reached.size).toBe(STATUSES.length)
  })

  it('refuses every pair outside the table and leaves the order as it was', () => {
    for (const from of STATUSES)
      for (const to of STATUSES) {
        if (to === 'INITIALIZED' || to === 'FILLED' || to === 'PARTIALLY_FILLED') continue
        const result = transitionOrder(inStatus(from), { kind: 'status', to, at: 2 })
        expect(result.ok).toBe(mayFollow(from, to))
        expect(result.ok ? 'td-x-e1 in' : result.refusal).toMatch(/td-x-e1 in/)
      }
  })
})

describe('transitionOrder', () => {
  it('never fills beyond the quantity, never leaves a terminal status', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        let order = createOrder(draft, 0)
        let ended: OrderRecord | null = null
        for (const next of changes) {
          const before = order
          const result = transitionOrder(order, next)
          order = result.ok ? result.order : order
          expect(ended ?? order).toBe(order)
          if (isTerminal(order.status)) ended = order
          expect(order.filledLots).toBeLessThanOrEqual(order.lots)
          expect(order.filledLots).toBeGreaterThanOrEqual(before.filledLots)
          expect(order.status === 'FILLED').toBe(order.filledLots === order.lots)
          expect(leavesLots(order)).toBe(order.lots - order.filledLots)
        }
      }),
    )
  })

  it('keeps knowing that a cancel was asked for when a fill overtakes it', () => {
    let order = inStatus('PENDING_CANCEL')
    order = { ...order, cancelRequested: true }
    const result = transitionOrder(order, { kind: 'fill', lots: 3, priceTicks: 1000, at: 5 })
    expect(result.ok && result.order).toMatchObject({
      status: 'PARTIALLY_FILLED',
      cancelRequested: true,
      filledLots: 3,
    })
  })

  it('tells the average price of its fills in decimals', () => {
    const grid = gridOf(testInstrument({ min_notional: '5' }))
    const first = transitionOrder(inStatus('SUBMITTED'), {
      kind: 'fill',
      lots: 4,
      priceTicks: 1000,
      at: 5,
      venueOrderId: '7',
    })
    if (!first.ok) throw new Error(first.refusal)
    const last = transitionOrder(first.order, { kind: 'fill', lots: 6, priceTicks: 1010, at: 6 })
    if (!last.ok) throw new Error(last.refusal)
    expect(toOrder(last.order, grid)).toMatchObject({
      status: 'FILLED',
      venue_order_id: '7',
      quantity: '0.01',
      filled_quantity: '0.01',
      average_price: '100.6',
      price: '100',
      stop_price: null,
    })
  })
})

describe('clientOrderId', () => {
  it('is deterministic, unique and short enough for every venue', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 96 }),
        fc.constantFrom('ENTRY' as const, 'STOP' as const, 'EMERGENCY_STOP' as const),
        fc.integer({ min: 1, max: 999_998 }),
        (tradeId, role, counter) => {
          const id = clientOrderId(tradeId, role, counter)
          expect(id).toMatch(/^[A-Za-z0-9_-]{1,36}$/)
          expect(isOwnClientOrderId(id)).toBe(true)
          expect(clientOrderId(tradeId, role, counter)).toBe(id)
          expect(clientOrderId(tradeId, role, counter + 1)).not.toBe(id)
        },
      ),
    )
    expect(isOwnClientOrderId('web_123')).toBe(false)
  })

  it.each([0, 1.5, 1_000_000])('refuses the counter %p', (counter) => {
    expect(() => clientOrderId('t', 'STOP', counter)).toThrow(/expected 1 to 999999/)
  })

  it('refuses an order without a quantity', () => {
    expect(() => createOrder({ ...draft, lots: 0 }, 1)).toThrow(/positive integer/)
  })
})
