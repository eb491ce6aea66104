import {
  known,
  unknown,
  type VenueClock,
  type VenueLog,
  type VenueResult,
} from '../../port/index.ts'
import type { Credentials, SecretHider } from '../credentials/index.ts'
import { AnswerUnreadable, readTime } from './answer-fields.ts'
import { costOf, specOf, type CallName, type CallParameters } from './calls.ts'
import { classifyAnswer, type Classified } from './classify-answer.ts'
import type { FetchLike } from './fetch-like.ts'
import { pauseOf, readUsage, retryAfterOf } from './limit-headers.ts'
import { loadUsdm, type UsdmApi } from './load-ccxt.ts'
import { RateLimiter, type Urgency } from './rate-limiter.ts'
import { ServerClock } from './server-clock.ts'
import { NotSent, createVenueFetch } from './venue-fetch.ts'
import type { Consequence } from './venue-codes.ts'

/** What came of a call. Every text in it is clean of secrets. */
export type RestOutcome =
  | { readonly kind: 'answered'; readonly body: unknown }
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly reason: string
      /** It was not done, and may be asked again later. */
      readonly mayRetry: boolean
      readonly consequence: Consequence | null
    }
  | {
      readonly kind: 'unknown'
      readonly detail: string
      readonly consequence: Consequence | null
    }

export type RestClientOptions = {
  readonly credentials: Credentials
  readonly fetch: FetchLike
  /** Without a slash at the end. */
  readonly restUrl: string
  readonly clock: VenueClock
  readonly log: VenueLog
  readonly hider: SecretHider
  readonly recvWindowMs: number
  readonly requestMsMax: number
}

/** Longest wait for the venue's limits: an order's price is old by then; a question is not. */
const PATIENCE_MS: Readonly<Record<Urgency, number>> = { exit: 10_000, entry: 3_000, query: 75_000 }
const LOGGED_MAX = 2_000
/** How often the venue is asked for its time: clocks drift by milliseconds in five minutes. */
const RESYNC_MS = 5 * 60_000
/** ccxt's own timer, which is not ours to set; the explicit one ends every request long before. */
const NEVER_MS = 2_147_483_647

/** Public calls and listen keys have no time stamp. */
const isSigned = (name: CallName): boolean =>
  name.startsWith('fapiPrivate') && !name.endsWith('ListenKey')

/** Thrown through ccxt from the answer to whoever asked. */
class Declined extends Error {
  override readonly name = 'Declined'
  readonly classified: Exclude<Classified, { kind: 'done' }>
  readonly retryAfterMs: number | null
  readonly body: string

  constructor(
    classified: Exclude<Classified, { kind: 'done' }>,
    retryAfterMs: number | null,
    body: string,
  ) {
    super(classified.code)
    this.classified = classified
    this.retryAfterMs = retryAfterMs
    this.body = body
  }
}

/**
 * Signed calls to the venue through ccxt's implicit methods. Never throws for what a venue or a network
 * may do. Sends nothing twice, but questions and cancels that our clock spoiled.
 */
export class RestClient {
  readonly #options: RestClientOptions
  readonly #api: UsdmApi
  readonly clock: ServerClock
  readonly limiter: RateLimiter
  /** Consecutive bans, each of which is longer than the last. */
  #bans = 0
  #isClosed = false
  #syncing: Promise<boolean> | null = null
  #cancelResync = (): void => undefined

  private constructor(options: RestClientOptions, api: UsdmApi) {
    this.#options = options
    this.#api = api
    this.clock = new ServerClock(options.clock)
    this.limiter = new RateLimiter({ clock: options.clock, venueNow: () => this.clock.now() })
  }

