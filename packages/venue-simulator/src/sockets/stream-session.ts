import type { StreamConnection, StreamSink } from '../venue/stream-sink.ts'
import { readClientFrame, type ClientFrame, type FrameId } from './client-frame.ts'
import { ConnectionLife } from './connection-life.ts'
import type { StreamLimits } from './stream-limits.ts'
import type { StreamPath, StreamRoute } from './stream-path.ts'

/** What a session tells whoever hands out the streams. */
export interface SessionOwner {
  /** The venue's clock. */
  readonly time: number
  readonly limits: StreamLimits
  subscribed(session: StreamSession, name: string): void
  unsubscribed(session: StreamSession, name: string): void
  /** The connection is over, by whomever. Told once. */
  ended(session: StreamSession): void
}

/** Error 1008 of websockets: a policy was violated. */
const POLICY = 1008
/** Error 1001: the endpoint goes away. */
const GOING_AWAY = 1001
const SECOND = 1000

/**
 * One connection: what it listens to, how its payloads are wrapped, how often it may speak, and when it
 * ends. Acknowledgements go out before the first payload.
 */
export class StreamSession implements StreamConnection {
  readonly id: number
  readonly route: StreamRoute
  readonly #life: ConnectionLife
  readonly #sink: StreamSink
  readonly #owner: SessionOwner
  /** Names as the client gave them, listen keys among them, in its order. */
  readonly #names = new Set<string>()
  /** Event types asked for, by listen key; null is all. */
  readonly #listenKeys = new Map<string, ReadonlySet<string> | null>()
  readonly #spoke: number[] = []
  #combined: boolean
  #isOpen = true
  #isSilent = false

  constructor(id: number, path: StreamPath, sink: StreamSink, owner: SessionOwner) {
    this.id = id
    this.route = path.route
    this.#combined = path.combined
    this.#sink = sink
    this.#owner = owner
    this.#life = new ConnectionLife(owner.limits, owner.time)
    if (path.streams.length + path.listenKeys.length > owner.limits.streamsMax) {
      this.close(POLICY, 'too many streams')
      return
    }
    for (const { listenKey, events } of path.listenKeys) this.#listen(listenKey, events)
    for (const name of path.streams) this.#add(name)
  }

  get openedAt(): number {
    return this.#life.openedAt
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Everything it asked for, whether or not it says anything here. */
  get names(): ReadonlySet<string> {
    return this.#names
  }

  /** Listen keys with the event types asked for; null is all. */
  get listenKeys(): ReadonlyMap<string, ReadonlySet<string> | null> {
    return this.#listenKeys
  }

  /** A payload of a stream, as JSON text; `wrapped` is the same in its envelope. */
  deliver(raw: string, wrapped: string): void {
    if (this.#isOpen && !this.#isSilent) this.#sink.send(this.#combined ? wrapped : raw)
  }

  /** From here on nothing is told, and nothing is closed: a half-open connection. */
  silence(): void {
    this.#isSilent = true
  }

  close(code: number, reason: string): void {
    if (!this.#end()) return
    this.#sink.close(code, reason)
  }

  /** Gone without a word. */
  terminate(): void {
    if (!this.#end()) return
    this.#sink.terminate()
  }

  /** Listens no longer to a key that is over; the connection stays. */
  forget(listenKey: string): void {
    this.#listenKeys.delete(listenKey)
    this.#names.delete(listenKey)
  }

  receive(text: string): void {
    if (!this.#spokeAgain()) return
    this.#answer(readClientFrame(text))
  }

  ping(): void {
    if (this.#spokeAgain() && !this.#isSilent) this.#sink.pong()
  }

  pong(): void {
    this.#life.pong()
    this.#spokeAgain()
  }

  closed(): void {
    this.#end()
  }

  /** Time passes: pings, and the ends that come with age. */
  advanceTo(time: number): void {
    const sign = this.#life.advanceTo(time)
    if (sign === 'too_old') this.close(GOING_AWAY, 'connection is 24 hours old')
    else if (sign === 'no_pong') this.close(POLICY, 'no pong')
    else if (sign === 'ping' && !this.#isSilent) this.#sink.ping()
  }

  #end(): boolean {
    if (!this.#isOpen) return false
    this.#isOpen = false
    this.#owner.ended(this)
    return true
  }

  /** False, and the end, for who speaks too often. */
  #spokeAgain(): boolean {
    if (!this.#isOpen) return false
    const { time, limits } = this.#owner
    while (this.#spoke.length > 0 && this.#spoke[0]! <= time - SECOND) this.#spoke.shift()
    this.#spoke.push(time)
    if (this.#spoke.length <= limits.messagesPerSecondMax) return true
    this.close(POLICY, 'too many messages')
    return false
  }

  #answer(frame: ClientFrame): void {
    const { method, id } = frame
    if (method === 'refused') this.#send({ error: { code: frame.code, msg: frame.msg }, id })
    else if (method === 'LIST_SUBSCRIPTIONS') this.#send({ result: [...this.#names], id })
    else if (method === 'GET_PROPERTY') this.#send({ result: this.#combined, id })
    else if (method === 'SUBSCRIBE') this.#subscribe(frame.names, id)
    else {
      this.#send({ result: null, id })
      if (method === 'SET_PROPERTY') this.#combined = frame.combined
      else for (const name of frame.names) this.#remove(name)
    }
  }

  #subscribe(names: readonly string[], id: FrameId): void {
    const added = names.filter((name) => !this.#names.has(name))
    if (this.#names.size + added.length > this.#owner.limits.streamsMax) {
      this.#send({ error: { code: 2, msg: 'Invalid request: too many parameters' }, id })
      return
    }
    this.#send({ result: null, id })
    for (const name of added)
      if (this.route === 'private') this.#listen(name, null)
      else this.#add(name)
  }

  #listen(listenKey: string, events: ReadonlySet<string> | null): void {
    this.#names.add(listenKey)
    this.#listenKeys.set(listenKey, events)
  }

  #add(name: string): void {
    if (this.#names.has(name)) return
    this.#names.add(name)
    this.#owner.subscribed(this, name)
  }

  #remove(name: string): void {
    if (!this.#names.delete(name)) return
    if (!this.#listenKeys.delete(name)) this.#owner.unsubscribed(this, name)
  }

  #send(message: object): void {
    if (!this.#isSilent) this.#sink.send(JSON.stringify(message))
  }
}
