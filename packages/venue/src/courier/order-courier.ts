import { silentLog, type VenueLog } from '../port/venue-log.ts'
import { machineClock, type VenueClock } from '../port/venue-clock.ts'
import type { AccountEvent, AccountStream } from '../port/account-event.ts'
import { AccountWatch } from './account-watch.ts'
import type { CaseDesk, CourierWaits } from './case-desk.ts'
import { noteEnd } from './case-news.ts'
import { waitsOf, type CourierOptions } from './courier-options.ts'
import { describeReport, draftTime, type ReportDraft } from './describe-report.ts'
import { followEvent } from './follow-event.ts'
import { lookAfterOrder } from './look-after-order.ts'
import { MarketSilence } from './market-silence.ts'
import { OrderCase, type CaseEnd } from './order-case.ts'
import type { CarriedOrder, OrderIntent } from './order-intent.ts'
import { ReportQueue } from './report-queue.ts'
import { RequestLanes } from './request-lanes.ts'
import { cancelOrder, sendOrder, tellUnknown } from './send-order.ts'
import { VenueTime } from './venue-time.ts'

/**
 * What an order that only reduces asks for beyond what is held, the venue takes off it: it ends filled, with less
 * than was asked for. For execution the rest of it has ended without a fill.
 */
const endOf = (one: OrderCase, end: CaseEnd): CaseEnd =>
  end.report === 'filled' && !one.isFull
    ? {
        ...end,
        report: 'expired',
        reason: end.reason ?? 'the venue made it as small as what is held',
      }
    : end

const CONCURRENCY = 4
/** As long as a position may be without an acknowledged stop; a quiet market's clock is heard of sooner. */
const SILENCE_MS = 3_000
/** Ids of orders that are over, so that none is taken again. */
const OVER_REMEMBERED_MAX = 5_000

/**
 * Carries committed intents to a venue, and reports what came of them. Nothing is sent twice under one
 * id; what is not known is asked about until it is.
 */
export class OrderCourier {
  readonly #options: CourierOptions
  readonly #clock: VenueClock
  readonly #log: VenueLog
  readonly #waits: CourierWaits
  readonly #cases = new Map<string, OrderCase>()
  readonly #over = new Set<string>()
  readonly #lanes: RequestLanes
  readonly #reports: ReportQueue
  readonly #desk: CaseDesk
  readonly #watch: AccountWatch
  readonly #silence: MarketSilence
  #stream: AccountStream | null = null
  /** Entries that nobody may send yet; null once they go out as they come. */
  #held: OrderCase[] | null
  #stopped = false

