import { describe, expect, it } from '@jest/globals'
import type { Message, Order, Output, PayloadOf, Trade } from '@tapedeck/contracts'
import { clientOrderId } from '../order/index.ts'
import {
  SYMBOL,
  Scenario,
  VENUE,
  approved,
  clock,
  message,
  runStarted,
} from '../trade/testing/scenario.ts'
import {
  createReconcilerDecider,
  type Reconciler,
  type VenueFill,
  type VenueOrder,
  type VenueSnapshot,
} from './index.ts'

const T = 1_000_000
const TRADE = 'trade-1'
const STOP = clientOrderId(TRADE, 'STOP', 2)
const TARGET = clientOrderId(TRADE, 'TARGET', 3)
const ENTRY = clientOrderId(TRADE, 'ENTRY', 1)
const on = { account: 'paper', venue: VENUE, symbol: SYMBOL }
const config = {
  account: 'paper',
  reconciliation: { interval_ms: 30_000, emergency_stop_percent: 1 },
}

const order = (id: string, rest: Partial<Order>): Order => ({
  client_order_id: id,
  venue_order_id: '1',
  trade_id: TRADE,
  role: 'STOP',
  side: 'SELL',
  type: 'STOP_MARKET',
  quantity: '0.1',
  price: null,
  stop_price: '49900',
  reduce_only: true,
  status: 'ACCEPTED',
  filled_quantity: '0',
  average_price: null,
  created_at: T,
  updated_at: T,
  reason: null,
  ...rest,
})
const orderEvent = (
  what: Order,
  type: 'execution.order.accepted' | 'execution.order.unknown' | 'execution.order.canceled',
): Message => {
  const status = type === 'execution.order.canceled' ? 'CANCELED' : what.status
  return message(type, T, { ...on, order: { ...what, status }, fill: null })
}
const stop = order(STOP, {})
const target = order(TARGET, { role: 'TARGET', type: 'TAKE_PROFIT_MARKET', stop_price: '50300' })
const entry = order(ENTRY, {
  role: 'ENTRY',
  side: 'BUY',
  type: 'LIMIT',
  price: '50000',
  stop_price: null,
  reduce_only: false,
})
const trade: Trade = {
  trade_id: TRADE,
  setup_id: 'setup-1',
  signal_id: 'signal-1',
  decision_id: 'decision-1',
  strategy: 'trend_continuation',
  grade: 'A',
  side: 'BUY',
  status: 'PROTECTED',
  planned_quantity: '0.1',
  quantity: '0.1',
  planned_entry_price: '50000',
  entry_price: '50000',
  initial_stop_price: '49900',
  stop_price: '49900',
  target_price: '50300',
  opened_at: T,
}
const held = (quantity = '0.1'): Message =>
  message('execution.position.changed', T, {
    ...on,
    side: 'LONG',
    quantity,
    average_price: '50000',
    realized_pnl: '0',
    trade_id: TRADE,
    protected: true,
  })
const opened = message('execution.trade.opened', T, { ...on, trade, reason: 'x' })
/** Our books on a protected long. */
const PROTECTED = [
  opened,
  held(),
  orderEvent(stop, 'execution.order.accepted'),
  orderEvent(target, 'execution.order.accepted'),
]

const theirOrder = (what: Order, rest: Partial<VenueOrder> = {}): VenueOrder => ({
  venue: VENUE,
  symbol: SYMBOL,
  clientOrderId: what.client_order_id,
  venueOrderId: '1',
  side: what.side,
  type: what.type,
  conditional: what.type !== 'LIMIT',
  quantity: what.quantity,
  filledQuantity: '0',
  price: what.price,
  stopPrice: what.stop_price,
  reduceOnly: what.reduce_only,
  ...rest,
})
const long = (quantity = '0.1') =>
  ({ venue: VENUE, symbol: SYMBOL, side: 'LONG', quantity, averagePrice: '50000' }) as const
const EMPTY: VenueSnapshot = { at: T, orders: [], positions: [], fills: [], balances: [] }
const AGREED: VenueSnapshot = {
  ...EMPTY,
  orders: [theirOrder(stop), theirOrder(target)],
  positions: [long()],
}
const fill: VenueFill = {
  venue: VENUE,
  symbol: SYMBOL,
  fillId: `${ENTRY}.1`,
  clientOrderId: ENTRY,
  side: 'BUY',
  quantity: '0.1',
  price: '50000',
  fee: '1',
  feeAsset: 'USDT',
  liquidity: 'MAKER',
  at: T + 1,
}
const foreign = theirOrder(order('web_1', { type: 'LIMIT', price: '1', stop_price: null }), {
  reduceOnly: false,
})

