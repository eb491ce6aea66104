import type { Side, VenueReported } from '@tapedeck/contracts'
import { dec } from '../decimal/index.ts'
import { decimalToSteps } from '../market/index.ts'
import { copyJson } from '../message/index.ts'
import { isTerminal, leavesLots, type OrderRecord } from '../order/index.ts'
import { hastenExit } from './exit-pace.ts'
import { divideExit } from './beyond-position.ts'
import { bookLateFill, type LateFill } from './late-fill.ts'
import type { Filled } from './describe-fill.ts'
import { readFill, type ToldFill } from './read-fill.ts'
import type { ReportTools } from './report-tools.ts'
import { endStatus, restOf, wordsOf } from './report-words.ts'
import type { TradeRecord } from './trade-record.ts'

/** How an order ended by the venue, kept until every fill that it counts is known. */
type End = {
  readonly kind: 'canceled' | 'expired' | 'rejected'
  readonly lots: number
  readonly code: string | null
  readonly reason: string
  readonly venueOrderId: string | null
  readonly mayResend: boolean
  readonly retryInMs?: number
}

export type ReportBookJson = {
  fills: string[]
  fundings: string[]
  ends: [string, End][]
  past: TradeRecord[]
  unbooked: LateFill[]
  heldSince: number | null
}

/** News that shows that the venue is there. That an order was refused on the way says nothing, unless it was asked about. */
const showsLife = ({ report, learned_by: by }: VenueReported): boolean =>
  report !== 'unknown' && (report !== 'rejected' || by === 'query')
const FILLS_KEPT = 5_000
const FUNDINGS_KEPT = 500
const PAST_KEPT = 50
const UNBOOKED_KEPT = 20

/** False when the id is in the list already; bounded. */
const isNew = (seen: Set<string>, id: string, most: number): boolean => {
  if (seen.has(id)) return false
  seen.add(id)
  if (seen.size > most)
    for (const oldest of seen) {
      seen.delete(oldest)
      break
    }
  return true
}

/**
 * What a live venue told about one instrument, folded into our orders. News comes in any order and any
 * number of times: a fill counts once by its id, an end counts once every fill before it is known, and
 * what comes about an order that is over still reaches the ledger.
 */
export class ReportBook {
  readonly #tools: ReportTools
  readonly #fills: Set<string>
  readonly #fundings: Set<string>
  readonly #ends: Map<string, End>
  #past: TradeRecord[]
  /** Fills that are not by orders of ours and reduce nothing that we know of yet. */
  #unbooked: LateFill[]
  /** Venue time of the first entry fill of the trade at hand. */
  #heldSince: number | null

  constructor(tools: ReportTools, json?: ReportBookJson) {
    this.#tools = tools
    this.#fills = new Set(json?.fills)
    this.#fundings = new Set(json?.fundings)
    this.#ends = new Map(json?.ends)
    this.#past = json?.past ?? []
    this.#unbooked = json?.unbooked ?? []
    this.#heldSince = json?.heldSince ?? null
  }

