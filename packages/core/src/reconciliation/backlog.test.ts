import { describe, expect, it } from '@jest/globals'
import type { Message, Order, Output } from '@tapedeck/contracts'
import { SYMBOL, VENUE, clock, message, runStarted } from '../trade/testing/scenario.ts'
import { clientOrderId } from '../order/index.ts'
import { createReconcilerDecider, type Reconciler, type VenueSnapshot } from './index.ts'

const T = 1_000_000
const STOP = clientOrderId('trade-1', 'STOP', 2)
const on = { account: 'paper', venue: VENUE, symbol: SYMBOL }

const stop: Order = {
  client_order_id: STOP,
  venue_order_id: '1',
  trade_id: 'trade-1',
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
}
const feed = (at: number, status: 'up' | 'down'): Message =>
  message('market.feed.status', at, {
    venue: VENUE,
    symbol: SYMBOL,
    channel: 'trades',
    status,
    reason: '',
    missing_from: null,
    missing_to: null,
  })
/** What makes a look due at once. */
const reconnected = (at: number): Message[] => [clock(at), feed(at, 'down'), feed(at, 'up')]
const held = (at: number, side: 'LONG' | 'FLAT'): Message =>
  message('execution.position.changed', at, {
    ...on,
    side,
    quantity: side === 'FLAT' ? '0' : '0.1',
    average_price: side === 'FLAT' ? null : '50000',
    realized_pnl: '0',
    trade_id: 'trade-1',
    protected: true,
  })
/** A protected long, as the tape tells it. */
const PROTECTED = [
  held(T, 'LONG'),
  message('execution.order.accepted', T, { ...on, order: stop, fill: null }),
]
/** The stop was hit: what the tape says of it. */
const stopped = (at: number): Message[] => [
  message('execution.order.filled', at, {
    ...on,
    order: { ...stop, status: 'FILLED', filled_quantity: '0.1', average_price: '49900' },
    fill: null,
  }),
  held(at, 'FLAT'),
]

const books = (at: number, rest: Partial<VenueSnapshot> = {}): VenueSnapshot => ({
  at,
  orders: [],
  positions: [],
  fills: [],
  balances: [],
  ...rest,
})
/** The venue when it agrees with `PROTECTED`. */
const agreed = (at: number): VenueSnapshot =>
  books(at, {
    orders: [
      {
        ...on,
        clientOrderId: STOP,
        venueOrderId: '1',
        side: 'SELL',
        type: 'STOP_MARKET',
        conditional: true,
        quantity: '0.1',
        filledQuantity: '0',
        price: null,
        stopPrice: '49900',
        reduceOnly: true,
      },
    ],
    positions: [{ ...on, side: 'LONG', quantity: '0.1', averagePrice: '50000' }],
  })

/** The reconciler, the venue as it is at the moment of a look, and what of its looks the tape holds unread. */
class Behind {
  readonly reconciler: Reconciler
  readonly findings: string[] = []
  readonly looks: string[] = []
  #unread: Message[] = []

  constructor(venue?: string) {
    this.reconciler = createReconcilerDecider({
      account: 'paper',
      reconciliation: { interval_ms: 30_000, emergency_stop_percent: 1 },
      venue,
    })
  }

  read(...messages: readonly Message[]): void {
    for (const one of messages) this.reconciler.handle(one)
  }

  /** A look that is due by what was read last; the tape tells of it behind everything that lies there. */
  look(theirs: VenueSnapshot, asked: number): void {
    if (this.reconciler.due() === null) throw new Error(`no look is due at ${asked}`)
    this.#note(this.reconciler.compare(theirs, asked))
  }

  /** Reads what the tape says of its looks, the oldest first; of all, or of so many. */
  readBack(looks = Infinity): void {
    for (let i = 0; i < looks && this.#unread.length > 0; i++)
      this.read(...this.#unread.splice(0, this.#endOfLook()))
  }

  #endOfLook(): number {
    return this.#unread.findIndex(({ type }) => type === 'reconciler.run.completed') + 1
  }

  #note(outputs: readonly Output[]): void {
    for (const one of outputs) {
      this.#unread.push(message(one.type, one.occurred_at, one.payload as never))
      if (one.type === 'reconciler.finding.detected') this.findings.push(one.payload.kind)
      else if (one.type === 'reconciler.run.completed')
        this.looks.push(`${one.payload.trigger} ${one.payload.clean ? 'clean' : 'not clean'}`)
    }
  }
}

const VENUES: [string, string | undefined][] = [
  ['live', VENUE],
  ['paper', undefined],
]