const reconcilerWith = (ours: readonly Message[]): Reconciler => {
  const reconciler = createReconcilerDecider(config)
  for (const one of [runStarted(T), ...ours]) reconciler.handle(one)
  return reconciler
}
/** Findings and corrections in short. */
const told = (outputs: readonly Output[]): string[] =>
  outputs.map((one) => {
    if (one.type === 'reconciler.finding.detected') return `finding ${one.payload.kind}`
    if (one.type === 'reconciler.run.completed')
      return `${one.payload.trigger} ${one.payload.clean ? 'clean' : one.payload.findings}`
    const {
      correction,
      client_order_id: id,
      side,
      quantity,
      price,
    } = one.payload as PayloadOf<'reconciler.correction.requested'>
    const parts = [correction, id, side, quantity, price]
    return parts.filter((part) => part !== null).join(' ')
  })

const ids = (outputs: readonly Output[]): string[] =>
  outputs.slice(0, 2).map(({ aggregate_id: id }) => id)
const feed = (status: 'up' | 'down'): Message =>
  message('market.feed.status', T, {
    venue: VENUE,
    symbol: SYMBOL,
    channel: 'trades',
    status,
    reason: '',
    missing_from: null,
    missing_to: null,
  })

const asMessage = (one: Output): Message => message(one.type, one.occurred_at, one.payload as never)
/** A look, and that the reconciler read on the tape that it is done. */
const lookWith = (reconciler: Reconciler, theirs: VenueSnapshot, at: number): Output[] => {
  const outputs = reconciler.compare(theirs, at)
  for (const one of outputs) reconciler.handle(asMessage(one))
  return outputs
}