  constructor(options: CourierOptions) {
    this.#options = options
    this.#clock = options.clock ?? machineClock
    this.#log = options.log ?? silentLog
    this.#waits = waitsOf(options)
    this.#lanes = new RequestLanes(options.concurrency ?? CONCURRENCY)
    this.#reports = new ReportQueue({
      report: options.report,
      clock: this.#clock,
      log: this.#log,
    })
    this.#held = options.entriesWait === true ? [] : null
    this.#desk = this.#makeDesk()
    this.#watch = new AccountWatch(this.#desk)
    this.#silence = new MarketSilence({
      clock: this.#clock,
      timeAtStake: options.timeAtStake ?? (() => null),
      silenceMs: options.silenceMs ?? SILENCE_MS,
      // A report is about a symbol; this one is about all of them.
      tell: (at) => this.#tell(options.symbols[0]!, draftTime(at)),
    })
  }

  #makeDesk(): CaseDesk {
    const stopped = (): boolean => this.#stopped
    return {
      venue: this.#options.venue,
      symbols: this.#options.symbols,
      waits: this.#waits,
      clock: this.#clock,
      log: this.#log,
      time: new VenueTime(this.#options.venue, this.#clock),
      cases: this.#cases,
      tell: (symbol, draft) => {
        this.#tell(symbol, draft)
      },
      settle: (one) => {
        this.#settle(one)
      },
      lookNow: (one) => {
        this.#look(one)
      },
      suspect: () => {
        this.#watch.suspect()
      },
      doubt: () => {
        this.#watch.doubt()
      },
      get stopped() {
        return stopped()
      },
    }
  }

  /** Orders that are not over, as far as the courier knows. */
  get inHand(): number {
    return this.#cases.size
  }

  /** False while there may be news of the account that is not reported yet. */
  get isCaughtUp(): boolean {
    return this.#watch.isCaughtUp && this.#reports.isEmpty
  }

  /**
   * Opens the account stream and asks about every order of ours that is not over by the tape, by its
   * client id, before anything else is done with it. Call it once, before `carry`.
   */
  start(openOrders: readonly CarriedOrder[]): void {
    let since = this.#desk.time.estimate()
    for (const carried of openOrders) {
      const { order } = carried
      since = Math.min(since, order.created_at)
      const acknowledged = order.status === 'ACCEPTED' || order.status === 'PARTIALLY_FILLED'
      const one = new OrderCase(carried, acknowledged ? 'open' : 'unresolved')
      one.cancelWanted = order.status === 'PENDING_CANCEL'
      this.#cases.set(one.id, one)
      if (order.status === 'SUBMITTED') tellUnknown(this.#desk, one, 'restarted')
      this.#look(one)
    }
    this.#watch.start(since)
    this.#silence.start()
    this.#stream = this.#options.venue.openAccountStream((event) => {
      this.#onEvent(event)
    })
  }

  /** Takes an intent that is committed. Returns at once; what comes of it is reported. */
  carry(intent: OrderIntent): void {
    const id = intent.order.client_order_id
    if (this.#stopped) return
    const known = this.#cases.get(id)
    if (intent.kind === 'cancel') this.#cancel(intent, known)
    else if (known === undefined && !this.#over.has(id)) this.#submit(intent)
  }

  #submit(intent: OrderIntent): void {
    const one = new OrderCase(intent, 'waiting')
    this.#cases.set(one.id, one)
    this.#watch.wake()
    if (one.urgency === 2 && this.#held !== null) this.#held.push(one)
    else this.#send(one)
  }

  #send(one: OrderCase): void {
    this.#lanes.add(one.urgency, () => sendOrder(this.#desk, one))
  }

  /** The account is as it must be: entries go out, those too that came before and were not canceled since. */
  admitEntries(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const one of held) if (one.phase === 'waiting') this.#send(one)
  }

  #cancel(intent: OrderIntent, known: OrderCase | undefined): void {
    if (known === undefined) {
      // An order of before our time, or one that is over and that execution was told of as left over: what
      // it is now has to be asked, and told although it may have been told before.
      const one = new OrderCase(intent, 'unresolved')
      if (this.#over.has(one.id)) one.again = String(intent.order.updated_at)
      one.cancelWanted = true
      this.#cases.set(one.id, one)
      this.#watch.wake()
      this.#look(one)
      return
    }
    known.cancelWanted = true
    if (known.phase === 'waiting')
      noteEnd(known, {
        report: 'canceled',
        filled: null,
        code: null,
        reason: 'canceled before it was sent',
        may_resend: false,
        learned_by: 'answer',
        at: this.#desk.time.estimate(),
      })
    this.#settle(known)
  }

  #onEvent(event: AccountEvent): void {
    if (this.#stopped) return
    if (event.kind === 'stream') this.#watch.onStream(event)
    else followEvent(this.#desk, event)
  }

  #tell(symbol: string, draft: ReportDraft): void {
    const { account, venueName: venue } = this.#options
    const ours = draft.client_order_id !== undefined && this.#cases.has(draft.client_order_id ?? '')
    this.#reports.push(describeReport({ account, venue, symbol }, draft), ours)
  }

  #settle(one: OrderCase): void {
    if (one.phase === 'over') return
    if (!one.lacksFills && (one.end !== null || one.isFull)) {
      this.#finish(one)
      return
    }
    if (this.#stopped) return
    if (one.end === null && one.cancelWanted && !one.cancelAsked && one.phase === 'open') {
      one.cancelAsked = true
      this.#lanes.add(one.urgency === 2 ? 1 : one.urgency, () => cancelOrder(this.#desk, one))
    }
    if (one.needsLook && !one.looking) this.#lookLater(one)
  }

  #finish(one: OrderCase): void {
    const end = one.end === null ? null : endOf(one, one.end)
    if (end !== null && end.report !== 'filled')
      this.#tell(one.symbol, {
        report: end.report,
        ...(one.again === null ? {} : { mark: one.again }),
        learned_by: end.learned_by,
        at: end.at,
        client_order_id: one.id,
        venue_order_id: one.venueOrderId,
        side: one.order.side,
        filled_quantity: one.filledText,
        code: end.code,
        reason: end.reason,
        may_resend: end.may_resend,
        retry_in_ms: end.retry_in_ms ?? null,
      })
    one.phase = 'over'
    one.timer?.cancel()
    this.#cases.delete(one.id)
    this.#over.add(one.id)
    if (this.#over.size <= OVER_REMEMBERED_MAX) return
    for (const oldest of this.#over) {
      this.#over.delete(oldest)
      break
    }
  }

  #lookLater(one: OrderCase): void {
    const { lookFirstMs, lookMaxMs, streamGraceMs } = this.#waits
    const first = one.phase === 'unresolved' ? lookFirstMs : streamGraceMs
    const grown = one.looks === 0 ? first : Math.min(first * 2 ** one.looks, lookMaxMs)
    const wait = Math.min(grown, this.#untilSure(one))
    const due = this.#clock.now() + wait
    if (one.timer !== null && one.timer.due <= due) return
    one.timer?.cancel()
    const cancel = this.#clock.after(wait, () => {
      one.timer = null
      this.#look(one)
    })
    one.timer = { due, cancel }
  }

  /** How long until a look that finds nothing would count: no longer than that is waited for it. */
  #untilSure({ phase, arrivesUntil }: OrderCase): number {
    if (phase !== 'unresolved' || arrivesUntil === null) return Infinity
    return Math.max(this.#waits.lookFirstMs, arrivesUntil - this.#desk.time.estimate())
  }

  #look(one: OrderCase): void {
    if (one.looking || one.phase === 'over' || this.#stopped) return
    one.looking = true
    one.timer?.cancel()
    one.timer = null
    this.#lanes.add(one.urgency === 2 ? 1 : one.urgency, async () => {
      await lookAfterOrder(this.#desk, one)
      one.looking = false
      this.#settle(one)
    })
  }

  /** Sends nothing more, waits for what is under way, and reports it. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#watch.stop()
    this.#silence.stop()
    this.#lanes.clear()
    for (const { timer } of this.#cases.values()) timer?.cancel()
    await this.#stream?.stop()
    await this.#lanes.idle()
    await this.#reports.stop()
  }
}