describe.each(VENUES)('a reconciler that reads what lies behind it, %s', (_, venue) => {
  const protectedLong = (): Behind => {
    const one = new Behind(venue)
    one.read(runStarted(T), ...PROTECTED)
    one.look(agreed(T), T)
    one.readBack()
    return one
  }

  it('counts nothing that the tape tells further on, however often it looks until it is there', () => {
    const behind = protectedLong()
    // It was paused at T; the stop was hit at T + 100 s, and the venue has been flat since.
    for (let at = T + 30_000; at < T + 100_000; at += 30_000) {
      behind.read(...reconnected(at))
      behind.look(books(T + 600_000), at)
    }
    behind.read(...stopped(T + 100_000), ...reconnected(T + 600_000))
    behind.look(books(T + 600_100), T + 600_000)
    behind.readBack()
    behind.read(clock(T + 640_000))
    behind.look(books(T + 640_000), T + 640_000)
    expect(behind.findings).toEqual([])
    expect(behind.looks.filter((look) => look.endsWith(' not clean'))).toEqual([])
  })

  it('counts what it still sees in a look after it had read all that lay there at the first one', () => {
    const behind = protectedLong()
    for (const at of [T + 30_000, T + 60_000]) {
      behind.read(...reconnected(at))
      behind.look(books(T + 100_000), at)
    }
    behind.read(...reconnected(T + 100_000))
    behind.readBack()
    behind.look(books(T + 101_000), T + 100_000)
    expect(behind.findings).toEqual([])
    behind.read(clock(T + 131_000))
    behind.look(books(T + 131_000), T + 131_000)
    expect(behind.findings).toEqual(['STALE_POSITION', 'UNKNOWN_ORDER'])
  })

  it('has caught up with a look when it has read of that look, not of one before', () => {
    const behind = protectedLong()
    behind.read(...reconnected(T + 30_000))
    behind.look(agreed(T + 30_000), T + 30_000)
    behind.read(...reconnected(T + 60_000))
    behind.look(books(T + 60_000), T + 60_000)
    behind.readBack(1)
    behind.read(...reconnected(T + 70_000))
    behind.look(books(T + 70_000), T + 70_000)
    expect(behind.findings).toEqual([])
    behind.readBack(1)
    behind.read(...reconnected(T + 80_000))
    behind.look(books(T + 80_000), T + 80_000)
    expect(behind.findings).toEqual(['STALE_POSITION', 'UNKNOWN_ORDER'])
  })

  it('goes on from a checkpoint as if it had not stopped', () => {
    const behind = protectedLong()
    behind.read(clock(T + 30_000))
    behind.look(books(T + 100_000), T + 30_000)
    const saved = JSON.parse(JSON.stringify(behind.reconciler.snapshot())) as never
    const config = {
      account: 'paper',
      reconciliation: { interval_ms: 30_000, emergency_stop_percent: 1 },
      venue,
    }
    const twin = createReconcilerDecider(config, saved)
    for (const one of [behind.reconciler, twin]) one.handle(clock(T + 60_000))
    expect(twin.compare(books(T + 100_000), T + 60_000)).toEqual(
      behind.reconciler.compare(books(T + 100_000), T + 60_000),
    )
    expect(twin.snapshot()).toEqual(behind.reconciler.snapshot())
  })
})

it('lets nothing be traded after a start until a look that counts has told, however many come before it', () => {
  const behind = new Behind(VENUE)
  behind.read(runStarted(T))
  behind.look(agreed(T + 100_000), T)
  behind.read(...reconnected(T + 30_000))
  behind.look(agreed(T + 100_000), T + 30_000)
  expect(behind.looks).toEqual(['start not clean', 'interval not clean'])
  behind.read(...PROTECTED, ...reconnected(T + 100_000))
  behind.readBack()
  behind.look(agreed(T + 101_000), T + 100_000)
  expect(behind.looks.at(-1)).toBe('interval clean')
  expect(behind.findings).toEqual([])
})

it('has not caught up with a look of this run when it reads of one of the run before', () => {
  const behind = new Behind(VENUE)
  behind.read(runStarted(T), ...PROTECTED)
  for (const at of [T, T + 30_000]) {
    behind.read(...reconnected(at))
    behind.look(agreed(at), at)
  }
  behind.read(runStarted(T + 40_000))
  behind.look(books(T + 40_000), T + 40_000)
  behind.readBack(2)
  behind.read(...reconnected(T + 50_000))
  behind.look(books(T + 50_000), T + 50_000)
  expect(behind.findings).toEqual([])
})

it('takes a checkpoint of before looks were read back: what it suspects counts at the next look', () => {
  const behind = new Behind(VENUE)
  behind.read(runStarted(T), ...PROTECTED)
  behind.look(books(T), T)
  const saved = JSON.parse(JSON.stringify(behind.reconciler.snapshot())) as {
    state: { suspected: { key: string }[] }
  }
  const keys = saved.state.suspected.map(({ key }) => key)
  expect(keys).toHaveLength(2)
  const old = { ...saved, state: { ...saved.state, suspected: keys } }
  const config = {
    account: 'paper',
    reconciliation: { interval_ms: 30_000, emergency_stop_percent: 1 },
  }
  const again = createReconcilerDecider({ ...config, venue: VENUE }, old)
  const kinds = again.compare(books(T + 5_000), T + 5_000).map(({ type }) => type)
  expect(kinds).toContain('reconciler.correction.requested')
})
