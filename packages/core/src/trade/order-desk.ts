import type { Fill } from '@tapedeck/contracts'
import type { VenueEvent } from '../matching/index.ts'
import {
  createOrder,
  isTerminal,
  transitionOrder,
  type InstrumentGrid,
  type OrderChange,
  type OrderDraft,
  type OrderRecord,
} from '../order/index.ts'
import { describeFill, type Filled } from './describe-fill.ts'
import type { ExecutionTape } from './execution-tape.ts'
import type { VenueLink } from './desk-venue.ts'
import { statusAfter } from './status-after.ts'
import type { StopBasis } from './trade-record.ts'

/** What we remember of an order that the venue need not know. */
export type OrderNote = {
  readonly setupId: string | null
  readonly basis: StopBasis | null
  /** The price that was expected when it was sent, for the slippage ledger. */
  readonly expectedTicks: number | null
  /** A confirmed cancel ends the order EXPIRED instead of CANCELED: its time to live had passed. */
  readonly expires: boolean
  /** An exit of others' making, after which the trade goes on with what is left. */
  readonly keepsRest?: boolean
  /** Market time since which a conditional order has been triggering; absent until it does. */
  readonly triggeringAt?: number
  /** How often a live venue refused to cancel it, and when it may be asked again. */
  readonly cancelRefusals?: number
  readonly cancelRetryAt?: number
}

export type OrderDeskJson = {
  orders: OrderRecord[]
  notes: [string, OrderNote][]
  appliedFills: string[]
}

const APPLIED_FILLS_KEPT = 50
/** Orders of a trade that ended without a fill, kept in case something of them is still told. */
const SPENT_KEPT = 20
const CANCEL_REFUSALS_MAX = 5
const CANCEL_RETRY_MS = 1_000

/** The orders of one instrument: sends them, follows them through their states, tells the tape. */
export class OrderDesk {
  readonly #grid: InstrumentGrid
  readonly #venue: VenueLink
  readonly #tape: ExecutionTape
  readonly #report: (problem: string) => void
  #orders: Map<string, OrderRecord>
  #notes: Map<string, OrderNote>
  /** Fills that reconciliation told: their own event may still come. */
  #appliedFills: readonly string[]
  /** Market time since which the oldest conditional order has been triggering without an end. */
  #stuckSince = Infinity
  #cancelRetryAt = Infinity

  constructor(
    grid: InstrumentGrid,
    venue: VenueLink,
    tape: ExecutionTape,
    report: (problem: string) => void,
    json: OrderDeskJson = { orders: [], notes: [], appliedFills: [] },
  ) {
    this.#grid = grid
    this.#venue = venue
    this.#tape = tape
    this.#report = report
    this.#orders = new Map(json.orders.map((order) => [order.clientOrderId, order]))
    this.#notes = new Map(json.notes)
    this.#appliedFills = json.appliedFills
    this.#follow()
  }

  /** Market time since which an exit has been triggering without an end; Infinity when none is. */
  get stuckSince(): number {
    return this.#stuckSince
  }

  /** When a cancel that was refused may be asked for again; Infinity when there is none. */
  get cancelRetryAt(): number {
    return this.#cancelRetryAt
  }

