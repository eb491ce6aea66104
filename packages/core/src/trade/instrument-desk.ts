import type {
  CorrectionRequested,
  ExitReason,
  Features,
  Fill,
  Mark,
  SignalApproved,
} from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { dec, toDecimalString, type Dec } from '../decimal/index.ts'
import { stepsToDecimal } from '../market/index.ts'
import {
  MatchingEngine,
  fillModelFrom,
  type DepthChange,
  type VenueEvent,
} from '../matching/index.ts'
import { copyJson } from '../message/index.ts'
import { isTerminal, type InstrumentGrid, type OrderRecord } from '../order/index.ts'
import {
  FLAT,
  applyFill,
  applyFunding,
  averageEntry,
  netPnl,
  positionFromJson,
  positionToJson,
  sideOf,
  unrealizedPnl,
  type Position,
  type PositionJson,
} from '../position/index.ts'
import type { ApprovedSteps } from './check-approval.ts'
import { correctTrade } from './correct-trade.ts'
import type { DeskContext, KeeperContext } from './desk-context.ts'
import { OrderDesk, type OrderDeskJson } from './order-desk.ts'
import { OrphanKeeper, type OrphanJson } from './orphan-keeper.ts'
import { TradeKeeper, toPositionFill, type TradeKeeperJson } from './trade-keeper.ts'
import { startTrade } from './trade-record.ts'

type FundingJson = { rate: number; markPrice: number; due: number } | null

type DeskJson = {
  now: number
  engine: Json
  orders: OrderDeskJson
  keeper: TradeKeeperJson | null
  orphan: OrphanJson | null
  ledger: PositionJson
  funding: FundingJson
  fundedUntil: number
  toldProtected: boolean
  appliedFills: string[]
}

const APPLIED_FILLS_KEPT = 50

