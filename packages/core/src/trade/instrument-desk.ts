import {
  isRemote,
  type CorrectionRequested,
  type ExitReason,
  type Features,
  type Mark,
  type Order,
  type SignalApproved,
  type VenueReported,
} from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import type { Dec } from '../decimal/index.ts'
import {
  MatchingEngine,
  fillModelFrom,
  type DepthChange,
  type VenueEvent,
} from '../matching/index.ts'
import { copyJson } from '../message/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import type { ApprovedSteps } from './check-approval.ts'
import { correctDesk } from './correct-desk.ts'
import type { DeskContext, KeeperContext } from './desk-context.ts'
import type { DeskJson } from './desk-json.ts'
import type { DeskVenue } from './desk-venue.ts'
import { hastenExit } from './exit-pace.ts'
import { FundingClock } from './funding-clock.ts'
import { Holdings } from './holdings.ts'
import type { InstrumentLedger } from './instrument-ledger.ts'
import { LEFTOVER } from './leftover-order.ts'
import { toLiveOrder } from './to-live-order.ts'
import { OrderDesk } from './order-desk.ts'
import { RemoteVenue } from './remote-venue.ts'
import { refusedOnPaper } from './refusal.ts'
import { ReportBook } from './report-book.ts'
import { reportToolsOf } from './report-tools.ts'

/**
 * Execution in one instrument: the venue, our orders there, the trade that they belong to, and our ledger.
 * On paper the venue is inside, and what it tells is answered event by event, so that an answer is in its
 * place before the next print, however prints were batched. A live venue is told of in reports.
 */
export class InstrumentDesk {
  readonly grid: InstrumentGrid
  readonly #context: KeeperContext
  readonly #paper: MatchingEngine | null
  readonly #venue: DeskVenue
  readonly #reports: ReportBook | null
  readonly #orders: OrderDesk
  readonly #held: Holdings
  readonly #funding: FundingClock
  #mark: number | null
  #now = 0

