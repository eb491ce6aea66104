import {
  known,
  unknown,
  type VenueClock,
  type VenueLog,
  type VenueResult,
} from '../../port/index.ts'
import type { Credentials, SecretHider } from '../credentials/index.ts'
import { readTime } from './answer-fields.ts'
import { costOf, specOf, type CallName, type CallParameters } from './calls.ts'
import { CcxtSender, type CcxtSenderOptions, type Sent } from './ccxt-sender.ts'
import { KeyGuard } from './key-guard.ts'
import { pauseOf } from './limit-headers.ts'
import { RateLimiter, type Urgency } from './rate-limiter.ts'
import { REST_APIS, type RestApi } from './rest-api.ts'
import { hasKey, heldBack, isSigned, isTrading, notSent, type RestOutcome } from './rest-outcome.ts'
import { ServerClock } from './server-clock.ts'

export type RestClientOptions = Omit<CcxtSenderOptions, 'timestamp' | 'onUsage'> & {
  readonly clock: VenueClock
  readonly log: VenueLog
  readonly hider: SecretHider
  /** Reads the keys again, after the venue has refused them; default: they stay what they are. */
  readonly rereadCredentials?: () => Credentials | null
}

/** Longest wait for the venue's limits: an order's price is old by then; a question is not. */
const PATIENCE_MS: Readonly<Record<Urgency, number>> = {
  exit: 10_000,
  entry: 3_000,
  query: 75_000,
  market: 75_000,
}
/** A cancel is wanted as long as its order rests: it outlasts any pause but a ban. */
const CANCEL_PATIENCE_MS = 65_000
const LOGGED_MAX = 2_000
/** How often the venue is asked for its time: clocks drift by milliseconds in five minutes. */
const RESYNC_MS = 5 * 60_000
/** How long a stop or an exit waits for the venue to say what time it is. */
const TIME_MS_MAX = 500

/**
 * Calls to the venue, signed where they must be, through ccxt's implicit methods. Never throws for what a venue or a network
 * may do. Sends nothing twice, but questions and cancels that our clock spoiled.
 */
export class RestClient {
  readonly #options: RestClientOptions
  readonly #sender: CcxtSender
  readonly clock: ServerClock
  readonly limiter: RateLimiter
  /** The calls of this venue that others have too. */
  readonly api: RestApi
  readonly #keys: KeyGuard
  /** Consecutive bans, each of which is longer than the last. */
  #bans = 0
  #isClosed = false
  #syncing: Promise<boolean> | null = null
  #cancelResync = (): void => undefined

