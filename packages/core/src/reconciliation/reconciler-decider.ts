import {
  output,
  shortHash,
  type CorrectionRequested,
  type Message,
  type Output,
  type ReconciliationCompleted,
  type ReconciliationConfig,
  type VenueReported,
} from '@tapedeck/contracts'
import type { Decider, Json } from '../decider.ts'
import { copyJson } from '../message/index.ts'
import { isOwnClientOrderId } from '../order/index.ts'
import { compareBooks } from './compare-books.ts'
import type { CorrectionDraft, Difference } from './difference.ts'
import { OurBooks, type OurBooksJson } from './our-books.ts'
import {
  type LookTrigger,
  type ReconcilerState,
  type SavedReconcilerState,
  initialState,
  restoreState,
} from './reconciler-state.ts'
import { SetupOutcomes } from './setup-outcomes.ts'
import { isProven, readBack, suspectsAfter } from './suspect.ts'
import { toVenueSeen } from './venue-seen.ts'
import type { VenueSnapshot } from './venue-snapshot.ts'

export type ReconcilerConfig = {
  readonly account: string
  readonly reconciliation: ReconciliationConfig
  /** A live venue; absent on paper. */
  readonly venue?: string | undefined
}

/** Reconciliation's brain. The venue's answer is not on the tape: the shell asks and hands it in. */
export interface Reconciler extends Decider {
  /** Break attempts whose outcome is not decided yet. */
  readonly openAttempts: number
  /** Whether a look at the venue is due, and why. Stays so until `compare` was called. */
  due(): { readonly trigger: LookTrigger; readonly since: number } | null
  /**
   * Compares the venue's answer with our books: findings, corrections, and that the look is done. It is all as of the
   * answer's time, where that is later than `asked`.
   */
  compare(theirs: VenueSnapshot, asked: number): Output[]
}

/** Checkpoints of before there were setup events know no outcomes. */
type DeciderJson = { state: SavedReconcilerState; books: OurBooksJson; outcomes?: Json }

/** After a look that was not clean, the next comes sooner, to see what the corrections did. */
const RECHECK_MS = 5_000
const EPISODES_MAX = 1_000
/** A live venue is asked for its fills since this long before the last look: clocks differ, news is late. */
const LOOK_BACK_MS = 600_000
/** The clock of a live venue moves ours no further ahead of the market's than this. */
const AHEAD_MS_MAX = 5_000

class VenueReconciler implements Reconciler {
  readonly #config: ReconcilerConfig
  #books: OurBooks
  #state: ReconcilerState
  readonly #outcomes: SetupOutcomes

  constructor(config: ReconcilerConfig, snapshot?: Json) {
    this.#config = config
    const json = snapshot === undefined ? null : (copyJson(snapshot) as unknown as DeciderJson)
    this.#state = json === null ? initialState() : restoreState(json.state)
    this.#books = new OurBooks(config.account, json?.books, this.#isRemote)
    this.#outcomes = new SetupOutcomes(json?.outcomes)
  }

