import { describe, expect, it } from '@jest/globals'
import type { CorrectionRequested, FindingKind, Message, Output } from '@tapedeck/contracts'
import { clientOrderId as idOf } from '../order/index.ts'
import { openIntents } from '../trade/index.ts'
import { RemoteScenario, fillOf, liveRun, report } from '../trade/testing/remote.ts'
import {
  START,
  SYMBOL,
  VENUE,
  approved,
  clock,
  message,
  told as inShort,
} from '../trade/testing/scenario.ts'
import { createReconcilerDecider, type VenueFill, type VenueSnapshot } from './index.ts'

const T = START
const on = { venue: VENUE, symbol: SYMBOL }
const HOUR = 3_600_000

/** Execution on a live venue, the reconciler, and the venue's books as a test makes them differ. */
class Books {
  readonly execution = new RemoteScenario({ venue: VENUE })
  readonly reconciler = createReconcilerDecider({
    account: 'paper',
    venue: VENUE,
    reconciliation: { interval_ms: 30_000, emergency_stop_percent: 1 },
  })
  readonly outputs: Output[] = []
  /** What the venue's books hold beside or instead of what execution believes. */
  theirs: (agreed: VenueSnapshot) => VenueSnapshot = (agreed) => agreed
  position: VenueSnapshot['positions'] = []
  at = T

  static ready(): Books {
    const books = new Books()
    books.read(liveRun())
    books.look()
    const active = { state: 'ACTIVE', previous: 'HALTED', reason: 'x', by: 'x' } as const
    books.read(message('risk.trading_state.changed', T, { account: 'paper', at: T, ...active }))
    books.execution.print(T, 500_000)
    return books
  }

  /** A long of 0.1 BTC, stop and target acknowledged; the venue agrees. */
  static long(): Books {
    const books = Books.ready()
    const { execution } = books
    books.read(approved(T + 100))
    const fill = fillOf('1', '0.1', '50000')
    books.tell('ENTRY', { report: 'filled', side: 'BUY', fill })
    books.tell('STOP', { report: 'accepted' })
    books.tell('TARGET', { report: 'accepted' })
    books.position = [{ ...on, side: 'LONG', quantity: '0.1', averagePrice: '50000' }]
    execution.decider.takeProblems()
    return books
  }

  tell(role: string, what: Parameters<typeof report>[1]): void {
    const id = this.execution.sent(role)
    this.read(report(this.at, { client_order_id: id, ...what }))
  }

  /** A message that both read, and what each makes of it. */
  read(one: Message): void {
    this.#take(this.reconciler.handle(one))
    this.#take(this.execution.play(one))
  }

  /** What one says the other reads. */
  #take(outputs: readonly Output[]): void {
    for (const one of outputs) {
      this.outputs.push(one)
      const told = message(one.type, this.at, one.payload)
      this.#take(this.reconciler.handle(told))
      if (one.type.startsWith('reconciler.')) this.#take(this.execution.play(told))
    }
  }

  get agreed(): VenueSnapshot {
    const orders = openIntents(this.execution.decider)
      .filter(({ order }) => order.status !== 'SUBMITTED')
      .map(({ order }) => ({
        venue: VENUE,
        symbol: SYMBOL,
        clientOrderId: order.client_order_id,
        venueOrderId: '1',
        side: order.side,
        type: order.type,
        conditional: order.stop_price !== null,
        quantity: order.quantity,
        filledQuantity: order.filled_quantity,
        price: order.price,
        stopPrice: order.stop_price,
        reduceOnly: order.reduce_only,
      }))
    const balances = [{ asset: 'USDT', wallet: '5000' }]
    return { at: this.at, orders, positions: this.position, fills: [], balances }
  }

  look(): void {
    this.#take(this.reconciler.compare(this.theirs(this.agreed), this.at))
  }

  /** Two looks, as a difference needs to count. */
  looks(): void {
    for (let i = 0; i < 2; i++) {
      this.at += 31_000
      this.read(clock(this.at))
      this.look()
    }
  }

  get findings(): FindingKind[] {
    return this.outputs.flatMap((one) =>
      one.type === 'reconciler.finding.detected' ? [one.payload.kind] : [],
    )
  }

  get corrections(): CorrectionRequested[] {
    return this.outputs.flatMap((one) =>
      one.type === 'reconciler.correction.requested' ? [one.payload] : [],
    )
  }

  get told(): string[] {
    return inShort(this.execution.outputs)
  }
}