  /** What can still fill, oldest first. */
  live(): OrderRecord[] {
    return [...this.#orders.values()].filter(({ status }) => !isTerminal(status))
  }

  get(clientOrderId: string): OrderRecord | undefined {
    return this.#orders.get(clientOrderId)
  }

  /** Orders of a trade, in the order in which they were made. */
  of(tradeId: string): OrderRecord[] {
    return [...this.#orders.values()].filter((order) => order.tradeId === tradeId)
  }

  note(clientOrderId: string): OrderNote | undefined {
    return this.#notes.get(clientOrderId)
  }

  get size(): number {
    return this.#orders.size
  }

  /** Records the intent and its id and tells the tape, without sending anything. */
  record(draft: OrderDraft, note: Omit<OrderNote, 'expires'>, at: number): void {
    const { clientOrderId } = draft
    this.#orders.set(clientOrderId, createOrder(draft, at))
    this.#notes.set(clientOrderId, { ...note, expires: false })
    this.apply(clientOrderId, { kind: 'status', to: 'SUBMITTED', at })
  }

  /** An order that the books need and that nobody is to send: only what comes of it is told. */
  recordQuietly(draft: OrderDraft, note: Omit<OrderNote, 'expires'>, at: number): OrderRecord {
    const created = transitionOrder(createOrder(draft, at), { kind: 'status', to: 'SUBMITTED', at })
    if (!created.ok) throw new RangeError(created.refusal)
    this.#orders.set(draft.clientOrderId, created.order)
    this.#notes.set(draft.clientOrderId, { ...note, expires: false })
    return created.order
  }

  /** Records the intent first, and only then sends it. */
  submit(draft: OrderDraft, note: Omit<OrderNote, 'expires'>, at: number): void {
    this.record(draft, note, at)
    this.#venue.submit(
      {
        clientOrderId: draft.clientOrderId,
        side: draft.side,
        type: draft.type,
        lots: draft.lots,
        priceTicks: draft.priceTicks,
        stopTicks: draft.stopTicks,
        reduceOnly: draft.reduceOnly,
      },
      at,
    )
  }

  /** Asks for a cancel once. `expires`: the order's own time to live is the reason. */
  cancel(clientOrderId: string, reason: string, expires: boolean, at: number): void {
    const order = this.#orders.get(clientOrderId)
    if (order === undefined || order.cancelRequested || isTerminal(order.status)) return
    const note = this.#notes.get(clientOrderId)
    if (note !== undefined) {
      if (note.cancelRetryAt !== undefined && at < note.cancelRetryAt) return
      this.#notes.set(clientOrderId, { ...note, expires })
    }
    this.apply(clientOrderId, { kind: 'status', to: 'PENDING_CANCEL', at, reason })
    this.#venue.cancel(clientOrderId, at)
  }

  /** The venue did not cancel it. It is asked again for a while; then the order counts as gone. */
  refuseCancel(clientOrderId: string, reason: string, at: number): OrderRecord | null {
    const order = this.#orders.get(clientOrderId)
    const note = this.#notes.get(clientOrderId)
    if (order?.status !== 'PENDING_CANCEL' || note === undefined) return null
    const cancelRefusals = (note.cancelRefusals ?? 0) + 1
    if (cancelRefusals >= CANCEL_REFUSALS_MAX) {
      const given = `given up, the venue does not cancel it: ${reason}`
      return this.apply(clientOrderId, { kind: 'status', to: 'CANCELED', at, reason: given })
    }
    const cancelRetryAt = at + CANCEL_RETRY_MS * cancelRefusals
    this.#notes.set(clientOrderId, { ...note, cancelRefusals, cancelRetryAt })
    const again = { kind: 'status', to: 'ACCEPTED', at, reason, cancelRefused: true } as const
    return this.apply(clientOrderId, again)
  }

  /** The price of a conditional order was reached; it has not filled yet. */
  noteTriggering(clientOrderId: string, at: number): void {
    const note = this.#notes.get(clientOrderId)
    if (note === undefined || note.triggeringAt !== undefined) return
    this.#notes.set(clientOrderId, { ...note, triggeringAt: at })
    this.#follow()
  }

  /** Keeps the two times that are asked for at every print. */
  #follow(): void {
    this.#stuckSince = Infinity
    this.#cancelRetryAt = Infinity
    for (const [id, { triggeringAt, cancelRetryAt }] of this.#notes) {
      if (triggeringAt === undefined && cancelRetryAt === undefined) continue
      const order = this.#orders.get(id)
      if (order === undefined || isTerminal(order.status)) continue
      this.#stuckSince = Math.min(this.#stuckSince, triggeringAt ?? Infinity)
      if (!order.cancelRequested)
        this.#cancelRetryAt = Math.min(this.#cancelRetryAt, cancelRetryAt ?? Infinity)
    }
  }

