import {
  MatchingEngine,
  gridOf,
  toNumber,
  type EnterOrder,
  type ExitOrder,
  type FillModel,
  type InstrumentGrid,
  type OrderRole,
  type OrderUpdate,
  type PositionView,
  type ProtectOrder,
  type VenueEvent,
} from '@tapedeck/core'
import type { BarSeries } from './bar-series.ts'
import {
  closing,
  entryTicket,
  exitTicket,
  protectionTicket,
  type Sent,
  type Ticket,
} from './lane-tickets.ts'
import { LaneOrders, type LaneOrder } from './lane-orders.ts'
import { sizeEntry, type Sized } from './size-entry.ts'
import { TradeLedger } from './trade-ledger.ts'

/** The account as a lane needs it when an order is sized. */
export type Account = { readonly equity: number; readonly exposure: number }

type Filled = Extract<VenueEvent, { kind: 'filled' }>

/**
 * One symbol of a run: its orders, its position, its protection. What fills is decided by the matching
 * engine alone; here it is only kept track of what each order was for and what has to follow.
 */
export class SymbolLane implements PositionView {
  readonly symbol: string
  readonly series: BarSeries
  readonly grid: InstrumentGrid
  readonly engine: MatchingEngine
  readonly orders = new LaneOrders()
  readonly ledger: TradeLedger
  readonly #model: FillModel
  readonly #account: Account
  readonly #tell: (update: OrderUpdate) => void
  entries = 0
  stopTicks: number | null = null
  targetTicks: number | null = null
  lastTicks = 0
  /** When the last of what was sent arrives. */
  arrivesBy = -Infinity
  /** An order triggered on the last print and waits for the next. */
  triggered = false
  /** Market orders in the quote asset, sized by the price that they meet. */
  readonly #byQuote: { readonly order: EnterOrder; readonly arrives: number }[] = []
  #sent = 0

  constructor(
    series: BarSeries,
    given: {
      readonly model: FillModel
      readonly strategy: string
      readonly account: Account
      readonly tell: (update: OrderUpdate) => void
    },
  ) {
    this.symbol = series.instrument.symbol
    this.series = series
    this.grid = gridOf(series.instrument)
    this.engine = new MatchingEngine(this.grid, given.model)
    this.ledger = new TradeLedger(series.instrument, given.strategy)
    this.#model = given.model
    this.#account = given.account
    this.#tell = given.tell
  }

  get lots(): number {
    return this.ledger.lots
  }

  get averageTicks(): number {
    return this.ledger.averageTicks
  }

  get pendingEntries(): number {
    return this.orders.pendingEntries + this.#byQuote.length
  }

  /** Orders in the quote asset wait for a price. */
  get waitsForPrice(): boolean {
    return this.#byQuote.length > 0
  }

  /** Notional of what is held, at the last close. */
  get exposure(): number {
    return this.lots === 0 ? 0 : Math.abs(this.lots) * this.lastTicks * toNumber(this.grid.tickLot)
  }

  #send(what: Sent, ticket: Ticket, at: number): void {
    const clientOrderId = `${what.role}-${++this.#sent}`
    const whole = { ...ticket, clientOrderId }
    this.engine.submit(whole, at)
    this.arrivesBy = Math.max(this.arrivesBy, at + this.#model.latencyMs)
    const atMarket = ticket.type === 'MARKET'
    this.orders.add({
      ...what,
      ticket: whole,
      resting: false,
      atMarket,
      leaving: false,
      filled: 0,
    })
  }

  #cancel(order: LaneOrder, at: number): void {
    if (order.leaving) return
    order.leaving = true
    this.engine.cancel(order.ticket.clientOrderId, at)
    this.arrivesBy = Math.max(this.arrivesBy, at + this.#model.latencyMs)
  }

