import type { Side } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { toDecimalString, type Dec } from '../decimal/index.ts'
import { stepsToDecimal } from '../market/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import type { VenueOrder, VenuePosition } from '../reconciliation/venue-snapshot.ts'
import { DisplayedLiquidity, type DepthChange, type LiquidityJson } from './displayed-liquidity.ts'
import { feeOf, slip, worse, type FillModel } from './fill-model.ts'
import { VenueBooks, type VenueBooksJson } from './venue-books.ts'
import { describeOrder, describePosition } from './describe-venue.ts'
import { refuseTicket } from './refuse-ticket.ts'
import type { OrderTicket, VenueEvent } from './venue-event.ts'
import { goesThrough, isConditional, triggers, type WorkingOrder } from './working-order.ts'

type Instruction =
  | { readonly kind: 'submit'; readonly at: number; readonly ticket: OrderTicket }
  | { readonly kind: 'cancel'; readonly at: number; readonly clientOrderId: string }

type EngineJson = {
  inbox: Instruction[]
  orders: WorkingOrder[]
  last: number | null
  nextVenueOrderId: number
  books: VenueBooksJson
  liquidity: LiquidityJson
}

const NOTHING: readonly VenueEvent[] = []

/**
 * A venue for one instrument, as prints and books allow it: the fill model of domain §5 (S3 §12.3).
 *
 * - Orders and cancels arrive `latencyMs` after they were sent, in the order in which they were sent.
 * - A market order walks the book where one is fresh; without, or for what the book did not hold, the
 *   next prints fill it, slipped.
 * - No order meets a print from before it came, even one that is told later: book changes overtake prints.
 * - A limit fills at its price when a print goes through it. With a book it also has a place in the
 *   queue: prints at its price by the other side first use up what stood before it. The queue only
 *   shrinks by prints, or where the whole level is smaller than it; cancels by others never help us.
 * - A stop or take-profit triggers on a print and is a market order from then on; it never fills better
 *   than its trigger price. A stop slips twice the base, a take-profit once; both pay the taker's fee.
 * - All of our orders together take no more from a print than it holds.
 * - Reduce-only orders take no more than the position; with nothing to reduce they expire.
 *
 * Margin and liquidation are not modeled: risk bounds leverage before an order gets here.
 */
export class MatchingEngine {
  readonly grid: InstrumentGrid
  readonly #model: FillModel
  #inbox: Instruction[] = []
  #orders: WorkingOrder[] = []
  #last: number | null = null
  #nextVenueOrderId = 1
  #books: VenueBooks
  #liquidity = new DisplayedLiquidity()

  constructor(grid: InstrumentGrid, model: FillModel, snapshot?: Json) {
    this.grid = grid
    this.#model = model
    if (snapshot === undefined) {
      this.#books = new VenueBooks(grid)
      return
    }
    // A copy: working orders are mutable.
    const json = JSON.parse(JSON.stringify(snapshot)) as EngineJson
    this.#inbox = json.inbox
    this.#orders = json.orders
    this.#last = json.last
    this.#nextVenueOrderId = json.nextVenueOrderId
    this.#books = new VenueBooks(grid, json.books)
    this.#liquidity = DisplayedLiquidity.restore(json.liquidity)
  }

  /** Price of the last print, null before the first. */
  get lastTicks(): number | null {
    return this.#last
  }

  /** True when no print can matter: no order, nothing on the way, no position. */
  isIdle(): boolean {
    return this.#orders.length === 0 && this.#inbox.length === 0 && this.#books.lots === 0
  }

  /** Sends an order at `at`. Throws when its id is open or on the way: ids are never reused. */
  submit(ticket: OrderTicket, at: number): void {
    const same = (id: string): boolean => id === ticket.clientOrderId
    const known =
      this.#orders.some((order) => same(order.ticket.clientOrderId)) ||
      this.#inbox.some((one) => one.kind === 'submit' && same(one.ticket.clientOrderId))
    if (known) throw new RangeError(`client order id ${ticket.clientOrderId} is already in use`)
    this.#send({ kind: 'submit', at: at + this.#model.latencyMs, ticket })
  }

  /** Asks at `at` for an order to be canceled. */
  cancel(clientOrderId: string, at: number): void {
    this.#send({ kind: 'cancel', at: at + this.#model.latencyMs, clientOrderId })
  }

  #send(instruction: Instruction): void {
    let place = this.#inbox.length
    while (place > 0 && this.#inbox[place - 1]!.at > instruction.at) place--
    this.#inbox.splice(place, 0, instruction)
  }