  private constructor(
    options: RestClientOptions,
    parts: {
      readonly sender: CcxtSender
      readonly clock: ServerClock
      readonly limiter: RateLimiter
    },
  ) {
    this.#options = options
    this.api = REST_APIS[options.venue ?? 'binance-usdm']
    this.#sender = parts.sender
    const { rereadCredentials: reread } = options
    this.#keys = new KeyGuard({
      clock: options.clock,
      log: options.log,
      credentials: options.credentials,
      ...(reread === undefined ? {} : { reread }),
      use: (credentials) => {
        options.hider.know(credentials)
        parts.sender.use(credentials)
      },
    })
    this.clock = parts.clock
    this.limiter = parts.limiter
  }

  /** Loads ccxt; sends nothing. */
  static async create(options: RestClientOptions): Promise<RestClient> {
    const clock = new ServerClock(options.clock)
    const limiter = new RateLimiter({ clock: options.clock, venueNow: () => clock.now() })
    const sender = await CcxtSender.create({
      ...options,
      timestamp: () => clock.timestamp(),
      onUsage: (usage, sentAt) => limiter.observe(sentAt + clock.offset, usage),
    })
    return new RestClient(options, { sender, clock, limiter })
  }

  /** Asks, and reads the answer with `read`. A refusal, and an answer of another shape, is unknown. */
  async ask<T>(
    name: CallName,
    parameters: CallParameters,
    urgency: Urgency,
    read: (body: unknown) => T,
  ): Promise<VenueResult<T>> {
    const outcome = await this.call(name, parameters, urgency)
    if (outcome.kind === 'unknown') return unknown(outcome.detail)
    if (outcome.kind === 'refused')
      return unknown(`${specOf(name).path} was refused: ${outcome.code} ${outcome.reason}`)
    return this.read(name, outcome.body, read)
  }

  /** Reads an answer; one that is not of its shape is logged and unknown. */
  read<T>(name: CallName, body: unknown, read: (body: unknown) => T): VenueResult<T> {
    try {
      return known(read(body))
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      const detail = this.#hide(`${specOf(name).path}: ${problem}`).slice(0, 400)
      this.#options.log.warn('an answer of the venue cannot be read', {
        problem: detail,
        body: this.#hide(JSON.stringify(body) ?? '').slice(0, LOGGED_MAX),
      })
      return unknown(detail)
    }
  }

  async call(name: CallName, parameters: CallParameters, urgency: Urgency): Promise<RestOutcome> {
    // Without an answer our own clock has to do; a time stamp that is off is refused, and not done.
    if (!this.clock.isSet && isSigned(name)) await this.#askTimeFirst(urgency)
    if (urgency === 'entry' && specOf(name).effect === 'once' && this.#keys.holdsEntries())
      return heldBack(this.#keys.problem ?? '')
    const key = this.#keys.generation
    const first = await this.#callOnce(name, parameters, urgency)
    const isCured = await this.#cure(name, first, key)
    // Not done is not done: a question or a cancel may be put again at once, an order is the caller's decision.
    if (!isCured || first.kind !== 'refused') return first
    if (specOf(name).effect === 'once') return { ...first, mayRetry: true }
    const otherKey = this.#keys.generation
    const second = await this.#callOnce(name, parameters, urgency)
    this.#judgeKey(name, second, otherKey)
    return second
  }

  /** What the venue said when it refused the key; null while it takes it. */
  get keyProblem(): string | null {
    return this.#keys.problem
  }

  /** Whether what a refusal blames was put right: the clock, or the key. */
  async #cure(name: CallName, outcome: RestOutcome, key: number): Promise<boolean> {
    if (this.#judgeKey(name, outcome, key)) return true
    if (outcome.kind !== 'refused' || outcome.consequence !== 'resync_clock') return false
    this.clock.forget()
    return this.syncClock()
  }

  /** Learns from an answer whether the key is good. True: another one is in use from now on. */
  #judgeKey(name: CallName, outcome: RestOutcome, key: number): boolean {
    if (!hasKey(name) || outcome.kind === 'unknown') return false
    if (outcome.kind === 'refused' && outcome.consequence === 'key_refused')
      return this.#keys.refused(isTrading(name), `${outcome.code} ${outcome.reason}`, key)
    // What is refused for another reason of the account's or the order's was asked with a good key.
    if (outcome.kind === 'answered' || Number(outcome.code) <= -2000)
      this.#keys.accepted(isTrading(name))
    return false
  }

  /** What protects does not wait for long: most often our own clock is right enough. */
  async #askTimeFirst(urgency: Urgency): Promise<void> {
    const asked = this.syncClock()
    if (urgency !== 'exit') return void (await asked)
    const late = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(TIME_MS_MAX, late.resolve)
    await Promise.race([asked, late.promise])
    cancel()
  }

  /** Asks the venue for its time, once for all who wait for it. False when it did not say. */
  syncClock(): Promise<boolean> {
    this.#syncing ??= this.askTime()
      .then(({ outcome }) => outcome === 'known')
      .finally(() => {
        this.#syncing = null
      })
    return this.#syncing
  }

  async askTime(): Promise<VenueResult<number>> {
    let sentAt = 0
    const admitted = (): void => {
      sentAt = this.#options.clock.now()
    }
    const outcome = await this.#callOnce(this.api.time, {}, 'exit', admitted)
    const receivedAt = this.#options.clock.now()
    this.#resyncLater()
    if (outcome.kind !== 'answered')
      return unknown(outcome.kind === 'unknown' ? outcome.detail : outcome.reason)
    const read = this.read(this.api.time, outcome.body, readTime)
    if (read.outcome === 'known') this.clock.take(read.value, sentAt, receivedAt)
    return read
  }

  /** Whether or not the venue said it this time. */
  #resyncLater(): void {
    this.#cancelResync()
    if (this.#isClosed) return
    this.#cancelResync = this.#options.clock.after(RESYNC_MS, () => void this.syncClock())
  }

  close(): void {
    this.#isClosed = true
    this.#cancelResync()
    this.#keys.stop()
    this.limiter.close()
  }

  async #callOnce(
    name: CallName,
    parameters: CallParameters,
    urgency: Urgency,
    onAdmitted: () => void = () => undefined,
  ): Promise<RestOutcome> {
    const cost = costOf(name, parameters)
    const isCancel = urgency === 'exit' && specOf(name).effect === 'again'
    const patience = isCancel ? CANCEL_PATIENCE_MS : PATIENCE_MS[urgency]
    const admission = await this.limiter.admit(cost, urgency, patience)
    if (!admission.admitted) return notSent(admission.reason, true, admission.retryInMs)
    onAdmitted()
    const sent = await this.#sender.send(name, parameters)
    if (sent.kind === 'declined') return this.#declined(name, sent)
    if (sent.kind === 'failed') return this.#failed(name, sent)
    this.#bans = 0
    return sent
  }

  #declined(name: CallName, sent: Extract<Sent, { kind: 'declined' }>): RestOutcome {
    const { code, kind, consequence } = sent.classified
    const reason = this.#hide(sent.classified.reason)
    const { path } = specOf(name)
    this.#options.log.warn('the venue declined a request', {
      call: path,
      code,
      reason,
      taken: kind,
      // Words say it all, but for what nobody has a row for.
      ...(kind === 'unknown' ? { body: this.#hide(sent.body).slice(0, LOGGED_MAX) } : {}),
    })
    this.#obey(sent)
    return kind === 'unknown'
      ? { kind, detail: `${path}: ${code} ${reason}`, consequence }
      : { kind: 'refused', code, reason, mayRetry: kind === 'not_placed', consequence }
  }

  #failed(name: CallName, sent: Extract<Sent, { kind: 'failed' }>): RestOutcome {
    const { path } = specOf(name)
    const detail = this.#hide(`${path}: ${sent.problem}`).slice(0, 400)
    this.#options.log.warn('a request has no answer', { call: path, problem: detail })
    return sent.isSent ? { kind: 'unknown', detail, consequence: null } : notSent(detail, false)
  }

  /** What a refusal means for whatever comes next. */
  #obey({ classified, status, retryAfterMs }: Extract<Sent, { kind: 'declined' }>): void {
    const { consequence, code, reason } = classified
    const now = this.clock.now()
    if (consequence === 'pause_orders') {
      const from = Math.max(this.limiter.nextTenSeconds(), now + (retryAfterMs ?? 0))
      this.limiter.pauseOrders(from)
      this.#options.log.warn('the venue limits our orders: none is sent for a while', {
        code,
        forMs: Math.ceil(from - now),
      })
    }
    if (consequence !== 'pause') return
    const isBan = status === 418 || /banned/i.test(reason)
    // Requests that were under way together meet one ban, not one each.
    if (isBan && this.limiter.usage().pausedUntil <= now) this.#bans++
    const until = pauseOf({
      reason,
      bans: isBan ? Math.max(1, this.#bans) : 0,
      retryAfterMs,
      now,
      nextMinute: this.limiter.nextMinute(),
    })
    this.limiter.pause(until)
    this.#options.log.warn('the venue limits us: nothing is sent for a while', {
      code,
      forMs: Math.ceil(until - now),
    })
  }

  #hide(text: string): string {
    return this.#options.hider.hide(text)
  }
}
