import { isRemote, type ExitReason, type Features, type OrderRole } from '@tapedeck/contracts'
import type { Dec } from '../decimal/index.ts'
import { stepsToDecimal } from '../market/index.ts'
import { clientOrderId, isTerminal, type InstrumentGrid, type OrderRecord } from '../order/index.ts'
import {
  FLAT,
  applyFill,
  applyFunding,
  positionFromJson,
  positionToJson,
  type Position,
  type PositionFill,
  type PositionJson,
} from '../position/index.ts'
import { closeTrade } from './close-trade.ts'
import type { KeeperContext } from './desk-context.ts'
import type { TradeEvent } from './execution-tape.ts'
import { followCover, heldStopOf } from './follow-cover.ts'
import type { OrderDesk } from './order-desk.ts'
import { addOtherFee, type OtherFee } from './other-fee.ts'
import { ENTRY_TTL_PASSED, FILLS_NO_FURTHER, planTrade, type TradeAction } from './plan-trade.ts'
import { recordFill, seePrice } from './record-fill.ts'
import { followRefusal, type Refusal } from './refusal.ts'
import { breakEvenStop, isInvalidated, trailingStop } from './stop-rules.ts'
import { entryResend, isStuck, isTradeDue, outlivedBound } from './trade-bounds.ts'
import { openLots, toTrade, type StopBasis, type TradeRecord } from './trade-record.ts'

export type TradeKeeperJson = { trade: TradeRecord; ledger: PositionJson }

/**
 * One trade from its entry to its close: applies what happened to it, and after each event asks
 * `planTrade` what it needs. It decides nothing about prices itself: that is in `stop-rules`.
 */
export class TradeKeeper {
  readonly trade: TradeRecord
  readonly #grid: InstrumentGrid
  readonly #orders: OrderDesk
  readonly #context: KeeperContext
  #ledger: Position

  constructor(
    trade: TradeRecord,
    grid: InstrumentGrid,
    orders: OrderDesk,
    context: KeeperContext,
    ledger: PositionJson = positionToJson(FLAT),
  ) {
    this.trade = trade
    this.#grid = grid
    this.#orders = orders
    this.#context = context
    this.#ledger = positionFromJson(ledger)
  }

  snapshot(): TradeKeeperJson {
    return { trade: this.trade, ledger: positionToJson(this.#ledger) }
  }

  get ledger(): Position {
    return this.#ledger
  }

  /** Announces the trade and sends its entry. */
  start(at: number): void {
    const { plan } = this.trade
    this.announce(`${plan.strategy} ${plan.grade} approved`, at)
    this.#sendEntry(at)
  }

  /** Says that there is such a trade, before anything of it is told. */
  announce(reason: string, at: number): void {
    this.#tell('execution.trade.started', reason, at)
  }

  #sendEntry(at: number): void {
    const { plan, plannedLots, plannedTicks } = this.trade
    this.#orders.submit(
      {
        clientOrderId: this.nextId('ENTRY'),
        tradeId: this.trade.tradeId,
        role: 'ENTRY',
        side: plan.side,
        type: 'LIMIT',
        lots: plannedLots,
        priceTicks: plannedTicks,
        stopTicks: null,
        reduceOnly: false,
      },
      { setupId: plan.setup_id, basis: null, expectedTicks: plannedTicks },
      at,
    )
  }