type Filled = Extract<VenueEvent, { kind: 'filled' }>

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
  #keeper: TradeKeeper | null = null
  #orphan: OrphanKeeper | null = null
  #ledger: Position = FLAT
  #funding: FundingJson = null
  #fundedUntil = 0
  #toldProtected = false
  /** Fills that reconciliation applied: their own event may still come. */
  #appliedFills: string[] = []
  #now = 0

  constructor(grid: InstrumentGrid, context: DeskContext, snapshot?: Json) {
    this.grid = grid
    const json = snapshot === undefined ? null : (copyJson(snapshot) as unknown as DeskJson)
    this.#engine = new MatchingEngine(grid, fillModelFrom(context.config), json?.engine)
    this.#context = { ...context, lastTicks: () => this.#engine.lastTicks }
    this.#orders = new OrderDesk(grid, this.#engine, context.tape, context.report, json?.orders)
    if (json === null) return
    const { keeper, orphan } = json
    if (keeper !== null)
      this.#keeper = new TradeKeeper(keeper.trade, grid, this.#orders, this.#context, keeper.ledger)
    if (orphan !== null) this.#orphan = new OrphanKeeper(orphan, grid, this.#orders)
    this.#ledger = positionFromJson(json.ledger)
    this.#funding = json.funding
    this.#fundedUntil = json.fundedUntil
    this.#toldProtected = json.toldProtected
    this.#appliedFills = json.appliedFills
    this.#now = json.now
  }

  snapshot(): Json {
    const json: DeskJson = {
      now: this.#now,
      engine: this.#engine.snapshot(),
      orders: this.#orders.snapshot(),
      keeper: this.#keeper?.snapshot() ?? null,
      orphan: this.#orphan?.snapshot() ?? null,
      ledger: positionToJson(this.#ledger),
      funding: this.#funding,
      fundedUntil: this.#fundedUntil,
      toldProtected: this.#toldProtected,
      appliedFills: this.#appliedFills,
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

  get hasTrade(): boolean {
    return this.#keeper !== null
  }

  get hasOrphan(): boolean {
    return this.#orphan !== null
  }

  get tradeId(): string | null {
    return this.#keeper?.trade.tradeId ?? null
  }

  get isOpen(): boolean {
    return !this.#ledger.quantity.isZero()
  }

  get isPendingEntry(): boolean {
    return this.#keeper?.trade.status === 'PENDING_ENTRY'
  }

  /** What this instrument has added to the wallet. */
  walletChange(): Dec {
    return netPnl(this.#ledger)
  }

  /** Unrealized P&L at the last print. */
  unrealized(): Dec {
    const last = this.#engine.lastTicks
    if (last === null) return dec(0)
    return unrealizedPnl(this.#ledger, dec(stepsToDecimal(last, this.grid.tick)))
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
    this.#tellProtection()
  }

  onDepth(change: DepthChange): void {
    this.onTime(change.time)
    this.#react(this.#engine.onDepth(change))
  }

  /** Market time: what has arrived at the venue by now, funding, and what is due by time alone. */
  onTime(time: number): void {
    const { due } = this.#funding ?? { due: Infinity }
    if (time >= due) {
      this.#drain(due)
      this.#chargeFunding()
    }
    this.#drain(time)
    this.#now = Math.max(this.#now, time)
    if (this.#keeper === null) return
    if (this.#keeper.isDue(this.#now)) this.#settle()
    const last = this.#engine.lastTicks
    if (last !== null) this.#keeper?.considerBreakEven(last, this.#now)
    this.#tellProtection()
  }

  /** Mark price and rate hold until funding is due; a payment that is due is made at the old ones. */
  onMark(mark: Mark, at: number): void {
    this.onTime(at)
    if (mark.next_funding_time <= this.#fundedUntil) return
    this.#funding = {
      rate: mark.funding_rate,
      markPrice: mark.mark_price,
      due: mark.next_funding_time,
    }
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
    this.#ledger = applyFill(this.#ledger, toPositionFill(this.grid, side, lots, last, '0'))
    this.#tellPosition(this.#now)
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
          this.#onFill(order, event)
          this.#appliedFills = [...this.#appliedFills, event.fillId].slice(-APPLIED_FILLS_KEPT)
        },
        at: this.#now,
      })
    this.#settle()
  }

  #chargeFunding(): void {
    if (this.#funding === null) return
    const { rate, markPrice, due } = this.#funding
    this.#funding = null
    this.#fundedUntil = due
    const amount = this.#engine.fund(rate, markPrice)
    if (amount === null) return
    this.#ledger = applyFunding(this.#ledger, amount)
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
      const order = this.#orders.get(event.clientOrderId)
      if (order === undefined) continue
      this.#follow(order, event)
      this.#settle()
    }
  }

  #follow(order: OrderRecord, event: VenueEvent): void {
    const { clientOrderId, at, venueOrderId } = event
    // A cancel that lost against a fill, or of an order that we gave up already: nothing is new.
    const late = event.kind === 'cancel_rejected' || event.kind === 'canceled'
    if (late && isTerminal(order.status)) return
    const status = (
      to: 'ACCEPTED' | 'CANCELED' | 'REJECTED' | 'EXPIRED',
      reason?: string,
    ): OrderRecord | null =>
      this.#orders.apply(clientOrderId, {
        kind: 'status',
        to,
        at,
        ...(venueOrderId === '' ? {} : { venueOrderId }),
        ...(reason === undefined ? {} : { reason }),
      })
    if (event.kind === 'accepted') status('ACCEPTED')
    else if (event.kind === 'filled') this.#onFill(order, event)
    else if (event.kind === 'canceled')
      status(this.#orders.note(clientOrderId)?.expires === true ? 'EXPIRED' : 'CANCELED')
    else if (event.kind === 'expired') status('EXPIRED', event.reason)
    else if (event.kind === 'rejected') {
      if (status('REJECTED', event.reason) !== null)
        this.#keeper?.onRejected(order, event.reason, at)
    } else if (event.kind === 'cancel_rejected') status('CANCELED', 'not open at the venue')
  }

  #onFill(order: OrderRecord, event: Filled): void {
    const { at, lots, priceTicks } = event
    if (this.#appliedFills.includes(event.fillId)) return
    const fill: Fill = this.#orders.describeFill(order, event)
    const change = { kind: 'fill', lots, priceTicks, at, venueOrderId: event.venueOrderId } as const
    if (this.#orders.apply(order.clientOrderId, change, fill) === null) return
    const booked = toPositionFill(this.grid, order.side, lots, priceTicks, event.fee)
    const keeper = this.#keeper?.trade.tradeId === order.tradeId ? this.#keeper : null
    if (keeper === null && this.#orphan?.adopted !== true) return
    this.#ledger = applyFill(this.#ledger, booked)
    if (keeper !== null) {
      const opens = keeper.trade.openedAt === null
      keeper.recordFill(order, booked, lots, priceTicks, at)
      if (opens) keeper.announceOpen(at)
    }
    this.#tellPosition(at)
    this.#context.touchAccount()
  }

  #settle(): void {
    if (this.#orphan?.settle(this.#now, this.#engine.lastTicks) === true) this.#orphan = null
    if (this.#keeper !== null && !this.#keeper.settle(this.#now)) this.#keeper = null
    this.#tellProtection()
  }

  #isProtected(): boolean {
    return this.#keeper?.trade.covered === true || this.#orphan?.isProtected() === true
  }

  #tellProtection(): void {
    if (this.#isProtected() !== this.#toldProtected && this.isOpen) this.#tellPosition(this.#now)
  }

  #tellPosition(at: number): void {
    const side = sideOf(this.#ledger)
    const average = averageEntry(this.#ledger)
    this.#toldProtected = side !== 'FLAT' && this.#isProtected()
    this.#context.tape.position(
      this.grid,
      {
        side,
        quantity: toDecimalString(this.#ledger.quantity.abs()),
        average_price: average === null ? null : toDecimalString(average),
        realized_pnl: toDecimalString(this.#ledger.realizedPnl),
        trade_id: this.tradeId ?? this.#orphan?.tradeId ?? null,
        protected: this.#toldProtected,
      },
      this.#keeper?.trade.plan.setup_id ?? null,
      at,
    )
  }
}