  snapshot(): ReportBookJson {
    const [fills, fundings, ends] = [[...this.#fills], [...this.#fundings], [...this.#ends]]
    const [past, unbooked, heldSince] = [this.#past, this.#unbooked, this.#heldSince]
    return { fills, fundings, ends, past, unbooked, heldSince }
  }

  /** A trade that is over, in case something of it comes to light later. */
  keepPast(trade: TradeRecord): void {
    this.#heldSince = null
    this.#past = [...this.#past, copyJson(trade) as unknown as TradeRecord].slice(-PAST_KEPT)
  }

  /** `at`: market time, which the venue's own clock does not move. */
  follow(report: VenueReported, at: number): void {
    const trade = this.#tools.keeper()?.trade
    if (trade !== undefined && showsLife(report)) hastenExit(trade, true, at)
    if (report.report === 'funding') return this.#fund(report)
    const id = report.client_order_id
    if (report.fill !== null) this.bookFill({ ...report.fill, ...report }, at)
    const order = id === null ? undefined : this.#tools.orders.get(id)
    if (order === undefined || isTerminal(order.status)) return
    this.#followOpen(order, report, at)
  }

  #fund({ report_id: id, amount }: VenueReported): void {
    if (amount !== null && isNew(this.#fundings, id, FUNDINGS_KEPT)) this.#tools.fund(dec(amount))
  }

  #followOpen(order: OrderRecord, report: VenueReported, at: number): void {
    const { orders, report: problem } = this.#tools
    const { clientOrderId: id } = order
    const reason = wordsOf(report)
    switch (report.report) {
      case 'accepted':
        this.#accept(order, report, at)
        break
      case 'unknown':
        if (order.status === 'SUBMITTED')
          orders.apply(id, { kind: 'status', to: 'UNKNOWN', at, reason })
        break
      case 'triggering':
      case 'triggered':
        this.#accept(order, report, at)
        orders.noteTriggering(id, at)
        break
      case 'cancel_rejected':
        orders.refuseCancel(id, reason, at)
        break
      case 'amended':
        problem(`order ${id}: was changed at the venue, not by us`)
        break
      case 'filled':
        this.#noteCount(order, report)
        break
      case 'canceled':
      case 'expired':
      case 'rejected':
        this.#end(order, report.report, report, at)
        break
      case 'funding':
      case 'time_passed':
        break
    }
  }

  #accept({ clientOrderId: id, status }: OrderRecord, report: VenueReported, at: number): void {
    if (status !== 'SUBMITTED' && status !== 'UNKNOWN') return
    const known = report.venue_order_id === null ? {} : { venueOrderId: report.venue_order_id }
    this.#tools.orders.apply(id, { kind: 'status', to: 'ACCEPTED', at, ...known })
  }

  /** The venue counts more than we have seen: said once it is, and reconciliation brings the fills. */
  #noteCount(order: OrderRecord, report: VenueReported): number {
    const counted = decimalToSteps(report.filled_quantity ?? '0', this.#tools.grid.lot) ?? 0
    if (counted > order.filledLots)
      this.#tools.report(
        `order ${order.clientOrderId}: the venue counts ${counted} lots filled, ${order.filledLots} are known`,
      )
    return counted
  }

  #end(order: OrderRecord, kind: End['kind'], report: VenueReported, at: number): void {
    const end: End = {
      kind,
      lots: Math.min(order.lots, this.#noteCount(order, report)),
      code: report.code,
      reason: wordsOf(report),
      venueOrderId: report.venue_order_id,
      mayResend: report.may_resend,
      ...(report.retry_in_ms === null ? {} : { retryInMs: report.retry_in_ms }),
    }
    this.#ends.set(order.clientOrderId, end)
    this.#finish(order.clientOrderId, at)
  }

  /** Ends an order whose end was told, as soon as all of its fills are known. */
  #finish(id: string, at: number): void {
    const end = this.#ends.get(id)
    const order = this.#tools.orders.get(id)
    if (end === undefined) return
    if (order === undefined || isTerminal(order.status)) return void this.#ends.delete(id)
    if (order.filledLots < end.lots) return
    this.#ends.delete(id)
    const { orders } = this.#tools
    const note = orders.note(id)
    const to = endStatus(end.kind, order.filledLots > 0, note?.expires === true)
    const venueOrderId = end.venueOrderId ?? order.venueOrderId
    const known = venueOrderId === null ? {} : { venueOrderId }
    orders.apply(id, { kind: 'status', to, at, reason: end.reason, ...known })
    if (order.cancelRequested) return
    const triggered = note?.triggeringAt !== undefined
    const { kind: ended, reason, code, mayResend, retryInMs } = end
    const limit = retryInMs === undefined ? {} : { retryInMs }
    const refusal = { ended, reason, code, mayResend, ...limit, triggered, remote: true } as const
    const keeper = this.#tools.keeper()
    if (keeper?.trade.tradeId === order.tradeId) keeper.onRefused(order, refusal, at)
  }