  /** Carries a change out, or reports why the state machine refuses it. Null when refused. */
  apply(clientOrderId: string, change: OrderChange, fill: Fill | null = null): OrderRecord | null {
    const order = this.#orders.get(clientOrderId)
    if (order === undefined) {
      this.#report(`order ${clientOrderId}: ${change.kind} for an order that is not ours`)
      return null
    }
    const result = transitionOrder(order, change)
    if (!result.ok) {
      this.#report(result.refusal)
      return null
    }
    this.#orders.set(clientOrderId, result.order)
    if (
      this.#stuckSince !== Infinity ||
      this.#notes.get(clientOrderId)?.cancelRetryAt !== undefined
    )
      this.#follow()
    const setupId = this.#notes.get(clientOrderId)?.setupId ?? null
    this.#tape.order(result.order, this.#grid, fill, setupId, change.at)
    return result.order
  }

  /** Follows what the venue told. Returns the order as it was before; null when nothing is new. */
  follow(event: VenueEvent): OrderRecord | null {
    const { clientOrderId, venueOrderId, at } = event
    const order = this.#orders.get(clientOrderId)
    if (order === undefined) return null
    if (event.kind === 'filled') return this.#followFill(order, event) ? order : null
    // A cancel that lost against a fill, or of an order that we gave up already: nothing is new.
    const late = event.kind === 'cancel_rejected' || event.kind === 'canceled'
    if (late && isTerminal(order.status)) return null
    const change = statusAfter(event, this.#notes.get(clientOrderId)?.expires === true)
    if (change === null) return null
    const known = venueOrderId === '' ? {} : { venueOrderId }
    const applied = this.apply(clientOrderId, { kind: 'status', at, ...known, ...change })
    return applied === null ? null : order
  }

  /** Follows a fill that reconciliation tells; its own event, should it still come, is nothing new. */
  followMissed(event: Filled): boolean {
    const isNew = this.follow(event) !== null
    this.#appliedFills = [...this.#appliedFills, event.fillId].slice(-APPLIED_FILLS_KEPT)
    return isNew
  }

  #followFill(order: OrderRecord, event: Filled): boolean {
    if (this.#appliedFills.includes(event.fillId)) return false
    const { lots, priceTicks, at, venueOrderId } = event
    const change = { kind: 'fill', lots, priceTicks, at, venueOrderId } as const
    const expected = this.#notes.get(order.clientOrderId)?.expectedTicks ?? null
    const fill = describeFill(order, event, expected, this.#grid)
    return this.apply(order.clientOrderId, change, fill) !== null
  }

  /** Forgets the orders of a trade that is over. */
  forget(tradeId: string): void {
    for (const { clientOrderId } of this.of(tradeId)) {
      this.#orders.delete(clientOrderId)
      this.#notes.delete(clientOrderId)
    }
    this.#follow()
  }

  /**
   * Forgets the older of a trade's orders that ended without a fill (exits that were refused, stops that were
   * replaced), so that a day of them fits into a checkpoint. Its entries are kept: they say how it began.
   */
  forgetSpent(tradeId: string): void {
    if (this.#orders.size <= SPENT_KEPT) return
    const spent = this.of(tradeId).filter(
      ({ role, status, filledLots }) => role !== 'ENTRY' && filledLots === 0 && isTerminal(status),
    )
    for (const { clientOrderId } of spent.slice(0, -SPENT_KEPT)) {
      this.#orders.delete(clientOrderId)
      this.#notes.delete(clientOrderId)
    }
  }

  /** Forgets those orders of a group that are over. */
  forgetOver(tradeId: string): void {
    for (const { clientOrderId: id, status } of this.of(tradeId))
      if (isTerminal(status)) {
        this.#orders.delete(id)
        this.#notes.delete(id)
      }
  }

  snapshot(): OrderDeskJson {
    return {
      orders: [...this.#orders.values()],
      notes: [...this.#notes],
      appliedFills: [...this.#appliedFills],
    }
  }
}
