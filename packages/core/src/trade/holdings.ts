import type { CorrectionRequested, SignalApproved } from '@tapedeck/contracts'
import type { Dec } from '../decimal/index.ts'
import type { InstrumentGrid, OrderRecord } from '../order/index.ts'
import type { ApprovedSteps } from './check-approval.ts'
import type { KeeperContext } from './desk-context.ts'
import {
  InstrumentLedger,
  type InstrumentLedgerJson,
  type PositionStanding,
} from './instrument-ledger.ts'
import type { Filled } from './describe-fill.ts'
import type { OrderDesk } from './order-desk.ts'
import { OrphanKeeper, type OrphanJson } from './orphan-keeper.ts'
import { toPositionFill } from './to-position-fill.ts'
import { TradeKeeper, type TradeKeeperJson } from './trade-keeper.ts'
import { startTrade, type TradeRecord } from './trade-record.ts'

export type HoldingsJson = {
  readonly keeper: TradeKeeperJson | null
  readonly orphan: OrphanJson | null
  readonly ledger: InstrumentLedgerJson
}

/**
 * What is held in one instrument: the trade that is under way, a position that no trade explains, and the
 * ledger of our fills. At most one trade at a time.
 */
export class Holdings {
  readonly #grid: InstrumentGrid
  readonly #context: KeeperContext
  readonly #orders: OrderDesk
  readonly #ledger: InstrumentLedger
  #keeper: TradeKeeper | null = null
  #orphan: OrphanKeeper | null = null

  constructor(
    grid: InstrumentGrid,
    context: KeeperContext,
    orders: OrderDesk,
    json: HoldingsJson | null,
  ) {
    this.#grid = grid
    this.#context = context
    this.#orders = orders
    this.#ledger = new InstrumentLedger(grid, context.tape, json?.ledger)
    if (json === null) return
    const { keeper, orphan } = json
    if (keeper !== null)
      this.#keeper = new TradeKeeper(keeper.trade, grid, orders, context, keeper.ledger)
    if (orphan !== null) this.#orphan = new OrphanKeeper(orphan, grid, orders)
  }

  snapshot(): HoldingsJson {
    return {
      keeper: this.#keeper?.snapshot() ?? null,
      orphan: this.#orphan?.snapshot() ?? null,
      ledger: this.#ledger.snapshot(),
    }
  }

  get keeper(): TradeKeeper | null {
    return this.#keeper
  }

  get orphan(): OrphanKeeper | null {
    return this.#orphan
  }

  get ledger(): InstrumentLedger {
    return this.#ledger
  }

  start(tradeId: string, approval: SignalApproved, steps: ApprovedSteps, at: number): void {
    const deadline = at + this.#context.config.entry_ttl_ms
    const trade = startTrade(tradeId, approval, steps, deadline)
    this.#keeper = new TradeKeeper(trade, this.#grid, this.#orders, this.#context)
    this.#keeper.start(at)
  }

  /** Begins a trade again whose entry filled after it had been given up. */
  reopen(trade: TradeRecord, reason: string, at: number): void {
    this.#keeper = new TradeKeeper(trade, this.#grid, this.#orders, this.#context)
    this.#keeper.announce(reason, at)
  }

  /** Protects a position that no trade explains. */
  protectOrphan(correction: CorrectionRequested, at: number): void {
    this.#orphan ??= OrphanKeeper.from(correction, this.#grid, this.#orders)
    this.#orphan?.protect(correction, at)
  }

  /** Takes an orphan position into our books, at the last price. */
  adopt(at: number): void {
    const last = this.#context.lastTicks()
    if (this.#orphan === null || last === null || this.#orphan.adopted) return
    if (this.#keeper !== null) {
      // Which of them an exit then closes could not be told apart.
      const { tradeId } = this.#keeper.trade
      this.#context.report(`${this.#orphan.tradeId}: may be adopted when ${tradeId} is over`)
      return
    }
    const { side, lots } = this.#orphan.adopt()
    this.#bookAt(side, lots, last, at)
  }

  /** The venue does not hold an adopted position any more: our books close at the last price. */
  closeAdopted({ trade_id: id }: CorrectionRequested, at: number): void {
    const last = this.#context.lastTicks()
    const orphan = this.#orphan
    if (orphan?.adopted !== true || orphan.tradeId !== id || last === null) return
    if (!this.#ledger.isOpen) return
    const { side, lots } = this.#ledger.toClose()
    orphan.drop(at)
    this.#bookAt(side, lots, last, at)
  }

  #bookAt(side: 'BUY' | 'SELL', lots: number, ticks: number, at: number): void {
    this.#ledger.fill(toPositionFill(this.#grid, side, lots, ticks, '0'))
    this.#ledger.tell(this.#standing(), at)
    this.#context.touchAccount()
  }

  /** Takes a fill into our ledger and the trade that it belongs to. The order is as it was before. */
  book(order: OrderRecord, { at, lots, priceTicks, fee, otherFee }: Filled): void {
    const booked = toPositionFill(this.#grid, order.side, lots, priceTicks, fee, otherFee)
    const keeper = this.#keeper?.trade.tradeId === order.tradeId ? this.#keeper : null
    if (keeper === null && this.#orphan?.adopted !== true) return
    this.#ledger.fill(booked, otherFee)
    if (keeper !== null) {
      const opens = keeper.trade.openedAt === null
      keeper.recordFill(order, booked, lots, priceTicks, at)
      if (otherFee !== undefined) keeper.recordOtherFee(otherFee)
      if (opens) keeper.announceOpen(at)
    }
    this.#ledger.tell(this.#standing(), at)
    this.#context.touchAccount()
  }

  fund(amount: Dec): void {
    this.#ledger.fund(amount)
    this.#keeper?.recordFunding(amount)
    this.#context.touchAccount()
  }

  /** Brings all orders to what they should be. Returns a trade that is over by now. */
  settle(at: number): TradeRecord | null {
    if (this.#orphan?.settle(at, this.#context.lastTicks()) === true) this.#orphan = null
    const keeper = this.#keeper
    const over = keeper !== null && !keeper.settle(at)
    if (over) this.#keeper = null
    this.tellProtection(at)
    return over ? keeper.trade : null
  }

  tellProtection(at: number): void {
    this.#ledger.tellProtection(this.#standing(), at)
  }

  /** Tells an open position again, to whoever has not heard of it in this run. */
  tellAgain(at: number): void {
    if (this.#ledger.isOpen) this.#ledger.tell(this.#standing(), at)
  }

  #standing(): PositionStanding {
    return {
      tradeId: this.#keeper?.trade.tradeId ?? this.#orphan?.tradeId ?? null,
      setupId: this.#keeper?.trade.plan.setup_id ?? null,
      protected: this.#keeper?.trade.covered === true || this.#orphan?.isProtected() === true,
    }
  }
}