  /** A fill, by whatever way it was learned. */
  bookFill(told: ToldFill, at: number): void {
    if (!isNew(this.#fills, told.fill_id, FILLS_KEPT)) return this.#noteTime(told, at)
    const late = readFill(told, this.#tools)
    if (late === null) return
    const { orders } = this.#tools
    const order = told.client_order_id === null ? undefined : orders.get(told.client_order_id)
    const isLive = order !== undefined && !isTerminal(order.status)
    const lots = isLive ? Math.min(late.lots, leavesLots(order)) : 0
    if (isLive && lots > 0) {
      const event: Filled = {
        kind: 'filled',
        clientOrderId: order.clientOrderId,
        venueOrderId: told.venue_order_id ?? order.venueOrderId ?? '',
        at,
        fillId: told.fill_id,
        lots,
        priceTicks: late.ticks,
        leavesLots: leavesLots(order) - lots,
        liquidity: told.liquidity,
        fee: late.fee,
        ...(late.otherFee === undefined ? {} : { otherFee: late.otherFee }),
      }
      this.#bookParts(order, event)
      // A stop that fills was triggered, whether or not that was told.
      if (order.stopTicks !== null) orders.noteTriggering(order.clientOrderId, at)
      this.#finish(order.clientOrderId, at)
      if (order.role === 'ENTRY') this.#bookAgain(order.side, told.at, at)
    }
    if (lots === late.lots) return
    const rest = lots === 0 ? late : restOf(late, late.lots - lots)
    this.#bookLate(rest, order ?? null, at)
  }

  /** Reconciliation brings a fill without its time, and a report of the same may say it: then it is known what came after. */
  #noteTime({ client_order_id: id, at: filledAt }: ToldFill, at: number): void {
    const order = id === null ? undefined : this.#tools.orders.get(id)
    const trade = this.#tools.keeper()?.trade
    if (order?.role === 'ENTRY' && order.tradeId === trade?.tradeId)
      this.#bookAgain(order.side, filledAt, at)
  }

  #bookParts(order: OrderRecord, event: Filled): void {
    const { orders, book, report, keeper } = this.#tools
    const trade = keeper()?.trade ?? null
    for (const part of divideExit(order, event, trade, orders.of(order.tradeId))) {
      const before = orders.follow(part)
      if (before !== null && part.ofOthers !== true) book(before, part)
      else if (before !== null)
        report(
          `fill ${part.fillId} of order ${order.clientOrderId}: ${part.lots} lots beyond our position, which others had added`,
        )
    }
  }

  #bookLate(fill: LateFill, order: OrderRecord | null, at: number): void {
    const lots = bookLateFill(fill, order, this.#past, this.#tools, at)
    const held = this.#tools.keeper()
    if (lots === 0 && fill.side !== null && fill.side === held?.trade.plan.side)
      return this.#bookAgain(fill.side, fill.venueAt, at)
    if (lots === 0) return
    const left = lots === fill.lots ? fill : restOf(fill, lots)
    this.#unbooked = [...this.#unbooked, left].slice(-UNBOOKED_KEPT)
  }

  /** What reduced a position of ours may be told before the fill that opened it, never happen before it. */
  #bookAgain(side: Side, filledAt: number | null, at: number): void {
    if (filledAt === null) return
    const since = Math.min(this.#heldSince ?? filledAt, filledAt)
    this.#heldSince = since
    const reduces = (fill: LateFill): boolean =>
      fill.side !== null && fill.side !== side && fill.venueAt !== null && fill.venueAt >= since
    const due = this.#unbooked.filter(reduces)
    this.#unbooked = this.#unbooked.filter((fill) => !reduces(fill))
    for (const fill of due) this.#bookLate(fill, null, at)
  }
}