describe('what differs, and what is asked for', () => {
  it.each<[string, Message[], VenueSnapshot, string[]]>([
    ['nothing, flat', [], EMPTY, ['start clean']],
    ['nothing, protected', PROTECTED, AGREED, ['start clean']],
    [
      'a position that we do not know',
      [],
      { ...EMPTY, positions: [long()] },
      ['finding ORPHAN_POSITION', 'PLACE_EMERGENCY_STOP SELL 0.1 49500', 'start 1'],
    ],
    [
      'a position whose entry price the venue does not tell',
      [],
      { ...EMPTY, positions: [{ ...long(), averagePrice: null }] },
      ['finding ORPHAN_POSITION', 'start 1'],
    ],
    [
      'a position that only we know, with its exits',
      PROTECTED,
      EMPTY,
      [
        'finding STALE_POSITION',
        'CLOSE_FROM_FILLS SELL 0.1',
        'finding UNKNOWN_ORDER',
        `RESOLVE_ORDER ${STOP}`,
        'finding UNKNOWN_ORDER',
        `RESOLVE_ORDER ${TARGET}`,
        'start 3',
      ],
    ],
    [
      'a missing stop',
      PROTECTED,
      { ...AGREED, orders: [theirOrder(target)] },
      ['finding MISSING_EXIT', `RECREATE_EXIT ${STOP} SELL 0.1 49900`, 'start 1'],
    ],
    [
      'a stop that exists twice',
      [...PROTECTED, orderEvent(order('td-x', {}), 'execution.order.accepted')],
      {
        ...AGREED,
        orders: [
          theirOrder(order('td-x', { stop_price: '49800' })),
          theirOrder(stop),
          theirOrder(target),
        ],
      },
      ['finding DUPLICATE_EXIT', 'CANCEL_ORDER td-x SELL', 'start 1'],
    ],
    [
      'exits without a position',
      [orderEvent(stop, 'execution.order.canceled')],
      { ...EMPTY, orders: [theirOrder(stop)] },
      ['finding ORPHAN_ORDER', `CANCEL_ORDER ${STOP} SELL`, 'start 1'],
    ],
    [
      'an exit of ours that outlived its position',
      [orderEvent(stop, 'execution.order.accepted')],
      { ...EMPTY, orders: [theirOrder(stop)] },
      ['finding ORPHAN_ORDER', `CANCEL_ORDER ${STOP} SELL`, 'start 1'],
    ],
    [
      'an exit of ours whose cancel is under way',
      [orderEvent({ ...stop, status: 'PENDING_CANCEL' }, 'execution.order.accepted')],
      { ...EMPTY, orders: [theirOrder(stop)] },
      ['start clean'],
    ],
    [
      'an order that is not ours: told, never touched',
      [],
      { ...EMPTY, orders: [foreign] },
      ['finding ORPHAN_ORDER', 'start 1'],
    ],
    [
      'another quantity',
      PROTECTED,
      { ...AGREED, positions: [long('0.06')] },
      ['finding QUANTITY_MISMATCH', 'RESIZE_PROTECTION SELL 0.06', 'start 1'],
    ],
    [
      'a stop that is too small',
      PROTECTED,
      { ...AGREED, orders: [theirOrder(stop, { quantity: '0.05' }), theirOrder(target)] },
      ['finding QUANTITY_MISMATCH', 'RESIZE_PROTECTION SELL 0.1', 'start 1'],
    ],
    [
      'the other side',
      PROTECTED,
      { ...AGREED, positions: [{ ...long(), side: 'SHORT' }] },
      [
        'finding STALE_POSITION',
        'CLOSE_FROM_FILLS SELL 0.1',
        'finding ORPHAN_POSITION',
        'PLACE_EMERGENCY_STOP BUY 0.1 50500',
        'start 2',
      ],
    ],
    [
      'a missed fill, before anything that it may explain',
      [orderEvent(entry, 'execution.order.accepted')],
      { ...EMPTY, positions: [long()], fills: [fill] },
      ['finding MISSED_FILL', `APPLY_FILL ${ENTRY} BUY 0.1 50000`, 'start 1'],
    ],
    [
      'a fill of an order that we gave up',
      [orderEvent(entry, 'execution.order.canceled')],
      { ...EMPTY, fills: [fill] },
      ['finding MISSED_FILL', 'start 1'],
    ],
    [
      'a fill from before the run, or of somebody else',
      [],
      {
        ...EMPTY,
        fills: [
          { ...fill, at: T - 1 },
          { ...fill, clientOrderId: 'web_1' },
        ],
      },
      ['start clean'],
    ],
    [
      'an unknown outcome: it rests',
      [orderEvent({ ...entry, status: 'UNKNOWN' }, 'execution.order.unknown')],
      { ...EMPTY, orders: [theirOrder(entry)] },
      ['finding UNKNOWN_ORDER', `RESOLVE_ORDER ${ENTRY} 0.1`, 'start 1'],
    ],
    [
      'an unknown outcome: it never got there',
      [orderEvent({ ...entry, status: 'UNKNOWN' }, 'execution.order.unknown')],
      EMPTY,
      ['finding UNKNOWN_ORDER', `RESOLVE_ORDER ${ENTRY}`, 'start 1'],
    ],
  ])('%s', (_, ours, theirs, expected) => {
    expect(told(reconcilerWith(ours).compare(theirs, T + 1))).toEqual(expected)
  })
})

describe('when it counts', () => {
  const missing: VenueSnapshot = { ...AGREED, orders: [theirOrder(target)] }

  it('at the start at once, later only when a second look still shows it', () => {
    const reconciler = reconcilerWith(PROTECTED)
    expect(told(lookWith(reconciler, AGREED, T))).toEqual(['start clean'])
    expect(told(lookWith(reconciler, missing, T + 30_000))).toEqual(['interval clean'])
    const second = lookWith(reconciler, missing, T + 60_000)
    expect(told(second)[0]).toBe('finding MISSING_EXIT')
    // It stands, so the look is not clean; but it is not reported again.
    expect(told(lookWith(reconciler, missing, T + 65_000))).toEqual(['interval 1'])
    expect(told(lookWith(reconciler, AGREED, T + 70_000))).toEqual(['interval clean'])
  })

  it('what was on its way is never reported', () => {
    const reconciler = reconcilerWith(PROTECTED)
    lookWith(reconciler, AGREED, T)
    expect(told(lookWith(reconciler, missing, T + 30_000))).toEqual(['interval clean'])
    expect(told(lookWith(reconciler, AGREED, T + 60_000))).toEqual(['interval clean'])
    expect(told(lookWith(reconciler, missing, T + 90_000))).toEqual(['interval clean'])
  })

  it('ids are hashes: the same look after a crash names the same, a difference that returns does not', () => {
    const reconciler = reconcilerWith(PROTECTED)
    const twin = createReconcilerDecider(
      config,
      JSON.parse(JSON.stringify(reconciler.snapshot())) as never,
    )
    const first = ids(lookWith(reconciler, missing, T))
    expect(ids(lookWith(twin, missing, T))).toEqual(first)
    lookWith(reconciler, AGREED, T + 30_000)
    lookWith(reconciler, missing, T + 60_000)
    const again = ids(lookWith(reconciler, missing, T + 90_000))
    expect(again).not.toEqual(first)
    expect(again.every((id) => /^(finding|correction)-[0-9a-f]{16}$/.test(id))).toBe(true)
  })
})

