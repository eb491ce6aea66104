import type {
  CorrectionRequested,
  ExitReason,
  Features,
  Mark,
  SignalApproved,
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
import type { InstrumentGrid, OrderRecord } from '../order/index.ts'
import type { ApprovedSteps } from './check-approval.ts'
import { correctTrade } from './correct-trade.ts'
import type { DeskContext, KeeperContext } from './desk-context.ts'
import { FundingClock, type FundingClockJson } from './funding-clock.ts'
import {
  InstrumentLedger,
  type InstrumentLedgerJson,
  type PositionStanding,
} from './instrument-ledger.ts'
import { OrderDesk, type Filled, type OrderDeskJson } from './order-desk.ts'
import { OrphanKeeper, type OrphanJson } from './orphan-keeper.ts'
import { toPositionFill } from './to-position-fill.ts'
import { TradeKeeper, type TradeKeeperJson } from './trade-keeper.ts'
import { startTrade } from './trade-record.ts'

type DeskJson = {
  now: number
  engine: Json
  orders: OrderDeskJson
  keeper: TradeKeeperJson | null
  orphan: OrphanJson | null
  ledger: InstrumentLedgerJson
  funding: FundingClockJson
}

/**
 * Execution in one instrument: the paper venue, our orders there, the trade that they belong to, and
 * our ledger. What the venue tells is answered event by event, so that an answer is in its place before
 * the next print, however prints were batched.
 */
export class InstrumentDesk {
  readonly grid: InstrumentGrid
  readonly #context: KeeperContext
  readonly #engine: MatchingEngine
  readonly #orders: OrderDesk
  readonly #ledger: InstrumentLedger
  readonly #funding: FundingClock
  #keeper: TradeKeeper | null = null
  #orphan: OrphanKeeper | null = null
  #now = 0

  constructor(grid: InstrumentGrid, context: DeskContext, snapshot?: Json) {
    this.grid = grid
    const json = snapshot === undefined ? null : (copyJson(snapshot) as unknown as DeskJson)
    this.#engine = new MatchingEngine(grid, fillModelFrom(context.config), json?.engine)
    this.#context = { ...context, lastTicks: () => this.#engine.lastTicks }
    this.#orders = new OrderDesk(grid, this.#engine, context.tape, context.report, json?.orders)
    this.#ledger = new InstrumentLedger(grid, context.tape, json?.ledger)
    this.#funding = new FundingClock(json?.funding)
    if (json === null) return
    const { keeper, orphan } = json
    if (keeper !== null)
      this.#keeper = new TradeKeeper(keeper.trade, grid, this.#orders, this.#context, keeper.ledger)
    if (orphan !== null) this.#orphan = new OrphanKeeper(orphan, grid, this.#orders)
    this.#now = json.now
  }

  snapshot(): Json {
    const json: DeskJson = {
      now: this.#now,
      engine: this.#engine.snapshot(),
      orders: this.#orders.snapshot(),
      keeper: this.#keeper?.snapshot() ?? null,
      orphan: this.#orphan?.snapshot() ?? null,
      ledger: this.#ledger.snapshot(),
      funding: this.#funding.snapshot(),
    }
    return copyJson(json)
  }

  /** True when prints need not be looked at one by one: no trade, no order, no position. */
  isIdle(): boolean {
    return this.#keeper === null && this.#orphan === null && this.#engine.isIdle()
  }

  get engine(): Pick<MatchingEngine, 'openOrders' | 'position' | 'books'> {
    return this.#engine
  }

  get hasOrphan(): boolean {
    return this.#orphan !== null
  }

  get tradeId(): string | null {
    return this.#keeper?.trade.tradeId ?? null
  }

  get isOpen(): boolean {
    return this.#ledger.isOpen
  }

  get isPendingEntry(): boolean {
    return this.#keeper?.trade.status === 'PENDING_ENTRY'
  }

  /** What this instrument has added to the wallet. */
  walletChange(): Dec {
    return this.#ledger.walletChange()
  }

  /** Unrealized P&L at the last print. */
  unrealized(): Dec {
    return this.#ledger.unrealized(this.#engine.lastTicks)
  }

  /** Takes note of the last of many prints that did not matter. Only while idle. */
  skipTo(ticks: number, time: number): void {
    this.#now = Math.max(this.#now, time)
    this.#engine.onTrade(ticks, 0, time, 0)
  }

  onPrint(ticks: number, lots: number, time: number, maker: 0 | 1): void {
    this.onTime(time)
    this.#keeper?.seePrice(ticks, this.#now)
    this.#react(this.#engine.onTrade(ticks, lots, time, maker))
    this.#keeper?.seePrice(ticks, this.#now)
    this.#keeper?.considerBreakEven(ticks, this.#now)
    this.#ledger.tellProtection(this.#standing(), this.#now)
  }

  onDepth(change: DepthChange): void {
    this.onTime(change.time)
    this.#react(this.#engine.onDepth(change))
  }

  /** Market time: what has arrived at the venue by now, funding, and what is due by time alone. */
  onTime(time: number): void {
    if (time >= this.#funding.due) {
      this.#drain(this.#funding.due)
      this.#chargeFunding()
    }
    this.#drain(time)
    this.#now = Math.max(this.#now, time)
    if (this.#keeper === null) return
    if (this.#keeper.isDue(this.#now)) this.#settle()
    const last = this.#engine.lastTicks
    if (last !== null) this.#keeper?.considerBreakEven(last, this.#now)
    this.#ledger.tellProtection(this.#standing(), this.#now)
  }

  /** Mark price and rate hold until funding is due; a payment that is due is made at the old ones. */
  onMark(mark: Mark, at: number): void {
    this.onTime(at)
    this.#funding.learn(mark)
  }

  onFeatures(features: Features, at: number): void {
    this.onTime(at)
    this.#keeper?.onFeatures(features, this.#now)
    this.#settle()
  }

  /** Starts a trade from an approval that was checked. */
  start(tradeId: string, approval: SignalApproved, steps: ApprovedSteps, at: number): void {
    this.onTime(at)
    const deadline = this.#now + this.#context.config.entry_ttl_ms
    const trade = startTrade(tradeId, approval, steps, deadline)
    this.#keeper = new TradeKeeper(trade, this.grid, this.#orders, this.#context)
    this.#keeper.start(this.#now)
    this.#context.touchAccount()
  }

  requestExit(reason: ExitReason, detail: string, at: number): void {
    this.onTime(at)
    this.#keeper?.requestExit(reason, detail, this.#now)
    this.#settle()
    if (this.#orphan !== null) this.#orphan.close(this.#now, this.#engine.lastTicks)
  }

  cancelEntry(reason: string, at: number): void {
    this.onTime(at)
    this.#keeper?.cancelEntry(reason)
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

  /** An operator takes an orphan position into our books, at the last price. */
  adopt(at: number): void {
    this.onTime(at)
    const last = this.#engine.lastTicks
    if (this.#orphan === null || last === null || this.#orphan.adopted) return
    const { side, lots } = this.#orphan.adopt()
    this.#ledger.fill(toPositionFill(this.grid, side, lots, last, '0'))
    this.#ledger.tell(this.#standing(), this.#now)
    this.#context.touchAccount()
  }

  /** What reconciliation asks for. */
  correct(correction: CorrectionRequested, at: number): void {
    this.onTime(at)
    if (correction.correction === 'PLACE_EMERGENCY_STOP') {
      this.#orphan ??= OrphanKeeper.from(correction, this.grid, this.#orders)
      this.#orphan?.protect(correction, this.#now)
    } else
      correctTrade(correction, {
        grid: this.grid,
        orders: this.#orders,
        keeper: this.#keeper,
        engine: this.#engine,
        takerFeePercent: this.#context.config.fees.taker_percent,
        report: this.#context.report,
        fill: (order, event) => {
          if (this.#orders.followMissed(event)) this.#book(order, event)
        },
        at: this.#now,
      })
    this.#settle()
  }

  #chargeFunding(): void {
    const payment = this.#funding.take()
    if (payment === null) return
    const amount = this.#engine.fund(payment.rate, payment.markPrice)
    if (amount === null) return
    this.#ledger.fund(amount)
    this.#keeper?.recordFunding(amount)
    this.#context.touchAccount()
  }

  #drain(time: number): void {
    for (
      let events = this.#engine.processNext(time);
      events !== null;
      events = this.#engine.processNext(time)
    )
      this.#react(events)
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
    if (event.kind === 'filled') this.#book(before, event)
    else if (event.kind === 'rejected') this.#keeper?.onRejected(before, event.reason, event.at)
  }

  /** Takes a fill into our ledger and the trade that it belongs to. The order is as it was before. */
  #book(order: OrderRecord, { at, lots, priceTicks, fee }: Filled): void {
    const booked = toPositionFill(this.grid, order.side, lots, priceTicks, fee)
    const keeper = this.#keeper?.trade.tradeId === order.tradeId ? this.#keeper : null
    if (keeper === null && this.#orphan?.adopted !== true) return
    this.#ledger.fill(booked)
    if (keeper !== null) {
      const opens = keeper.trade.openedAt === null
      keeper.recordFill(order, booked, lots, priceTicks, at)
      if (opens) keeper.announceOpen(at)
    }
    this.#ledger.tell(this.#standing(), at)
    this.#context.touchAccount()
  }

  #settle(): void {
    if (this.#orphan?.settle(this.#now, this.#engine.lastTicks) === true) this.#orphan = null
    if (this.#keeper !== null && !this.#keeper.settle(this.#now)) this.#keeper = null
    this.#ledger.tellProtection(this.#standing(), this.#now)
  }

  #standing(): PositionStanding {
    return {
      tradeId: this.tradeId ?? this.#orphan?.tradeId ?? null,
      setupId: this.#keeper?.trade.plan.setup_id ?? null,
      protected: this.#keeper?.trade.covered === true || this.#orphan?.isProtected() === true,
    }
  }
}
