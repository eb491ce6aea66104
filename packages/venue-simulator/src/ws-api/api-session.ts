import { ConnectionLife, type StreamLimits } from '../sockets/index.ts'
import type { StreamConnection, StreamSink } from '../venue/stream-sink.ts'
import type {
  ApiConnection,
  Delivery,
  VenueRequest,
  VenueResponse,
} from '../venue/venue-request.ts'
import { answerFrame, codeOf, type ApiLimits } from './answer-frame.ts'
import { makeApiRequest } from './make-api-request.ts'
import { readApiFrame } from './read-api-frame.ts'

/** What a connection asks of the venue that it is on. */
export interface ApiOwner {
  /** The venue's clock, ms. */
  readonly time: number
  /** The clock as clients see it. */
  readonly shownTime: number
  readonly streamLimits: StreamLimits
  readonly rateLimits: ApiLimits
  ask(request: VenueRequest): Delivery
  /** Does something when so much of the venue's time has passed; at once for none. */
  after(delayMs: number, act: () => void): void
  /** What the faults do to a connection now; false when nothing may be sent on it. */
  askAbout(session: ApiSession): boolean
  /** The connection is over, by whomever. Told once. */
  ended(session: ApiSession): void
}

const POLICY = 1008
const GOING_AWAY = 1001
const SECOND = 1000
/** Pings and pongs of a client in a second (Binance USD-M docs, WebSocket API general info). */
const BEATS_PER_SECOND_MAX = 5
const UNAUTHORIZED = 401
const REJECTED_KEY = -2015

/**
 * One connection of the WebSocket API: a request a frame, an answer a frame, in whatever order answers
 * come. Requests are counted and refused as those of REST are; only pings and pongs are counted here.
 */
export class ApiSession implements StreamConnection {
  /** Unique within a run. */
  readonly id: string
  readonly #sink: StreamSink
  readonly #owner: ApiOwner
  readonly #remote: string
  readonly #life: ConnectionLife
  readonly #connection: ApiConnection
  readonly #beats: number[] = []
  #isOpen = true
  #isSilent = false

  constructor(
    sink: StreamSink,
    owner: ApiOwner,
    from: {
      readonly id: string
      readonly remote: string
      readonly returnsRateLimits: boolean
    },
  ) {
    this.id = from.id
    this.#sink = sink
    this.#owner = owner
    this.#remote = from.remote
    this.#life = new ConnectionLife(owner.streamLimits, owner.time)
    this.#connection = {
      connectedSince: owner.shownTime,
      returnsRateLimits: from.returnsRateLimits,
      session: null,
    }
  }

  get openedAt(): number {
    return this.#life.openedAt
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** A half-open connection still hears: what is asked on it is done, and never answered. */
  receive(text: string): void {
    this.#owner.askAbout(this)
    if (!this.#isOpen) return
    const frame = readApiFrame(text)
    const request = makeApiRequest(frame, this.#connection, this.#remote)
    const isInSession = this.#connection.session !== null && !frame.parameters.has('apiKey')
    const delivery = this.#owner.ask(request)
    if (delivery.kind === 'hang') return
    if (delivery.kind === 'reset') {
      this.#owner.after(delivery.delayMs, () => this.terminate())
      return
    }
    const { response, delayMs } = delivery
    const isRevoked = isInSession && isRejectedKey(response)
    if (isRevoked) this.#connection.session = null
    const wanted = frame.parameters.get('returnRateLimits')
    const tellsLimits =
      wanted === undefined ? this.#connection.returnsRateLimits : wanted === 'true'
    const limits = tellsLimits ? this.#owner.rateLimits : null
    // A session that is over is told of without the id of whatever request found out.
    const answer = answerFrame(isRevoked ? 'null' : frame.id, response, isRevoked ? null : limits)
    this.#owner.after(delayMs, () => this.#send(answer))
  }

  ping(): void {
    if (this.#beatAgain() && !this.#isSilent) this.#sink.pong()
  }

  pong(): void {
    this.#life.pong()
    this.#beatAgain()
  }

  closed(): void {
    this.#end()
  }

  close(code: number, reason: string): void {
    if (this.#end()) this.#sink.close(code, reason)
  }

  /** From here on nothing is told, and nothing is closed: a half-open connection. */
  silence(): void {
    this.#isSilent = true
  }

  /** Gone without a word. */
  terminate(): void {
    if (this.#end()) this.#sink.terminate()
  }

  /** Time passes: pings, and the ends that come with age. */
  advanceTo(time: number): void {
    const sign = this.#life.advanceTo(time)
    if (sign === 'too_old') this.close(GOING_AWAY, 'connection is 24 hours old')
    else if (sign === 'no_pong') this.close(POLICY, 'no pong')
    else if (sign === 'ping' && !this.#isSilent) this.#sink.ping()
  }

  #send(text: string): void {
    if (this.#isOpen && this.#owner.askAbout(this) && !this.#isSilent) this.#sink.send(text)
  }

  #end(): boolean {
    if (!this.#isOpen) return false
    this.#isOpen = false
    this.#owner.ended(this)
    return true
  }

  /** False, and the end, for who pings too often. */
  #beatAgain(): boolean {
    if (!this.#isOpen) return false
    const { time } = this.#owner
    while (this.#beats.length > 0 && this.#beats[0]! <= time - SECOND) this.#beats.shift()
    this.#beats.push(time)
    if (this.#beats.length <= BEATS_PER_SECOND_MAX) return true
    this.close(POLICY, 'too many pings')
    return false
  }
}

const isRejectedKey = (response: VenueResponse): boolean =>
  response.status === UNAUTHORIZED && codeOf(response) === REJECTED_KEY