  /** Takes a fill into the trade's ledger and its quantities. The order is as it was before the fill. */
  recordFill(
    order: Pick<OrderRecord, 'role' | 'clientOrderId'>,
    fill: PositionFill,
    lots: number,
    ticks: number,
    at: number,
  ): void {
    this.#ledger = applyFill(this.#ledger, fill)
    const { role, clientOrderId: id } = order
    const keepsRest = this.#orders.note(id)?.keepsRest === true
    recordFill(this.trade, { role, basis: this.#basisOf(id), lots, ticks, at, keepsRest })
  }

  #basisOf(id: string): StopBasis {
    return this.#orders.note(id)?.basis ?? 'initial'
  }

  recordOtherFee(fee: OtherFee): void {
    this.trade.otherFees = addOtherFee(this.trade.otherFees ?? [], fee)
  }

  /** Says once that the trade is open, after the order event that opened it. */
  announceOpen(at: number): void {
    this.#tell('execution.trade.opened', 'the entry has a fill', at)
  }

  recordFunding(amount: Dec): void {
    this.#ledger = applyFunding(this.#ledger, amount)
  }

  /** An order of this trade ended at the venue without having done what it was for. As it was before. */
  onRefused(order: OrderRecord, refusal: Refusal, at: number): void {
    const held = () => {
      const stop = this.#heldStop()
      return stop === null ? null : { order: stop, basis: this.#basisOf(stop.clientOrderId) }
    }
    const requestExit = (reason: ExitReason, detail: string): void =>
      this.requestExit(reason, detail, at)
    const { report } = this.#context
    followRefusal(this.trade, order, refusal, { held, requestExit, report }, at)
  }

  /** Wants out at the market. Nothing happens when the trade is on its way out already. */
  requestExit(reason: ExitReason, detail: string, at: number): void {
    const { trade } = this
    if (trade.exitReason !== null) return
    trade.exitReason = reason
    if (openLots(trade) === 0) return
    trade.status = 'CLOSING'
    this.#tell('execution.trade.exit_requested', `${reason}: ${detail}`, at)
  }

  /** Cancels what of the entry has not filled; what has filled stays and is protected. */
  cancelEntry(reason: string): void {
    this.trade.entryCancelReason ??= reason
  }

  /** A print: what excursions and follow-through are told from. */
  seePrice(ticks: number, at: number): void {
    seePrice(this.trade, ticks, at, this.#context.config.break_even.progress_r)
  }

  /** Break-even, by price or by time. */
  considerBreakEven(ticks: number, at: number): void {
    const { trade } = this
    if (!trade.covered || trade.exitReason !== null || at < trade.moveRetryAt) return
    const stop = breakEvenStop(trade, ticks, at, this.#context.config.break_even)
    if (stop !== null) this.#moveStop(stop, 'break_even', at)
  }

  /** A closed 15 s bar with its order flow: invalidation, else trailing. */
  onFeatures(features: Features, at: number): void {
    const { trade } = this
    if (openLots(trade) === 0 || trade.exitReason !== null) return
    const { invalidation_ratio: ratio, trailing } = this.#context.config
    if (isInvalidated(trade, features, ratio)) {
      const delta = features.delta_ratio['1m']
      this.requestExit('INVALIDATION', `closed beyond the last swing, delta ratio ${delta}`, at)
      this.settle(at)
      return
    }
    if (!trade.covered || at < trade.moveRetryAt) return
    const stop = trailingStop(trade, features, trailing)
    if (stop !== null) this.#moveStop(stop, 'trailing', at)
  }

  #moveStop(ticks: number, basis: StopBasis, at: number): void {
    this.trade.stopTicks = ticks
    this.trade.stopBasis = basis
    this.settle(at)
  }

  /** True when something is due by time alone. Cheap: asked at every print. */
  isDue(at: number): boolean {
    return isTradeDue(this.trade, this.#orders.stuckSince, this.#context.config, at)
  }

  /**
   * Brings the trade's orders to what they should be: called after everything that happened to it.
   * Returns false when the trade is over.
   */
  settle(at: number): boolean {
    const { trade } = this
    this.#followCover(at)
    const { stuckSince } = this.#orders
    const bounds = this.#context.config
    const outlived = outlivedBound(trade, stuckSince, bounds, at)
    if (outlived !== null) this.requestExit('UNPROTECTED', outlived, at)
    const venue = { isRemote: isRemote(bounds), isStuck: isStuck(stuckSince, bounds, at) }
    for (const action of planTrade(trade, this.#orders.of(trade.tradeId), at, venue))
      this.#carryOut(action, at)
    const resend = entryResend(trade, at)
    if (resend !== 'later' && trade.entryRetryAt !== undefined) trade.entryRetryAt = null
    if (resend === 'now') {
      trade.entrySends = (trade.entrySends ?? 1) + 1
      this.#sendEntry(at)
    }
    return !this.#finish(at)
  }

  #carryOut(action: TradeAction, at: number): void {
    const { trade } = this
    if (action.kind === 'cancel') {
      const expires = action.reason === ENTRY_TTL_PASSED
      if (action.reason === FILLS_NO_FURTHER)
        this.#context.report(`trade ${trade.tradeId}: exit ${action.clientOrderId} is half done`)
      this.#orders.cancel(action.clientOrderId, action.reason, expires, at)
      return
    }
    if (action.role === 'EXIT') {
      trade.exitAttempts += 1
      trade.exitRetryAt = null
    }
    this.#orders.submit(
      {
        clientOrderId: this.nextId(action.role),
        tradeId: trade.tradeId,
        role: action.role,
        side: trade.plan.side === 'BUY' ? 'SELL' : 'BUY',
        type: action.type,
        lots: action.lots,
        priceTicks: null,
        stopTicks: action.stopTicks,
        reduceOnly: true,
      },
      {
        setupId: trade.plan.setup_id,
        basis: action.basis,
        expectedTicks: action.stopTicks ?? this.#context.lastTicks(),
      },
      at,
    )
  }

  #heldStop(): OrderRecord | null {
    return heldStopOf(this.trade, this.#orders.of(this.trade.tradeId))
  }

  /** Follows what acknowledged stops cover, and says when protection stands or moved. */
  #followCover(at: number): void {
    const held = this.#heldStop()
    const basis = held === null ? 'initial' : this.#basisOf(held.clientOrderId)
    const news = followCover(this.trade, held, basis, at)
    if (news === null || held?.stopTicks == null) return
    const price = stepsToDecimal(held.stopTicks, this.#grid.tick)
    if (news === 'stop_moved')
      this.#tell('execution.trade.stop_moved', `${basis} stop at ${price}`, at)
    else this.#tell('execution.trade.protected', `stop at ${price} for all that is open`, at)
  }

  /** Closes the books when nothing of the trade is left anywhere. */
  #finish(at: number): boolean {
    const { trade } = this
    const orders = this.#orders.of(trade.tradeId)
    if (openLots(trade) !== 0 || orders.some(({ status }) => !isTerminal(status))) return false
    if (trade.entryRetryAt != null) return false
    if (trade.entryLots === 0) {
      const entry = orders.find(({ role }) => role === 'ENTRY')
      trade.status = 'ABANDONED'
      const reason = `entry ${entry?.status ?? 'was not sent'}: ${entry?.reason ?? 'no reason given'}`
      this.#tell('execution.trade.abandoned', reason, at)
    } else {
      trade.status = 'CLOSED'
      const { tape, sessionStartEquity } = this.#context
      tape.closed(
        closeTrade(trade, this.#ledger, this.#grid, tape.account, sessionStartEquity()),
        at,
      )
    }
    this.#orders.forget(trade.tradeId)
    this.#context.touchAccount()
    return true
  }

  #tell(event: TradeEvent, reason: string, at: number): void {
    this.#context.tape.trade(event, toTrade(this.trade, this.#grid), this.#grid, reason, at)
  }

  nextId(role: OrderRole): string {
    this.trade.orderCounter += 1
    return clientOrderId(this.trade.tradeId, role, this.trade.orderCounter)
  }
}