  /** Loads ccxt; sends nothing. */
  static async create(options: RestClientOptions): Promise<RestClient> {
    const Usdm = await loadUsdm()
    const { apiKey, secret } = options.credentials
    const api = new Usdm({
      apiKey: apiKey.reveal(),
      secret: secret.reveal(),
      enableRateLimit: false,
      timeout: NEVER_MS,
      userAgent: 'tapedeck',
      options: { recvWindow: options.recvWindowMs, maxRetriesOnFailure: 0, fetchCurrencies: false },
    })
    const client = new RestClient(options, api)
    api.nonce = () => client.clock.timestamp()
    api.fetchImplementation = createVenueFetch({
      ...options,
      onHeaders: (headers, sentAt) =>
        client.limiter.observe(sentAt + client.clock.offset, readUsage(headers)),
    })
    // Status, code and body as they came, in place of ccxt's classes, which mix what is certain with what is not.
    api.handleErrors = (status, _text, _url, _method, headers, body, json) => {
      const classified = classifyAnswer({ status, body, json })
      if (classified.kind === 'done') return true
      throw new Declined(classified, retryAfterOf(headers), body)
    }
    // Once, now: their dynamic imports would otherwise be waited for by the first order.
    await api.loadProxyModules()
    await api.loadFetchImplementation()
    return client
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
      if (!(error instanceof AnswerUnreadable)) throw error
      const detail = this.#hide(`${specOf(name).path}: ${error.message}`)
      this.#options.log.warn('an answer of the venue cannot be read', {
        problem: detail,
        body: this.#hide(JSON.stringify(body) ?? '').slice(0, LOGGED_MAX),
      })
      return unknown(detail)
    }
  }

  async call(name: CallName, parameters: CallParameters, urgency: Urgency): Promise<RestOutcome> {
    // Without an answer our own clock has to do; a time stamp that is off is refused, and not done.
    if (!this.clock.isSet && isSigned(name)) await this.syncClock()
    const first = await this.#callOnce(name, parameters, urgency)
    if (first.kind !== 'refused' || first.consequence !== 'resync_clock') return first
    this.clock.forget()
    const isSynced = await this.syncClock()
    // Not done is not done: a question or a cancel may be put again at once, an order is the caller's decision.
    return isSynced && specOf(name).effect !== 'once'
      ? this.#callOnce(name, parameters, urgency)
      : first
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
    const outcome = await this.#callOnce('fapiPublicGetTime', {}, 'exit', admitted)
    const receivedAt = this.#options.clock.now()
    if (outcome.kind !== 'answered')
      return unknown(outcome.kind === 'unknown' ? outcome.detail : outcome.reason)
    const read = this.read('fapiPublicGetTime', outcome.body, readTime)
    if (read.outcome === 'unknown') return read
    this.clock.take(read.value, sentAt, receivedAt)
    this.#cancelResync()
    if (!this.#isClosed)
      this.#cancelResync = this.#options.clock.after(RESYNC_MS, () => void this.syncClock())
    return read
  }

  close(): void {
    this.#isClosed = true
    this.#cancelResync()
    this.limiter.close()
  }

  async #callOnce(
    name: CallName,
    parameters: CallParameters,
    urgency: Urgency,
    onAdmitted: () => void = () => undefined,
  ): Promise<RestOutcome> {
    const cost = costOf(name, parameters)
    const admission = await this.limiter.admit(cost, urgency, PATIENCE_MS[urgency])
    if (!admission.admitted)
      return {
        kind: 'refused',
        code: 'NOT_SENT',
        reason: admission.reason,
        mayRetry: true,
        consequence: null,
      }
    onAdmitted()
    try {
      // ccxt adds to what it is given.
      const body = await this.#api[name]({ ...parameters })
      this.#bans = 0
      return { kind: 'answered', body }
    } catch (error) {
      return error instanceof Declined ? this.#declined(name, error) : this.#failed(name, error)
    }
  }

  #declined(name: CallName, declined: Declined): RestOutcome {
    const { classified } = declined
    const { code, kind, consequence } = classified
    const reason = this.#hide(classified.reason)
    const { path } = specOf(name)
    this.#options.log.warn('the venue declined a request', {
      call: path,
      code,
      reason,
      taken: kind,
      // Words say it all, but for what nobody has a row for.
      ...(kind === 'unknown' ? { body: this.#hide(declined.body).slice(0, LOGGED_MAX) } : {}),
    })
    this.#obey(declined)
    return kind === 'unknown'
      ? { kind, detail: `${path}: ${code} ${reason}`, consequence }
      : { kind: 'refused', code, reason, mayRetry: kind === 'not_placed', consequence }
  }

  #failed(name: CallName, error: unknown): RestOutcome {
    const { path } = specOf(name)
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const detail = this.#hide(`${path}: ${said}`).slice(0, 400)
    this.#options.log.warn('a request has no answer', { call: path, problem: detail })
    if (error instanceof NotSent)
      return {
        kind: 'refused',
        code: 'NOT_SENT',
        reason: detail,
        mayRetry: false,
        consequence: null,
      }
    return { kind: 'unknown', detail, consequence: null }
  }

  /** What a refusal means for whatever comes next. */
  #obey({ classified, retryAfterMs }: Declined): void {
    const { consequence, code, reason } = classified
    if (consequence === 'pause_orders') this.limiter.pauseOrders(this.limiter.nextTenSeconds())
    if (consequence !== 'pause') return
    const isBan = code === 'HTTP 418' || /banned/i.test(reason)
    this.#bans = isBan ? this.#bans + 1 : 0
    const until = pauseOf({
      reason,
      bans: this.#bans,
      retryAfterMs,
      now: this.clock.now(),
      nextMinute: this.limiter.nextMinute(),
    })
    this.limiter.pause(until)
    this.#options.log.warn('the venue limits us: nothing is sent for a while', {
      code,
      forMs: Math.ceil(until - this.clock.now()),
    })
  }

  #hide(text: string): string {
    return this.#options.hider.hide(text)
  }
}
