import type { Json } from '../decider.ts'
import type { Dec } from '../decimal/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import type { VenueOrder, VenuePosition } from '../reconciliation/venue-snapshot.ts'
import { describeOrder, describePosition } from './describe-venue.ts'
import { DisplayedLiquidity, type DepthChange, type LiquidityJson } from './displayed-liquidity.ts'
import type { FillModel } from './fill-model.ts'
import { OrderFiller } from './order-filler.ts'
import { OrderInbox, type Instruction } from './order-inbox.ts'
import { PaperAccount, type VenueEvents } from './paper-account.ts'
import { goesThrough, keepPlace } from './queue-place.ts'
import { refuseTicket } from './refuse-ticket.ts'
import { VenueBooks, type VenueBooksJson } from './venue-books.ts'
import type { OrderTicket, VenueEvent } from './venue-event.ts'
import { isConditional, triggers, type WorkingOrder } from './working-order.ts'

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
  readonly #inbox: OrderInbox
  readonly #open: PaperAccount
  readonly #filler: OrderFiller<WorkingOrder, VenueEvents>
  readonly #books: VenueBooks
  readonly #liquidity: DisplayedLiquidity
  #last: number | null
  #nextVenueOrderId: number

  constructor(grid: InstrumentGrid, model: FillModel, snapshot?: Json) {
    this.grid = grid
    this.#model = model
    // A copy: working orders are mutable.
    const json =
      snapshot === undefined ? null : (JSON.parse(JSON.stringify(snapshot)) as EngineJson)
    this.#inbox = new OrderInbox(json?.inbox)
    this.#books = new VenueBooks(grid, json?.books)
    this.#liquidity =
      json === null ? new DisplayedLiquidity() : DisplayedLiquidity.restore(json.liquidity)
    this.#open = new PaperAccount(grid, model, this.#books, json?.orders)
    this.#filler = new OrderFiller(this.#liquidity, model, this.#open)
    this.#last = json?.last ?? null
    this.#nextVenueOrderId = json?.nextVenueOrderId ?? 1
  }

  /** Price of the last print, null before the first. */
  get lastTicks(): number | null {
    return this.#last
  }

  /** True when no print can matter: no order, nothing on the way, no position. */
  isIdle(): boolean {
    return this.#open.orders.length === 0 && this.#inbox.isEmpty && this.#books.lots === 0
  }

  /** Sends an order at `at`. Throws when its id is open or on the way: ids are never reused. */
  submit(ticket: OrderTicket, at: number): void {
    const { clientOrderId } = ticket
    if (this.#find(clientOrderId) !== undefined || this.#inbox.holds(clientOrderId))
      throw new RangeError(`client order id ${clientOrderId} is already in use`)
    this.#inbox.send({ kind: 'submit', at: at + this.#model.latencyMs, ticket })
  }

  /** Asks at `at` for an order to be canceled. */
  cancel(clientOrderId: string, at: number): void {
    this.#inbox.send({ kind: 'cancel', at: at + this.#model.latencyMs, clientOrderId })
  }

  #find(clientOrderId: string): WorkingOrder | undefined {
    return this.#open.orders.find((one) => one.ticket.clientOrderId === clientOrderId)
  }

  /**
   * Carries out the one earliest instruction that has arrived by `time`, or returns null when there is
   * none. Call it until null before a print, a book or a clock of that time is shown, so that what is
   * sent in answer to an event is in its place before the next thing happens.
   */
  processNext(time: number): readonly VenueEvent[] | null {
    const next = this.#inbox.takeArrived(time)
    if (next === null) return null
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
    if (this.#open.orders.length === 0) return NOTHING
    const print = { ticks, lots, time, maker }
    const events: VenueEvent[] = []
    let available = lots
    const there = this.#open.orders.filter(({ since }) => since <= time)
    for (const order of there)
      if (order.atMarket && available > 0)
        available -= this.#filler.fillAtMarket(order, print, available, events)
    for (const order of there)
      if (order.ticket.type === 'LIMIT' && available > 0)
        available -= this.#filler.fillLimit(order, print, available, 0, events)
    for (const order of there)
      if (!order.atMarket && isConditional(order.ticket) && triggers(order.ticket, ticks))
        this.#trigger(order, time, events)
    return events
  }

  /** A change of the book. Waiting market orders walk what it shows. */
  onDepth(change: DepthChange): readonly VenueEvent[] {
    this.#liquidity.apply(change)
    if (this.#open.orders.length === 0) return NOTHING
    const events: VenueEvent[] = []
    for (const order of this.#open.orders)
      if (order.atMarket) this.#filler.walk(order, change.time, events)
      else if (order.ticket.priceTicks !== null)
        keepPlace(order, this.#liquidity.lotsResting(order.ticket.side, order.ticket.priceTicks))
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
    this.#open.add(order)
    const events: VenueEvent[] = [{ ...about, kind: 'accepted' }]
    const usable = this.#liquidity.isUsable(at, this.#model.bookAgeMsMax)
    if (order.atMarket || (usable && ticket.type === 'LIMIT')) this.#filler.walk(order, at, events)
    if (ticket.type === 'LIMIT' && ticket.priceTicks !== null && order.leaves > 0) {
      order.taker = !usable && this.#last !== null && goesThrough(ticket, this.#last)
      order.queueAhead = usable ? this.#liquidity.lotsResting(ticket.side, ticket.priceTicks) : null
    }
    return events
  }

  #cancelArrived(clientOrderId: string, at: number): readonly VenueEvent[] {
    const order = this.#find(clientOrderId)
    if (order === undefined)
      return [{ kind: 'cancel_rejected', clientOrderId, venueOrderId: '', at }]
    this.#open.remove(order)
    return [{ kind: 'canceled', clientOrderId, venueOrderId: order.venueOrderId, at }]
  }

  #trigger(order: WorkingOrder, at: number, events: VenueEvent[]): void {
    const { clientOrderId } = order.ticket
    order.atMarket = true
    order.since = at
    events.push({ kind: 'triggered', clientOrderId, venueOrderId: order.venueOrderId, at })
    this.#filler.walk(order, at, events)
  }

  /** Open orders, plain and conditional, as a venue lists them. What is on the way is not listed. */
  openOrders(): VenueOrder[] {
    return this.#open.orders.map((order) => describeOrder(order, this.grid))
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
      inbox: this.#inbox.snapshot(),
      orders: [...this.#open.orders],
      last: this.#last,
      nextVenueOrderId: this.#nextVenueOrderId,
      books: this.#books.snapshot(),
      liquidity: this.#liquidity.snapshot(),
    }
    return JSON.parse(JSON.stringify(json)) as Json
  }
}