  constructor(grid: InstrumentGrid, context: DeskContext, snapshot?: Json) {
    this.grid = grid
    const json = snapshot === undefined ? null : (copyJson(snapshot) as unknown as DeskJson)
    const { config, tape, report } = context
    const remote = isRemote(config)
    this.#paper = remote ? null : new MatchingEngine(grid, fillModelFrom(config), json?.engine)
    this.#venue = this.#paper ?? new RemoteVenue(json?.engine)
    this.#context = { ...context, lastTicks: () => this.#venue.lastTicks }
    this.#orders = new OrderDesk(grid, this.#venue, tape, report, json?.orders)
    this.#held = new Holdings(grid, this.#context, this.#orders, json)
    this.#funding = new FundingClock(json?.funding)
    this.#now = json?.now ?? 0
    this.#mark = json?.mark ?? null
    const tools = reportToolsOf(grid, this.#orders, this.#held, context, () => this.#now)
    this.#reports = remote ? new ReportBook(tools, json?.reports) : null
  }

  snapshot(): Json {
    const json: DeskJson = {
      now: this.#now,
      engine: this.#venue.snapshot(),
      orders: this.#orders.snapshot(),
      ...this.#held.snapshot(),
      funding: this.#funding.snapshot(),
      ...(this.#reports === null ? {} : { reports: this.#reports.snapshot(), mark: this.#mark }),
    }
    return copyJson(json)
  }

  /** True when prints need not be looked at one by one: no trade, no order, no position. */
  isIdle(): boolean {
    return this.#held.keeper === null && this.#held.orphan === null && this.#venue.isIdle()
  }

  /** The paper venue's own books; null where the venue is elsewhere. */
  get engine(): Pick<MatchingEngine, 'openOrders' | 'position' | 'books'> | null {
    return this.#paper
  }

  /** Nothing is open, nothing is on its way. */
  get isFlat(): boolean {
    return this.isIdle() && !this.isOpen && this.#orders.live().length === 0
  }

  /** Orders that are not over, as messages carry them. */
  liveOrders(): Order[] {
    return this.#orders.live().map((order) => toLiveOrder(order, this.grid))
  }

  tellAgain(at: number): void {
    this.#held.tellAgain(at)
  }

  get hasOrphan(): boolean {
    return this.#held.orphan !== null
  }

  get tradeId(): string | null {
    return this.#held.keeper?.trade.tradeId ?? null
  }

  get isOpen(): boolean {
    return this.#held.ledger.isOpen
  }

  get isPendingEntry(): boolean {
    return this.#held.keeper?.trade.status === 'PENDING_ENTRY'
  }

  /** The last mark; null before there was one. */
  get markPrice(): number | null {
    return this.#mark
  }

  /** What is held by our own fills, and what it has cost. */
  get ledger(): Pick<InstrumentLedger, 'walletChange' | 'paidIn'> {
    return this.#held.ledger
  }

  /** Unrealized P&L at the last print. */
  unrealized(): Dec {
    return this.#held.ledger.unrealized(this.#venue.lastTicks)
  }

  /** Takes note of the last of many prints that did not matter. Only while idle. */
  skipTo(ticks: number, time: number): void {
    this.#now = Math.max(this.#now, time)
    this.#venue.onTrade(ticks, 0, time, 0)
  }

  onPrint(ticks: number, lots: number, time: number, maker: 0 | 1): void {
    this.onTime(time)
    this.#held.keeper?.seePrice(ticks, this.#now)
    this.#react(this.#venue.onTrade(ticks, lots, time, maker))
    this.#held.keeper?.seePrice(ticks, this.#now)
    this.#held.keeper?.considerBreakEven(ticks, this.#now)
    this.#held.tellProtection(this.#now)
  }

  onDepth(change: DepthChange): void {
    this.onTime(change.time)
    this.#react(this.#venue.onDepth(change))
  }

  /** Market time: what has arrived at the venue by now, funding, and what is due by time alone. */
  onTime(time: number): void {
    if (time >= this.#funding.due) {
      this.#drain(this.#funding.due)
      this.#chargeFunding()
    }
    this.#drain(time)
    this.#now = Math.max(this.#now, time)
    if (this.#now >= this.#orders.cancelRetryAt) this.#settle()
    if (this.#held.keeper === null) return
    if (this.#held.keeper.isDue(this.#now)) this.#settle()
    const last = this.#venue.lastTicks
    if (last !== null) this.#held.keeper?.considerBreakEven(last, this.#now)
    this.#held.tellProtection(this.#now)
  }

  /** Time that passes while no market news comes: what is due by it alone, and nothing that a price decides. */
  onSilence(time: number): void {
    this.#now = Math.max(this.#now, time)
    this.#settle()
  }

  /** Mark price and rate hold until funding is due; a payment that is due is made at the old ones. */
  onMark(mark: Mark, at: number): void {
    this.onTime(at)
    this.#funding.learn(mark)
    this.#mark = mark.mark_price
  }

  onFeatures(features: Features, at: number): void {
    this.onTime(at)
    this.#held.keeper?.onFeatures(features, this.#now)
    this.#settle()
  }

  /** Starts a trade from an approval that was checked. */
  start(tradeId: string, approval: SignalApproved, steps: ApprovedSteps, at: number): void {
    this.onTime(at)
    this.#held.start(tradeId, approval, steps, this.#now)
    this.#context.touchAccount()
  }

  requestExit(reason: ExitReason, detail: string, at: number): void {
    this.onTime(at)
    this.#held.keeper?.requestExit(reason, detail, this.#now)
    this.#settle()
    this.#held.orphan?.close(this.#now, this.#venue.lastTicks)
  }

  cancelEntry(reason: string, at: number): void {
    this.onTime(at)
    this.#held.keeper?.cancelEntry(reason)
    this.#settle()
  }

  /** An operator cancels one order. Protection that is canceled is placed anew. */
  cancelOrder(clientOrderId: string, reason: string, at: number): void {
    this.onTime(at)
    this.#orders.cancel(clientOrderId, reason, false, this.#now)
    this.#settle()
  }

  owns(clientOrderId: string): boolean {
    return this.#orders.get(clientOrderId) !== undefined
  }

  /** What a live venue told. Its clock moves no time of ours: `at` is market time. */
  onReport(report: VenueReported, at: number): void {
    this.onTime(at)
    this.#reports?.follow(report, this.#now)
    this.#settle()
  }

  /** A look that a live venue answered: it is there. */
  onLook(at: number): void {
    const { keeper } = this.#held
    if (keeper === null || this.#reports === null) return
    this.onTime(at)
    hastenExit(keeper.trade, false, this.#now)
    this.#settle()
  }

  /** An operator takes an orphan position into our books, at the last price. */
  adopt(at: number): void {
    this.onTime(at)
    this.#held.adopt(this.#now)
  }

  /** What reconciliation asks for. */
  correct(correction: CorrectionRequested, at: number): void {
    this.onTime(at)
    correctDesk(correction, this.#held, {
      grid: this.grid,
      orders: this.#orders,
      engine: this.#venue,
      reports: this.#reports,
      takerFeePercent: this.#context.config.fees.taker_percent,
      report: this.#context.report,
      at: this.#now,
    })
    this.#settle()
  }

  #chargeFunding(): void {
    const due = this.#funding.take()
    const amount = due === null ? null : this.#venue.fund(due.rate, due.markPrice)
    if (amount !== null) this.#held.fund(amount)
  }

  #drain(time: number): void {
    for (;;) {
      const events = this.#venue.processNext(time)
      if (events === null) return
      this.#react(events)
    }
  }

  #react(events: readonly VenueEvent[]): void {
    for (const event of events) {
      this.#now = Math.max(this.#now, event.at)
      if (this.#orders.get(event.clientOrderId) === undefined) continue
      this.#follow(event)
      this.#settle()
    }
  }

  #follow(event: VenueEvent): void {
    const before = this.#orders.follow(event)
    if (before === null) return
    if (event.kind === 'filled') this.#held.book(before, event)
    else if (event.kind === 'rejected')
      this.#held.keeper?.onRefused(before, refusedOnPaper(event.reason), event.at)
  }

  #settle(): void {
    const over = this.#held.settle(this.#now)
    if (over !== null) this.#reports?.keepPast(over)
    if (this.#reports === null) return
    this.#orders.forgetOver(LEFTOVER)
    if (this.tradeId !== null) this.#orders.forgetSpent(this.tradeId)
  }
}