  #size(order: EnterOrder, ticks: number): Sized {
    const { equity, exposure } = this.#account
    const against = order.side === 'BUY' ? this.lots < 0 : this.lots > 0
    const closesLots = against ? Math.abs(this.lots) : 0
    const { grid } = this
    const { instrument } = this.series
    return sizeEntry(order, { instrument, grid, ticks, equity, exposure, closesLots })
  }

  enter(order: EnterOrder, at: number): void {
    if ('quote' in order.size) {
      const arrives = at + this.#model.latencyMs
      this.#byQuote.push({ order, arrives })
      this.arrivesBy = Math.max(this.arrivesBy, arrives)
      return
    }
    const sized = this.#size(order, order.ticks ?? this.lastTicks)
    if ('refused' in sized) this.#tellEntry('unsized', order, at, sized.refused)
    else this.#sendEntry(order, sized.lots, at)
  }

  #sendEntry(order: EnterOrder, lots: number, at: number): void {
    const { id, reason, stopTicks, targetTicks } = order
    this.#send({ role: 'entry', id, reason, stopTicks, targetTicks }, entryTicket(order, lots), at)
  }

  /** Turns what was ordered in the quote asset into lots, at the price of the print to come. */
  sizeByQuote(ticks: number, time: number): void {
    for (const { order, arrives } of this.#byQuote.splice(0)) {
      const sized = this.#size(order, ticks)
      if (arrives > time) this.#byQuote.push({ order, arrives })
      else if ('refused' in sized) this.#tellEntry('unsized', order, time, sized.refused)
      else this.#sendEntry(order, sized.lots, arrives - this.#model.latencyMs)
    }
  }

  exit({ lots, reason }: ExitOrder, at: number): void {
    // What is on its way out already is not asked to leave twice.
    let open = Math.abs(this.lots)
    for (const order of this.orders.values())
      if (order.role === 'exit') open -= order.ticket.lots - order.filled
    const wanted = Math.min(open, lots ?? open)
    if (wanted > 0) this.#sendExit('exit', reason, wanted, at)
  }

  #sendExit(role: OrderRole, reason: string, lots: number, at: number): void {
    this.#send(closing(role, reason), exitTicket(this.lots, lots), at)
  }

  protect(order: ProtectOrder, at: number): void {
    if (this.lots === 0) return
    if (order.stopTicks !== undefined) this.#place('stop', order.stopTicks, at)
    if (order.targetTicks !== undefined) this.#place('target', order.targetTicks, at)
  }

  cancelEntries(id: string | null, at: number): void {
    for (const order of this.orders.values())
      if (order.role === 'entry' && (id === null || order.id === id)) this.#cancel(order, at)
    for (const { order } of this.#byQuote.splice(0))
      if (id === null || order.id === id) this.#tellEntry('canceled', order, at, '')
  }

  /** Brings one side of the protection to a price and to all of the position; the old order goes last. */
  #place(role: 'stop' | 'target', ticks: number | null, at: number): void {
    const old = [...this.orders.values()].filter(
      (one) => one.role === role && !one.atMarket && !one.leaving,
    )
    const lots = Math.abs(this.lots)
    if (role === 'stop') this.stopTicks = ticks
    else this.targetTicks = ticks
    if (ticks !== null) {
      if (role === 'stop') this.ledger.onStop(ticks)
      const right = old.find(({ ticket }) => ticket.stopTicks === ticks && ticket.lots === lots)
      if (right !== undefined && old.length === 1) return
      this.#send(closing(role, role), protectionTicket(this.lots, role, ticks), at)
    }
    for (const one of old) this.#cancel(one, at)
  }

  /** What the venue said. Lots that filled are returned: they came out of the bar's volume. */
  handle(event: VenueEvent): number {
    const order = this.orders.get(event.clientOrderId)
    if (order === undefined) return 0
    if (event.kind === 'filled') return this.#filled(event, order)
    if (event.kind === 'accepted') order.resting = true
    if (event.kind === 'triggered') {
      order.atMarket = true
      this.triggered = true
    }
    if (event.kind === 'canceled' || event.kind === 'expired' || event.kind === 'rejected')
      this.#ended(event, order)
    this.orders.refresh()
    return 0
  }

  #ended(
    event: Extract<VenueEvent, { kind: 'canceled' | 'expired' | 'rejected' }>,
    order: LaneOrder,
  ): void {
    this.orders.remove(event.clientOrderId)
    const reason = event.kind === 'canceled' ? '' : event.reason
    if (order.role === 'entry') this.#tellOrder(event.kind, order, event.at, reason)
    // Protection that the price has already passed: out at once, as execution does without a stop.
    const passed = event.kind === 'rejected' && event.reason === 'WOULD_TRIGGER_IMMEDIATELY'
    if (passed && order.role !== 'entry' && this.lots !== 0)
      this.#sendExit(order.role, order.reason, Math.abs(this.lots), event.at)
  }

  #filled(event: Filled, order: LaneOrder): number {
    const before = this.lots
    const isFirst = order.filled === 0
    order.filled += event.lots
    if (event.leavesLots === 0) this.orders.remove(event.clientOrderId)
    const { side } = order.ticket
    const { at, lots, priceTicks: ticks, fee } = event
    const isEntry = order.role === 'entry'
    const reason = isEntry ? 'reversal' : order.reason
    this.ledger.book({ side, lots, ticks, fee, at, reason }, isEntry ? order.stopTicks : null)
    const turned = before !== 0 && before > 0 !== this.lots > 0
    if (this.lots === 0 || turned) this.#dropProtection(at)
    if (isEntry && this.lots !== 0) {
      if (turned || before === 0) this.entries = 1
      else if (isFirst) this.entries++
      this.#place('stop', order.stopTicks ?? this.stopTicks, at)
      this.#place('target', order.targetTicks ?? this.targetTicks, at)
    }
    this.#tell({
      kind: 'filled',
      at,
      symbol: this.symbol,
      id: order.id,
      role: order.role,
      side,
      lots,
      leavesLots: event.leavesLots,
      ticks,
      fee: Number(fee),
      reason: '',
    })
    return lots
  }

  /** Flat or turned around: nothing that protected the old position may act on the new one. */
  #dropProtection(at: number): void {
    this.stopTicks = null
    this.targetTicks = null
    if (this.lots === 0) this.entries = 0
    for (const order of this.orders.values()) if (order.role !== 'entry') this.#cancel(order, at)
  }

  #tellOrder(kind: OrderUpdate['kind'], order: LaneOrder, at: number, reason: string): void {
    const { id, role, ticket } = order
    const leavesLots = ticket.lots - order.filled
    this.#tell({
      ...NOTHING_FILLED,
      kind,
      at,
      symbol: this.symbol,
      id,
      role,
      side: ticket.side,
      leavesLots,
      reason,
    })
  }

  #tellEntry(kind: OrderUpdate['kind'], order: EnterOrder, at: number, reason: string): void {
    const { id, side, symbol } = order
    this.#tell({ ...NOTHING_FILLED, kind, at, symbol, id, role: 'entry', side, reason })
  }
}

const NOTHING_FILLED = { lots: 0, leavesLots: 0, ticks: 0, fee: 0 } as const