const fillAt = (id: string, client: string, rest: Partial<VenueFill> = {}): VenueFill => ({
  ...on,
  fillId: `${SYMBOL}-${id}`,
  clientOrderId: client,
  side: 'SELL',
  quantity: '0.1',
  price: '49900',
  fee: '0.2',
  feeAsset: 'USDT',
  liquidity: 'TAKER',
  at: T + 1_000,
  ...rest,
})
const leftover = (id: string): VenueSnapshot['orders'][number] => ({
  ...on,
  clientOrderId: id,
  venueOrderId: '9',
  side: 'SELL',
  type: 'STOP_MARKET',
  conditional: true,
  quantity: '0.2',
  filledQuantity: '0',
  price: null,
  stopPrice: '48000',
  reduceOnly: true,
})

describe('a look at a live venue', () => {
  it('finds nothing where both agree, and asks for fills since before the last look', () => {
    const books = Books.long()
    books.looks()
    expect(books.findings).toEqual([])
    books.read(clock(books.at + 31_000))
    expect(books.reconciler.due()).toEqual({ trigger: 'interval', since: books.at - 600_000 })
  })

  it('counts nothing that goes away again, and lets nothing be traded meanwhile at a start', () => {
    const books = new Books()
    books.read(liveRun())
    books.position = [{ ...on, side: 'LONG', quantity: '0.1', averagePrice: '50000' }]
    books.look()
    expect(books.outputs[0]?.payload).toMatchObject({ trigger: 'start', clean: false })
    books.position = []
    books.read(clock(T + 5_000))
    books.look()
    expect(books.outputs.findLast(({ type }) => type === 'reconciler.run.completed')).toMatchObject(
      { payload: { trigger: 'interval', clean: true } },
    )
    expect(books.findings).toEqual([])
  })

  it('is not carried away by a clock that is an hour ahead', () => {
    const books = Books.long()
    books.theirs = (agreed) => ({ ...agreed, at: agreed.at + HOUR })
    books.looks()
    const last = books.outputs.findLast(({ type }) => type === 'reconciler.run.completed')
    expect(last?.occurred_at).toBe(books.at + 5_000)
    books.read(clock(books.at + 36_000))
    expect(books.reconciler.due()).not.toBeNull()
  })

  it('keeps its books in a new run', () => {
    const books = Books.long()
    books.at += 1_000
    books.read(liveRun(books.at))
    books.look()
    books.looks()
    expect(books.findings).toEqual([])
  })
})

/** Others bought 0.05 beside our long of 0.1. */
const withSurplus = (): Books => {
  const books = Books.long()
  const fill = fillOf('9', '0.05', '50010')
  books.read(report(T, { report: 'filled', client_order_id: 'web_1', side: 'BUY', fill }))
  books.position = [{ ...on, side: 'LONG', quantity: '0.15', averagePrice: '50003.3' }]
  books.looks()
  books.tell('EMERGENCY_STOP', { report: 'accepted' })
  return books
}