  get #isRemote(): boolean {
    return this.#config.venue !== undefined
  }

  get openAttempts(): number {
    return this.#outcomes.openCount
  }

  snapshot(): Json {
    return copyJson({
      state: this.#state,
      books: this.#books.snapshot(),
      outcomes: this.#outcomes.snapshot(),
    } satisfies DeciderJson)
  }

  handle(message: Message): Output[] {
    if (message.type === 'market.run.started') {
      const { venueAt, episodes } = this.#state
      const kept = this.#isRemote ? { episodes, ...(venueAt === undefined ? {} : { venueAt }) } : {}
      const now = message.occurred_at
      this.#state = { ...initialState(), ...kept, now, pending: 'start' }
    } else if (message.type === 'market.clock') {
      this.#state.now = Math.max(this.#state.now, message.payload.at)
      this.#considerInterval()
    } else if (message.type === 'market.feed.status') {
      const { venue, symbol, channel, status } = message.payload
      this.#followFeed(`${venue}|${symbol}|${channel}`, status)
    } else if (message.type === 'execution.venue.reported') this.#heed(message.payload)
    else if (message.type === 'reconciler.run.completed') this.#readBack(message.payload)
    this.#books.apply(message)
    return this.#outcomes.handle(message)
  }

  #considerInterval(): void {
    const { runNumber, pending, lastLookAt, lastClean, now } = this.#state
    if (runNumber === 0 || pending !== null) return
    const wait = lastClean
      ? this.#config.reconciliation.interval_ms
      : Math.min(RECHECK_MS, this.#config.reconciliation.interval_ms)
    if (now - lastLookAt >= wait) this.#state.pending = 'interval'
  }

  /** A live venue says that it does not hold what we think, or did something of its own: look at once. */
  #heed({ account, code, fill, client_order_id: id }: VenueReported): void {
    if (account !== this.#config.account) return
    const foreign = fill !== null && (id === null || !isOwnClientOrderId(id))
    if (foreign || code === '-2022' || code === '-4118') this.#state.pending ??= 'reconnect'
  }

  #readBack(look: ReconciliationCompleted): void {
    if (look.account !== this.#config.account) return
    const { suspected, now } = this.#state
    this.#state.suspected = readBack(suspected, look, now)
  }

  /** A feed that comes back after it was away means that we may have missed something. */
  #followFeed(feed: string, status: string): void {
    const { feedsDown } = this.#state
    if (status === 'down' || status === 'stale') {
      if (!feedsDown.includes(feed)) feedsDown.push(feed)
    } else if (status === 'up' && feedsDown.includes(feed)) {
      this.#state.feedsDown = feedsDown.filter((one) => one !== feed)
      this.#state.pending ??= 'reconnect'
    }
  }

  due(): { trigger: LookTrigger; since: number } | null {
    const { pending, now, venueAt = now } = this.#state
    if (pending === null) return null
    if (!this.#isRemote) return { trigger: pending, since: now }
    // A live market has no time before its first event.
    return now === 0 ? null : { trigger: pending, since: Math.max(0, venueAt - LOOK_BACK_MS) }
  }

  compare(theirs: VenueSnapshot, asked: number): Output[] {
    const state = this.#state
    // What the venue showed is known since it showed it, not since it was asked.
    const ahead = this.#isRemote ? AHEAD_MS_MAX : Infinity
    const at = Math.max(asked, Math.min(theirs.at, asked + ahead))
    const trigger = state.pending ?? 'interval'
    const found = compareBooks(
      this.#books,
      theirs,
      this.#config.reconciliation.emergency_stop_percent,
      state.standing,
    )
    // Orders and fills of a live venue are on their way at a start too.
    const atOnce = trigger === 'start' && !this.#isRemote
    const now = Math.max(state.now, asked)
    const counted = found.filter(
      ({ key }) => atOnce || state.standing.includes(key) || isProven(state.suspected, key, now),
    )
    const isNew = ({ key }: Difference): boolean => !state.standing.includes(key)
    const mayAsk = at - (state.askedAgainAt ?? 0) >= this.#config.reconciliation.interval_ms
    const fresh = counted.filter((one) => isNew(one) || (mayAsk && one.askAgain === true))
    if (!fresh.every(isNew)) state.askedAgainAt = at
    const outputs = fresh.flatMap((one) => this.#report(one, at))
    state.standing = counted.map(({ key }) => key)
    state.runNumber += 1
    state.suspected = suspectsAfter(
      state.suspected,
      found.filter(({ key }) => !state.standing.includes(key)),
      { look: state.runNumber, lookAt: at, atStart: trigger === 'start' },
    )
    state.pending = null
    state.now = Math.max(state.now, at)
    state.lastLookAt = state.now
    if (this.#isRemote) state.venueAt = theirs.at
    // Until the second look of a start tells, nothing may be traded.
    const open = counted.length + state.suspected.filter(({ atStart }) => atStart).length
    state.lastClean = open === 0
    outputs.push(this.#completed(theirs, trigger, open, at))
    return outputs
  }

  /** A difference that went away and comes back is another one: its ids say so. */
  #episodeOf(key: string): number {
    const episodes = new Map(this.#state.episodes)
    const episode = (episodes.get(key) ?? 0) + 1
    episodes.delete(key)
    episodes.set(key, episode)
    this.#state.episodes = [...episodes].slice(-EPISODES_MAX)
    return episode
  }

  #report(found: Difference, at: number): Output[] {
    const { account } = this.#config
    const { venue, symbol, kind, ours, theirs, action } = found
    const findingId = `finding-${shortHash(`${account}|${found.key}|${this.#episodeOf(found.key)}`)}`
    const finding = output('reconciler.finding.detected', {
      aggregate_id: findingId,
      aggregate_version: 1,
      occurred_at: at,
      payload: { account, venue, symbol, finding_id: findingId, at, kind, ours, theirs, action },
    })
    const corrections = found.corrections.map((draft, index) => {
      const correctionId = `correction-${shortHash(`${findingId}|${index}|${draft.correction}`)}`
      return output('reconciler.correction.requested', {
        aggregate_id: correctionId,
        aggregate_version: 1,
        occurred_at: at,
        payload: this.#correction(draft, found, findingId, correctionId),
      })
    })
    return [finding, ...corrections]
  }

  #correction(
    draft: CorrectionDraft,
    { venue, symbol }: Difference,
    findingId: string,
    correctionId: string,
  ): CorrectionRequested {
    return {
      account: this.#config.account,
      venue,
      symbol,
      correction_id: correctionId,
      finding_id: findingId,
      correction: draft.correction,
      trade_id: draft.trade_id ?? null,
      client_order_id: draft.client_order_id ?? null,
      side: draft.side ?? null,
      quantity: draft.quantity ?? null,
      price: draft.price ?? null,
      fill_id: draft.fill_id ?? null,
      fee: draft.fee ?? null,
      fee_asset: draft.fee_asset ?? null,
    }
  }

  #completed(theirs: VenueSnapshot, trigger: LookTrigger, findings: number, at: number): Output {
    const { account } = this.#config
    return output('reconciler.run.completed', {
      aggregate_id: account,
      aggregate_version: this.#state.runNumber,
      occurred_at: at,
      payload: {
        account,
        run_number: this.#state.runNumber,
        at,
        trigger,
        clean: findings === 0,
        findings,
        orders_compared: theirs.orders.length,
        positions_compared: theirs.positions.length,
        fills_compared: theirs.fills.length,
        seen: toVenueSeen(theirs),
      },
    })
  }
}

export const createReconcilerDecider = (config: ReconcilerConfig, snapshot?: Json): Reconciler =>
  new VenueReconciler(config, snapshot)