describe('when it looks', () => {
  it('at the start of a run, after a reconnect, every interval, and sooner when not clean', () => {
    const reconciler = createReconcilerDecider(config)
    expect(reconciler.due()).toBeNull()
    reconciler.handle(runStarted(T))
    expect(reconciler.due()?.trigger).toBe('start')
    reconciler.handle(clock(T + 60_000))
    expect(reconciler.due()?.trigger).toBe('start')
    lookWith(reconciler, EMPTY, T + 60_000)
    expect(reconciler.due()).toBeNull()
    reconciler.handle(clock(T + 89_000))
    expect(reconciler.due()).toBeNull()
    reconciler.handle(clock(T + 90_000))
    expect(reconciler.due()?.trigger).toBe('interval')
    lookWith(reconciler, { ...EMPTY, orders: [foreign] }, T + 90_000)
    lookWith(reconciler, { ...EMPTY, orders: [foreign] }, T + 92_000)
    reconciler.handle(clock(T + 96_000))
    expect(reconciler.due()).toBeNull()
    reconciler.handle(clock(T + 97_000))
    expect(reconciler.due()?.trigger).toBe('interval')
    lookWith(reconciler, EMPTY, T + 97_000)
    for (const status of ['up', 'down', 'up'] as const) {
      expect(reconciler.due()).toBeNull()
      reconciler.handle(feed(status))
    }
    expect(reconciler.due()?.trigger).toBe('reconnect')
  })

  it('a new run drops what was believed of the old one', () => {
    const reconciler = reconcilerWith(PROTECTED)
    reconciler.handle(runStarted(T + 10))
    expect(told(lookWith(reconciler, EMPTY, T + 10))).toEqual(['start clean'])
  })
})

describe('with execution', () => {
  type Engine = {
    orders: { ticket: { type: string } }[]
    books: { lots: number; costTickLots: number }
  }
  type Snapshot = { desks: [string, { engine: Engine }][] }

  /** What the venue lost; our books know nothing of it. */
  const FAULTS: [string, string, (engine: Engine) => void][] = [
    [
      'a lost stop is placed again',
      'PROTECTED',
      (engine) => {
        engine.orders = engine.orders.filter(({ ticket }) => ticket.type !== 'STOP_MARKET')
      },
    ],
    [
      'lost exits are placed again',
      'PROTECTED',
      (engine) => {
        engine.orders = []
      },
    ],
    [
      'a lost position is closed in our books',
      'FLAT',
      (engine) => {
        engine.books.lots = 0
        engine.books.costTickLots = 0
      },
    ],
  ]

  it.each(FAULTS)('%s, and the books agree again', (_, end, harm) => {
    const healthy = Scenario.ready()
    const reconciler = createReconcilerDecider(config)
    for (const one of healthy.outputs) reconciler.handle(asMessage(one))
    reconciler.handle(runStarted(T))
    healthy.play(approved(T + 100))
    healthy.print(T + 200, 499_999)
    healthy.print(T + 300, 500_000)
    for (const one of healthy.outputs) reconciler.handle(asMessage(one))
    const json = healthy.decider.snapshot() as unknown as Snapshot
    harm(json.desks[0]![1].engine)
    const execution = Scenario.from(json)
    const trail: string[] = []
    for (let look = 1; look <= 4; look++) {
      const at = T + look * 2_000
      const outputs = lookWith(reconciler, execution.decider.venueSnapshot(), at)
      trail.push(told(outputs).at(-1)!)
      const answers = execution.play(...outputs.map(asMessage), clock(at), clock(at + 900))
      for (const one of answers) reconciler.handle(asMessage(one))
    }
    expect(trail.at(-1)).toBe('interval clean')
    expect(trail[0]).toMatch(/^start [1-3]$/)
    const { orders, positions } = execution.decider.venueSnapshot()
    expect(positions).toHaveLength(end === 'FLAT' ? 0 : 1)
    expect(orders).toHaveLength(end === 'FLAT' ? 0 : 2)
    expect(execution.decider.takeProblems()).toEqual([])
  })
})