describe('what is put right', () => {
  it('a stop that is gone is placed anew', () => {
    const books = Books.long()
    const stop = books.execution.sent('STOP')
    books.theirs = (agreed) => ({
      ...agreed,
      orders: agreed.orders.filter(({ clientOrderId }) => clientOrderId !== stop),
    })
    books.looks()
    expect(books.findings).toEqual(['MISSING_EXIT'])
    expect(books.execution.sentAll('STOP')).toHaveLength(2)
  })

  it('a fill that was missed is applied once, whatever else tells it', () => {
    const books = Books.long()
    const stop = books.execution.sent('STOP')
    books.position = []
    books.theirs = (agreed) => ({
      ...agreed,
      orders: agreed.orders.filter(({ clientOrderId }) => clientOrderId !== stop),
      fills: [fillAt('2', stop)],
    })
    books.looks()
    const fill = fillOf('2', '0.1', '49900', '0.2')
    books.tell('STOP', { report: 'filled', side: 'SELL', fill })
    expect(books.findings).toEqual(['MISSED_FILL'])
    expect(books.told.filter((line) => line.includes('@49900 fill'))).toHaveLength(1)
    expect(books.told).toContain('position.changed FLAT 0')
  })

  it('a liquidation that was missed is the exit that it was', () => {
    const books = Books.long()
    books.position = []
    books.theirs = (agreed) => ({
      ...agreed,
      orders: [],
      fills: [fillAt('2', 'autoclose-7', { price: '49000' })],
    })
    books.looks()
    expect(books.findings).toEqual(['MISSED_FILL'])
    expect(books.told).toContain('order.filled EXIT 0.1@market fill 0.1@49000')
    expect(books.execution.sentAll('EXIT')).toEqual([])
  })

  it('a fill of others that is not ours to apply keeps nothing else from being compared', () => {
    const books = Books.ready()
    // Sold before we bought, by a clock of the venue that is an hour ahead of the market's.
    const theirs = fillAt('2', 'web_1', { quantity: '0.04', at: T + HOUR })
    const fill = fillOf('2', '0.04', '49900')
    const about = { client_order_id: 'web_1', side: 'SELL', fill, at: T + HOUR } as const
    books.read(report(T, { report: 'filled', ...about }))
    books.read(approved(T + 100))
    const entry = fillOf('1', '0.1', '50000')
    books.tell('ENTRY', { report: 'filled', side: 'BUY', fill: entry, at: T + HOUR + 1_000 })
    books.tell('STOP', { report: 'accepted' })
    books.tell('TARGET', { report: 'accepted' })
    books.position = [{ ...on, side: 'LONG', quantity: '0.06', averagePrice: '50000' }]
    books.theirs = (agreed) => ({ ...agreed, fills: [theirs] })
    books.looks()
    expect(books.findings).toEqual(['MISSED_FILL'])
    books.looks()
    expect(books.findings).toEqual(['MISSED_FILL', 'QUANTITY_MISMATCH'])
    expect(books.corrections.at(-1)).toMatchObject({
      correction: 'RESIZE_PROTECTION',
      quantity: '0.06',
    })
  })

  it('a position that the venue does not hold is closed in our books, and nothing is sent', () => {
    const books = Books.long()
    books.position = []
    books.looks()
    expect(books.findings[0]).toBe('STALE_POSITION')
    expect(books.told).toContain('position.changed FLAT 0')
    expect(books.execution.sentAll('EXIT')).toEqual([])
  })

  it('of a position that is smaller, and no fill says why, so much is protected', () => {
    const books = Books.long()
    books.position = [{ ...on, side: 'LONG', quantity: '0.06', averagePrice: '50000' }]
    books.looks()
    expect(books.findings).toEqual(['QUANTITY_MISMATCH'])
    expect(books.told).toContain('order.submitted STOP 0.06@49900')
  })

  it('a part that others closed and the stream lost: our books follow, stop and target too', () => {
    const books = Books.long()
    books.position = [{ ...on, side: 'LONG', quantity: '0.06', averagePrice: '50000' }]
    const fills = [fillAt('2', 'adl_autoclose', { quantity: '0.04' })]
    books.theirs = (agreed) => ({ ...agreed, fills })
    books.looks()
    expect(books.findings).toEqual(['MISSED_FILL'])
    expect(books.told).toContain('position.changed LONG 0.06 protected')
    for (const role of ['STOP', 'TARGET']) books.tell(role, { report: 'accepted' })
    expect(books.told.filter((line) => line.startsWith('order.pending_cancel'))).toHaveLength(2)
    expect(books.execution.sentAll('EXIT')).toEqual([])
    for (const role of ['STOP', 'TARGET']) {
      const client_order_id = books.execution.sentAll(role)[0]!
      books.read(report(books.at, { report: 'canceled', client_order_id }))
    }
    books.looks()
    expect(books.findings).toEqual(['MISSED_FILL'])
    expect(books.outputs.findLast(({ type }) => type === 'reconciler.run.completed')).toMatchObject(
      { payload: { clean: true } },
    )
  })

  it('what others add is not ours: it gets a stop of its own, and nothing is traded beside it', () => {
    const books = withSurplus()
    expect(books.findings).toEqual(['QUANTITY_MISMATCH'])
    expect(books.told.at(-2)).toBe('order.submitted EMERGENCY_STOP 0.05@49503.3')
    expect(books.execution.sentAll('STOP')).toHaveLength(1)
    books.looks()
    expect(books.findings).toEqual(['QUANTITY_MISMATCH'])
    expect(books.outputs.findLast(({ type }) => type === 'reconciler.run.completed')).toMatchObject(
      { payload: { clean: false } },
    )
  })

  it('what others added stays protected when ours is closed, and our books are of ours alone', () => {
    const books = withSurplus()
    books.tell('STOP', { report: 'filled', side: 'SELL', fill: fillOf('10', '0.1', '49900') })
    books.tell('TARGET', { report: 'canceled' })
    expect(books.told.at(-1)).toBe('trade.closed STOP -10.2')
    books.position = [{ ...on, side: 'LONG', quantity: '0.05', averagePrice: '50010' }]
    books.looks()
    expect(books.findings).toEqual(['QUANTITY_MISMATCH', 'ORPHAN_POSITION'])
    expect(books.execution.sentAll('EMERGENCY_STOP')).toHaveLength(1)
    expect(openIntents(books.execution.decider)).toHaveLength(1)
  })

  it('what others added and took away again leaves nothing behind that could close ours', () => {
    const books = withSurplus()
    books.position = [{ ...on, side: 'LONG', quantity: '0.1', averagePrice: '50000' }]
    books.looks()
    expect(books.findings).toEqual(['QUANTITY_MISMATCH', 'ORPHAN_ORDER'])
    expect(books.told.at(-1)).toBe('order.pending_cancel EMERGENCY_STOP 0.05@49503.3')
    books.tell('EMERGENCY_STOP', { report: 'canceled' })
    books.looks()
    expect(books.findings).toHaveLength(2)
    expect(openIntents(books.execution.decider).map(({ order }) => order.role)).toEqual([
      'STOP',
      'TARGET',
    ])
  })

  it('exits that closed more than an entry ever opened are put right, and break nothing', () => {
    const books = Books.ready()
    books.read(approved(T + 100))
    const entry = fillOf('1', '0.06', '50000')
    books.tell('ENTRY', { report: 'filled', side: 'BUY', fill: entry })
    books.tell('STOP', { report: 'accepted' })
    books.tell('TARGET', { report: 'accepted' })
    books.read(
      message('risk.flatten.requested', T + 900, { account: 'paper', at: T + 900, reason: 'x' }),
    )
    for (const [role, id] of [
      ['STOP', '11'],
      ['EXIT', '12'],
    ] as const)
      books.tell(role, { report: 'filled', side: 'SELL', fill: fillOf(id, '0.06', '49900') })
    books.tell('TARGET', { report: 'canceled' })
    // The entry might have filled as much before it was canceled; it had not, others had.
    expect(books.told).toContain('position.changed SHORT 0.06')
    books.tell('ENTRY', { report: 'canceled', filled_quantity: '0.06' })
    books.theirs = (agreed) => ({
      ...agreed,
      fills: [fillAt('10', 'web_1', { side: 'BUY', quantity: '0.06' })],
    })
    books.looks()
    expect(books.findings).toEqual(['STALE_POSITION'])
    expect(books.told.findLast((line) => line.startsWith('position'))).toBe(
      'position.changed FLAT 0',
    )
    expect(books.told.at(-1)).toMatch(/^trade\.closed/)
    expect(books.execution.sentAll('ENTRY')).toHaveLength(1)
  })

  it('exits that closed what others had added leave our books flat', () => {
    const books = withSurplus()
    books.tell('STOP', { report: 'filled', side: 'SELL', fill: fillOf('11', '0.1', '49900') })
    books.tell('TARGET', { report: 'filled', side: 'SELL', fill: fillOf('12', '0.05', '49900') })
    expect(books.told).not.toContain('position.changed SHORT 0.05')
    books.tell('TARGET', { report: 'canceled', filled_quantity: '0.05' })
    books.tell('EMERGENCY_STOP', { report: 'expired' })
    books.position = []
    books.looks()
    expect(books.findings).toEqual(['QUANTITY_MISMATCH'])
    expect(books.told).toContain('trade.closed STOP -10.2')
    expect(books.outputs.findLast(({ type }) => type === 'reconciler.run.completed')).toMatchObject(
      { payload: { clean: true } },
    )
  })

  it('of exits that exist twice one is canceled', () => {
    const books = Books.long()
    const stop = books.agreed.orders.find(({ type }) => type === 'STOP_MARKET')!
    const twin = { ...stop, clientOrderId: idOf('another', 'STOP', 1) }
    books.theirs = (agreed) => ({ ...agreed, orders: [...agreed.orders, twin] })
    books.looks()
    expect(books.findings).toEqual(['ORPHAN_ORDER'])
    expect(books.told.at(-1)).toMatch(/^order\.pending_cancel STOP/)
  })

  it('an order of ours that nobody knows of is canceled as an intent; one of others is left alone', () => {
    const books = Books.ready()
    const mine = idOf('trade-of-before', 'STOP', 2)
    books.theirs = (agreed) => ({ ...agreed, orders: [leftover(mine), leftover('web_1')] })
    books.looks()
    expect(books.findings).toEqual(['ORPHAN_ORDER', 'ORPHAN_ORDER'])
    expect(books.corrections.map(({ client_order_id: id }) => id)).toEqual([mine])
    expect(books.told).toEqual(['order.pending_cancel STOP 0.2@market'])
    books.read(report(books.at, { report: 'canceled', client_order_id: mine }))
    expect(openIntents(books.execution.decider)).toEqual([])
  })

  it('an order without an outcome that rests there is resolved; one that does not is the courier’s', () => {
    const books = Books.ready()
    books.read(approved(T + 100))
    books.tell('ENTRY', { report: 'unknown' })
    const entry = books.agreed.orders
    books.theirs = (agreed) => ({ ...agreed, orders: [] })
    books.looks()
    expect(books.findings).toEqual([])
    const other = Books.ready()
    other.read(approved(T + 100))
    other.tell('ENTRY', { report: 'unknown' })
    other.theirs = (agreed) => ({ ...agreed, orders: entry })
    other.look()
    other.at += 2_000
    other.read(clock(other.at))
    other.look()
    expect(other.findings).toEqual(['UNKNOWN_ORDER'])
    expect(other.told.at(-1)).toBe('order.accepted ENTRY 0.1@50000')
  })

  it('a position that no trade explains gets a stop; adopted, it is closed when it is gone', () => {
    const books = Books.ready()
    books.position = [{ ...on, side: 'SHORT', quantity: '0.3', averagePrice: '50000' }]
    books.looks()
    expect(books.findings).toEqual(['ORPHAN_POSITION'])
    expect(books.told).toEqual(['order.submitted EMERGENCY_STOP 0.3@50500'])
    books.tell('EMERGENCY_STOP', { report: 'accepted' })
    const adopt = { command_id: 'c', command: 'adopt_position', reason: 'x', by: 'anna' } as const
    books.read(
      message('execution.command.received', books.at, {
        account: 'paper',
        target: SYMBOL,
        ...adopt,
      }),
    )
    expect(books.told).toContain('position.changed SHORT 0.3 protected')
    books.position = []
    books.looks()
    expect(books.findings).toContain('STALE_POSITION')
    expect(books.told).toContain('position.changed FLAT 0')
    expect(books.told).toContain('order.pending_cancel EMERGENCY_STOP 0.3@50500')
  })

  it('a position that no trade explains is protected again when the venue refused that', () => {
    const books = Books.ready()
    books.position = [{ ...on, side: 'SHORT', quantity: '0.3', averagePrice: '50000' }]
    books.looks()
    books.tell('EMERGENCY_STOP', { report: 'rejected', may_resend: true, reason: 'limits' })
    books.tell('EXIT', { report: 'rejected', may_resend: true, reason: 'limits' })
    expect(openIntents(books.execution.decider)).toEqual([])
    books.looks()
    books.looks()
    expect(books.execution.sentAll('EMERGENCY_STOP')).toHaveLength(2)
    expect(new Set(books.corrections.map(({ correction_id: id }) => id)).size).toBe(2)
    expect(openIntents(books.execution.decider)).toHaveLength(1)
  })

  it('a position whose protection is refused all the time is asked for once an interval', () => {
    const books = Books.ready()
    books.position = [{ ...on, side: 'SHORT', quantity: '0.3', averagePrice: '50000' }]
    for (let at = T; at < T + 600_000; at += 5_000) {
      books.at = at
      books.read(clock(at))
      books.look()
      for (const { order } of openIntents(books.execution.decider))
        books.read(
          report(at, {
            report: 'rejected',
            may_resend: true,
            client_order_id: order.client_order_id,
          }),
        )
      for (const { order } of openIntents(books.execution.decider))
        books.read(report(at, { report: 'rejected', client_order_id: order.client_order_id }))
    }
    expect(books.findings.length).toBeGreaterThan(15)
    expect(books.findings.length).toBeLessThan(23)
  })

  it('one whose entry price nobody tells is told once', () => {
    const books = Books.ready()
    books.position = [{ ...on, side: 'SHORT', quantity: '0.3', averagePrice: null }]
    for (let i = 0; i < 5; i++) books.looks()
    expect(books.findings).toEqual(['ORPHAN_POSITION'])
  })

  it('what others added is not adopted while a trade of ours is open beside it', () => {
    const books = withSurplus()
    const adopt = { command_id: 'c', command: 'adopt_position', reason: 'x', by: 'anna' } as const
    const command = { account: 'paper', target: SYMBOL, ...adopt }
    books.read(message('execution.command.received', books.at, command))
    expect(books.told.findLast((line) => line.startsWith('position'))).toContain('LONG 0.1')
    expect(books.execution.decider.takeProblems().join()).toMatch(/adopt.* when .* is over/)
  })

  it('is looked for soon when the venue refuses to reduce, or closes something itself', () => {
    const books = Books.long()
    books.tell('TARGET', { report: 'rejected', code: '-2022' })
    books.read(clock(T + 4_000))
    expect(books.reconciler.due()).toMatchObject({ trigger: 'reconnect' })
  })
})