  /**
   * Carries out the one earliest instruction that has arrived by `time`, or returns null when there is
   * none. Call it until null before a print, a book or a clock of that time is shown, so that what is
   * sent in answer to an event is in its place before the next thing happens.
   */
  processNext(time: number): readonly VenueEvent[] | null {
    const next = this.#inbox[0]
    if (next === undefined || next.at > time) return null
    this.#inbox.shift()
    return next.kind === 'submit'
      ? this.#arrive(next.ticket, next.at)
      : this.#cancelArrived(next.clientOrderId, next.at)
  }

  /** `processNext` until nothing is left, for callers that do not answer events. */
  advanceTo(time: number): VenueEvent[] {
    const events: VenueEvent[] = []
    for (let some = this.processNext(time); some !== null; some = this.processNext(time))
      events.push(...some)
    return events
  }

  /** A public print. `maker` 1: the buyer was the maker, so the aggressor sold. */
  onTrade(ticks: number, lots: number, time: number, maker: 0 | 1): readonly VenueEvent[] {
    this.#last = ticks
    if (this.#orders.length === 0) return NOTHING
    const events: VenueEvent[] = []
    let available = lots
    const there = this.#orders.filter(({ since }) => since <= time)
    for (const order of there)
      if (order.atMarket && available > 0)
        available -= this.#fillAtMarket(order, ticks, available, time, events)
    for (const order of there)
      if (order.ticket.type === 'LIMIT' && available > 0)
        available -= this.#fillLimit(order, ticks, lots, available, time, maker, events)
    for (const order of there)
      if (!order.atMarket && isConditional(order.ticket) && triggers(order.ticket, ticks))
        this.#trigger(order, time, events)
    return events
  }

  /** A change of the book. Waiting market orders walk what it shows. */
  onDepth(change: DepthChange): readonly VenueEvent[] {
    this.#liquidity.apply(change)
    if (this.#orders.length === 0) return NOTHING
    const events: VenueEvent[] = []
    for (const order of this.#orders)
      if (order.atMarket) this.#walk(order, change.time, events)
      else if (order.queueAhead !== null && order.ticket.priceTicks !== null)
        order.queueAhead = Math.min(
          order.queueAhead,
          this.#liquidity.lotsResting(order.ticket.side, order.ticket.priceTicks),
        )
    return events
  }

  /** Charges funding on the position. Null when flat; negative was paid. */
  fund(rate: number, markPrice: number): Dec | null {
    return this.#books.fund(rate, markPrice)
  }

  #arrive(ticket: OrderTicket, at: number): readonly VenueEvent[] {
    const venueOrderId = String(this.#nextVenueOrderId++)
    const about = { clientOrderId: ticket.clientOrderId, venueOrderId, at }
    const reason = refuseTicket(ticket, this.grid, this.#books, this.#last)
    if (reason !== null) return [{ ...about, kind: 'rejected', reason }]
    const order: WorkingOrder = {
      ticket,
      venueOrderId,
      since: at,
      leaves: ticket.lots,
      fills: 0,
      atMarket: ticket.type === 'MARKET',
      taker: false,
      queueAhead: null,
    }
    this.#orders.push(order)
    const events: VenueEvent[] = [{ ...about, kind: 'accepted' }]
    const usable = this.#liquidity.isUsable(at, this.#model.bookAgeMsMax)
    if (order.atMarket || (usable && ticket.type === 'LIMIT')) this.#walk(order, at, events)
    if (ticket.type === 'LIMIT' && ticket.priceTicks !== null && order.leaves > 0) {
      order.taker = !usable && this.#last !== null && goesThrough(ticket, this.#last)
      order.queueAhead = usable ? this.#liquidity.lotsResting(ticket.side, ticket.priceTicks) : null
    }
    return events
  }

  #cancelArrived(clientOrderId: string, at: number): readonly VenueEvent[] {
    const order = this.#orders.find((one) => one.ticket.clientOrderId === clientOrderId)
    if (order === undefined)
      return [{ kind: 'cancel_rejected', clientOrderId, venueOrderId: '', at }]
    this.#remove(order)
    return [{ kind: 'canceled', clientOrderId, venueOrderId: order.venueOrderId, at }]
  }

  #trigger(order: WorkingOrder, at: number, events: VenueEvent[]): void {
    const { clientOrderId } = order.ticket
    order.atMarket = true
    order.since = at
    events.push({ kind: 'triggered', clientOrderId, venueOrderId: order.venueOrderId, at })
    this.#walk(order, at, events)
  }

  /** Lots that the order may still fill; one with nothing to reduce expires here. */
  #fillable(order: WorkingOrder, at: number, events: VenueEvent[]): number {
    if (!order.ticket.reduceOnly) return order.leaves
    const most = Math.min(order.leaves, this.#books.reducible(order.ticket.side))
    if (most > 0) return most
    this.#remove(order)
    events.push({
      kind: 'expired',
      clientOrderId: order.ticket.clientOrderId,
      venueOrderId: order.venueOrderId,
      at,
      reason: 'REDUCE_ONLY_WITHOUT_POSITION',
    })
    return 0
  }

  #walk(order: WorkingOrder, at: number, events: VenueEvent[]): void {
    if (!this.#liquidity.isUsable(at, this.#model.bookAgeMsMax)) return
    const { side, priceTicks, stopTicks } = order.ticket
    const most = this.#fillable(order, at, events)
    if (most === 0) return
    for (const { ticks, lots } of this.#liquidity.take(side, most, priceTicks))
      this.#fill(
        order,
        lots,
        stopTicks === null ? ticks : worse(side, ticks, stopTicks),
        at,
        'TAKER',
        events,
      )
  }

  #fillAtMarket(
    order: WorkingOrder,
    ticks: number,
    available: number,
    at: number,
    events: VenueEvent[],
  ): number {
    const lots = Math.min(available, this.#fillable(order, at, events))
    if (lots === 0) return 0
    const { side, stopTicks, type } = order.ticket
    const from = stopTicks === null ? ticks : worse(side, ticks, stopTicks)
    const percent = this.#model.slippagePercent * (type === 'STOP_MARKET' ? 2 : 1)
    this.#fill(order, lots, slip(from, side, percent), at, 'TAKER', events)
    return lots
  }

  #fillLimit(
    order: WorkingOrder,
    ticks: number,
    printed: number,
    available: number,
    at: number,
    maker: 0 | 1,
    events: VenueEvent[],
  ): number {
    const { ticket } = order
    let within = available
    if (!goesThrough(ticket, ticks)) {
      const aggressor: Side = maker === 1 ? 'SELL' : 'BUY'
      if (order.queueAhead === null || ticks !== ticket.priceTicks || aggressor === ticket.side)
        return 0
      const ahead = order.queueAhead
      order.queueAhead = Math.max(0, ahead - printed)
      within = Math.min(available, printed - ahead)
    } else if (order.queueAhead !== null) order.queueAhead = 0
    if (within <= 0) return 0
    const lots = Math.min(within, this.#fillable(order, at, events))
    if (lots === 0) return 0
    this.#fill(order, lots, ticket.priceTicks!, at, order.taker ? 'TAKER' : 'MAKER', events)
    return lots
  }

  #fill(
    order: WorkingOrder,
    lots: number,
    priceTicks: number,
    at: number,
    liquidity: 'MAKER' | 'TAKER',
    events: VenueEvent[],
  ): void {
    const { clientOrderId, side } = order.ticket
    const { venue, symbol, quoteAsset, tick, lot, tickLot } = this.grid
    const percent =
      liquidity === 'MAKER' ? this.#model.makerFeePercent : this.#model.takerFeePercent
    const fee = feeOf(lots * priceTicks, tickLot, percent)
    order.leaves -= lots
    order.fills += 1
    const fillId = `${clientOrderId}.${order.fills}`
    this.#books.record(side, lots, priceTicks, fee, {
      venue,
      symbol,
      fillId,
      clientOrderId,
      side,
      quantity: stepsToDecimal(lots, lot),
      price: stepsToDecimal(priceTicks, tick),
      fee: toDecimalString(fee),
      feeAsset: quoteAsset,
      liquidity,
      at,
    })
    if (order.leaves === 0) this.#remove(order)
    events.push({
      kind: 'filled',
      clientOrderId,
      venueOrderId: order.venueOrderId,
      at,
      fillId,
      lots,
      priceTicks,
      leavesLots: order.leaves,
      liquidity,
      fee: toDecimalString(fee),
    })
  }

  #remove(order: WorkingOrder): void {
    this.#orders = this.#orders.filter((one) => one !== order)
  }

  /** Open orders, plain and conditional, as a venue lists them. What is on the way is not listed. */
  openOrders(): VenueOrder[] {
    return this.#orders.map((order) => describeOrder(order, this.grid))
  }

  position(): VenuePosition {
    return describePosition(this.#books, this.grid)
  }

  /** The venue's books: position, wallet change, recent fills. */
  get books(): Pick<VenueBooks, 'lots' | 'walletChange' | 'unrealized' | 'fills'> {
    return this.#books
  }

  snapshot(): Json {
    const json: EngineJson = {
      inbox: this.#inbox,
      orders: this.#orders,
      last: this.#last,
      nextVenueOrderId: this.#nextVenueOrderId,
      books: this.#books.snapshot(),
      liquidity: this.#liquidity.snapshot(),
    }
    return JSON.parse(JSON.stringify(json)) as Json
  }
}
