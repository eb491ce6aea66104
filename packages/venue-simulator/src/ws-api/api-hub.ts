import { DelayedMessages, STREAM_LIMITS, type StreamLimits } from '../sockets/index.ts'
import type { StreamFaults } from '../faults/index.ts'
import type { StreamConnection, StreamSink } from '../venue/stream-sink.ts'
import type { Delivery, VenueRequest } from '../venue/venue-request.ts'
import type { ApiLimits } from './answer-frame.ts'
import { ApiSession, type ApiOwner } from './api-session.ts'

export type ApiHubOptions = {
  /** The venue's clock at the beginning, ms. */
  readonly startTime: number
  readonly rateLimits: ApiLimits
  /** How the venue answers a request, over whatever it comes. */
  readonly ask: (request: VenueRequest) => Delivery
  /** The clock as clients see it. */
  readonly shownTime: () => number
  /** What goes wrong with connections; absent: nothing. */
  readonly faults?: Pick<StreamFaults, 'connection' | 'refusesConnection'>
  readonly streamLimits?: Partial<StreamLimits>
}

/** The address of the WebSocket API. */
export const API_PATH = '/ws-fapi/v1'
/** Age and pings of connections are looked at this often. */
const CHECK_SESSIONS_MS = 100
/** Faults are asked about connections this often at least. */
const ASK_CONNECTIONS_MS = 1000
const ROUTE = 'ws-fapi'

/** `returnRateLimits` of a connection: true unless it says `false`. */
const returnsRateLimits = (query: string): boolean =>
  new URLSearchParams(query).get('returnRateLimits')?.toLowerCase() !== 'false'

/**
 * All connections of the WebSocket API. No sockets, no timers: time is what it is told, and the same calls
 * give the same frames. What an answer says is the venue's business, see `ApiHubOptions.ask`.
 */
export class ApiHub implements ApiOwner {
  readonly streamLimits: StreamLimits
  readonly rateLimits: ApiLimits
  readonly #ask: ApiHubOptions['ask']
  readonly #shownTime: () => number
  readonly #faults: Pick<StreamFaults, 'connection' | 'refusesConnection'> | null
  readonly #delayed = new DelayedMessages()
  readonly #sessions = new Set<ApiSession>()
  #time: number
  #checkedAt: number
  #askedAt: number
  #made = 0

  constructor(options: ApiHubOptions) {
    this.streamLimits = { ...STREAM_LIMITS, ...options.streamLimits }
    this.rateLimits = options.rateLimits
    this.#ask = options.ask
    this.#shownTime = options.shownTime
    this.#time = options.startTime
    this.#checkedAt = options.startTime
    this.#askedAt = options.startTime
    this.#faults = options.faults ?? null
  }

  get time(): number {
    return this.#time
  }

  get shownTime(): number {
    return this.#shownTime()
  }

  /** Connections that are open. */
  get sessions(): ReadonlySet<ApiSession> {
    return this.#sessions
  }

  /** When an answer is due that comes late; null when there is none. */
  get due(): number | null {
    return this.#delayed.due
  }

  /** `remote`: whose limits its requests count against. */
  connect(query: string, sink: StreamSink, remote: string): StreamConnection {
    const id = `${ROUTE} ${++this.#made}`
    const from = { id, remote, returnsRateLimits: returnsRateLimits(query) }
    const session = new ApiSession(sink, this, from)
    this.#sessions.add(session)
    this.askAbout(session)
    return session
  }

  /** The HTTP status by which faults turn a new connection away; null when it is let in. */
  refusal(): number | null {
    return this.#faults?.refusesConnection(ROUTE, this.#time) ?? null
  }

  /** Time passes. Never back. */
  advanceTo(time: number): void {
    if (time <= this.#time) return
    for (let next = this.due; next !== null && next <= time; next = this.due) {
      this.#time = Math.max(this.#time, next)
      this.#delayed.run(next)
    }
    this.#time = time
    if (time - this.#checkedAt >= CHECK_SESSIONS_MS) {
      this.#checkedAt = time
      for (const session of this.#sessions) session.advanceTo(time)
    }
    if (time - this.#askedAt < ASK_CONNECTIONS_MS) return
    this.#askedAt = time
    for (const session of this.#sessions) this.askAbout(session)
  }

  askAbout(session: ApiSession): boolean {
    if (this.#faults === null || !session.isOpen) return session.isOpen
    const { id, openedAt } = session
    const act = this.#faults.connection({ id, route: ROUTE, openedAt }, this.#time)
    if (act.kind === 'silent') session.silence()
    else if (act.kind === 'close') session.close(act.code, act.reason)
    else if (act.kind === 'terminate') session.terminate()
    return session.isOpen
  }

  ask(request: VenueRequest): Delivery {
    return this.#ask(request)
  }

  after(delayMs: number, act: () => void): void {
    if (delayMs <= 0) act()
    else this.#delayed.add(this.#time + delayMs, act)
  }

  ended(session: ApiSession): void {
    this.#sessions.delete(session)
  }
}
