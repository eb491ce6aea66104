import { isPrivate, type ExchangeEvent } from '../exchange/index.ts'
import type { Outgoing, Payload, StreamFaults } from '../faults/index.ts'
import type { StreamConnection, StreamSink } from '../venue/stream-sink.ts'
import { AllMarketStreams } from './all-market-streams.ts'
import { earlier } from './beat.ts'
import { DelayedMessages } from './delayed-messages.ts'
import type { ListenKeys } from './listen-keys.ts'
import type { SavedStreams, StreamHubOptions } from './stream-hub-options.ts'
import { STREAM_LIMITS, type StreamLimits } from './stream-limits.ts'
import { speaksOn } from './stream-name.ts'
import { readStreamPath } from './stream-path.ts'
import type { StreamPublisher } from './stream-publisher.ts'
import { StreamSession, type SessionOwner } from './stream-session.ts'
import { symbolOfEvent } from './symbol-of-event.ts'
import { streamsByName } from './streams-by-name.ts'
import { SymbolStreams } from './symbol-streams.ts'
import { listenKeyExpiredPayload, userPayloads } from './user-payloads.ts'
import { writtenPayload } from './written-payload.ts'

/** Connections are asked about by the faults this often at least. */
const ASK_CONNECTIONS_MS = 1000
/** Age and pings of connections are looked at this often. */
const CHECK_SESSIONS_MS = 100
/** No such address: 1008 to whoever got this far. */
const POLICY = 1008
const GOING_AWAY = 1001

/**
 * All streams of the venue: connections on one side, what the exchange tells on the other. No sockets, no
 * timers: time is what it is told, and the same calls give the same frames.
 */
export class StreamHub implements SessionOwner, StreamPublisher {
  readonly limits: StreamLimits
  readonly #listenKeys: ListenKeys
  readonly #faults: StreamFaults | null
  readonly #write: (payload: Payload) => Payload
  readonly #symbols: ReadonlyMap<string, SymbolStreams>
  readonly #byStream: ReadonlyMap<string, SymbolStreams>
  readonly #allMarket: AllMarketStreams
  readonly #delayed = new DelayedMessages()
  readonly #sessions = new Set<StreamSession>()
  readonly #listeners = new Map<string, Set<StreamSession>>()
  #time: number
  #askedAt: number
  #checkedAt: number
  #nextId = 1

  constructor(options: StreamHubOptions) {
    this.limits = { ...STREAM_LIMITS, ...options.limits }
    this.#listenKeys = options.listenKeys
    this.#faults = options.faults ?? null
    const { placesIn } = options
    this.#write = (payload) =>
      placesIn === undefined ? payload : writtenPayload(payload, placesIn)
    this.#time = options.startTime
    this.#askedAt = options.startTime
    this.#checkedAt = options.startTime
    const symbols = options.symbols.map((symbol) => new SymbolStreams(symbol, options.view, this))
    this.#symbols = new Map(symbols.map((one) => [one.symbol, one]))
    this.#byStream = streamsByName(symbols, options.contractOf ?? (() => 'PERPETUAL'))
    this.#allMarket = new AllMarketStreams(symbols, options.view, this)
  }

  /** What streams are about to tell. Connections, and what is on its way to them, are no state. */
  snapshot(): SavedStreams {
    return {
      time: this.#time,
      askedAt: this.#askedAt,
      checkedAt: this.#checkedAt,
      nextId: this.#nextId,
      symbols: [...this.#symbols].map(([symbol, one]) => [symbol, one.snapshot()] as const),
      allMarket: this.#allMarket.snapshot(),
    }
  }

  restore(saved: SavedStreams): void {
    this.#time = saved.time
    this.#askedAt = saved.askedAt
    this.#checkedAt = saved.checkedAt
    this.#nextId = saved.nextId
    for (const [symbol, streams] of saved.symbols) this.#symbols.get(symbol)?.restore(streams)
    this.#allMarket.restore(saved.allMarket)
  }

  /** Time that has been reached, ms. */
  get time(): number {
    return this.#time
  }

  /** Connections that are open. */
  get sessions(): ReadonlySet<StreamSession> {
    return this.#sessions
  }

  /**
   * A connection on `path`, without its query. An address that does not exist is closed at once; servers
   * refuse it before, with `readStreamPath`.
   */
  connect(path: string, query: string, sink: StreamSink): StreamConnection {
    const asked = readStreamPath(path, query)
    const known = asked ?? {
      route: 'legacy' as const,
      combined: false,
      streams: [],
      listenKeys: [],
    }
    const session = new StreamSession(this.#nextId++, known, sink, this)
    if (asked === null) session.close(POLICY, 'no such path')
    else if (session.isOpen) {
      this.#sessions.add(session)
      this.#askAbout(session)
    }
    return session
  }

  /** The HTTP status by which a connection to an address is turned away; null when it is let in. */
  refusal(path: string, query: string): number | null {
    const asked = readStreamPath(path, query)
    if (asked === null) return 404
    const route = asked.route === 'legacy' ? ('public' as const) : asked.route
    return this.#faults?.refusesConnection(route, this.#time) ?? null
  }

  hasListeners(stream: string): boolean {
    return this.#listeners.has(stream)
  }

  /** What the exchange told, in its order. Events of a time wait for all that was due before. */
  tell(events: readonly ExchangeEvent[]): void {
    for (const event of events) {
      this.advanceTo(event.time)
      if (isPrivate(event)) {
        for (const payload of userPayloads(event, this.#time))
          this.tellAccount(event.account, this.#write(payload))
        continue
      }
      const symbol = this.#symbols.get(symbolOfEvent(event))
      symbol?.take(event)
      if (symbol !== undefined) this.#allMarket.touch(event)
    }
  }

  /** Time passes. Never back. */
  advanceTo(time: number): void {
    if (time <= this.#time) return
    for (let next = this.due; next !== null && next <= time; next = this.due) {
      this.#time = Math.max(this.#time, next)
      this.#delayed.run(next)
      this.#runStreams(next)
    }
    this.#time = time
    // What nobody hears is caught up with in one go: a day passes as fast as a second.
    if (this.#listeners.size === 0) this.#runStreams(time)
    if (time - this.#checkedAt >= CHECK_SESSIONS_MS) {
      this.#checkedAt = time
      for (const session of this.#sessions) session.advanceTo(time)
    }
    if (this.#faults !== null && time - this.#askedAt >= ASK_CONNECTIONS_MS) this.#ask()
  }

  /** A payload to everyone who listens to an account, by whichever key. */
  tellAccount(account: string, payload: Payload): void {
    const outgoing = this.#faults?.accountMessage(account, payload, this.#time) ?? null
    if (outgoing === null) this.#sendToAccount(account, { delayMs: 0, payload })
    else for (const one of outgoing) this.#send(one, () => this.#sendToAccount(account, one))
  }

  /** A listen key is over: its connections are told, stay open, and hear nothing more. */
  expireListenKey(listenKey: string): void {
    const payload = listenKeyExpiredPayload(listenKey, this.#time)
    for (const session of this.#sessions) {
      if (!session.listenKeys.has(listenKey)) continue
      this.#deliver(session, listenKey, payload)
      session.forget(listenKey)
    }
  }

  /** Ends every connection, politely: the venue goes down. */
  closeAll(reason = 'the venue is closing'): void {
    for (const session of this.#sessions) session.close(GOING_AWAY, reason)
  }

  publish(stream: string, make: () => Payload): void {
    if (!this.#listeners.has(stream)) return
    const payload = this.#write(make())
    const outgoing = this.#faults?.marketMessage(stream, payload, this.#time) ?? null
    if (outgoing === null) this.#sendToStream(stream, { delayMs: 0, payload })
    else for (const one of outgoing) this.#send(one, () => this.#sendToStream(stream, one))
  }

  subscribed(session: StreamSession, name: string): void {
    if (!speaksOn(session.route, name)) return
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(session))
    this.#byStream.get(name.split('@', 1)[0]!)?.watch(name)
  }

  unsubscribed(session: StreamSession, name: string): void {
    const listeners = this.#listeners.get(name)
    if (listeners?.delete(session) !== true || listeners.size > 0) return
    this.#listeners.delete(name)
    this.#byStream.get(name.split('@', 1)[0]!)?.unwatch(name)
  }

  ended(session: StreamSession): void {
    this.#sessions.delete(session)
    for (const name of session.names) this.unsubscribed(session, name)
  }

  #runStreams(time: number): void {
    for (const symbol of this.#symbols.values()) symbol.run(time)
    this.#allMarket.run(time)
  }

  /** When something is told by the mere passing of time; null when nothing is. */
  get due(): number | null {
    let due = this.#delayed.due
    if (this.#listeners.size === 0) return due
    for (const symbol of this.#symbols.values()) due = earlier(due, symbol.due)
    due = earlier(due, this.#allMarket.due)
    return due
  }

  #send({ delayMs }: Outgoing, send: () => void): void {
    if (delayMs <= 0) send()
    else this.#delayed.add(this.#time + delayMs, send)
  }

  #sendToStream(stream: string, outgoing: Outgoing): void {
    const listeners = this.#listeners.get(stream)
    if (listeners === undefined) return
    const raw = 'raw' in outgoing ? outgoing.raw : JSON.stringify(outgoing.payload)
    const wrapped = 'raw' in outgoing ? raw : `{"stream":"${stream}","data":${raw}}`
    for (const session of listeners) if (this.#askAbout(session)) session.deliver(raw, wrapped)
  }

  #sendToAccount(account: string, outgoing: Outgoing): void {
    for (const session of this.#sessions)
      for (const [listenKey, events] of session.listenKeys) {
        if (this.#listenKeys.accountOf(listenKey) !== account) continue
        if ('raw' in outgoing) {
          if (this.#askAbout(session)) session.deliver(outgoing.raw, outgoing.raw)
        } else if (events === null || events.has(String(outgoing.payload['e'])))
          this.#deliver(session, listenKey, outgoing.payload)
      }
  }

  #deliver(session: StreamSession, stream: string, payload: Payload): void {
    if (!this.#askAbout(session)) return
    const raw = JSON.stringify(payload)
    session.deliver(raw, `{"stream":${JSON.stringify(stream)},"data":${raw}}`)
  }

  #ask(): void {
    this.#askedAt = this.#time
    for (const session of this.#sessions) this.#askAbout(session)
    const faults = this.#faults
    if (faults === null) return
    const keys = new Set<string>()
    for (const session of this.#sessions)
      for (const listenKey of session.listenKeys.keys()) keys.add(listenKey)
    for (const listenKey of keys) {
      const account = this.#listenKeys.accountOf(listenKey)
      if (account === null || !faults.expiresListenKey(account, this.#time)) continue
      this.#listenKeys.end(listenKey)
      this.expireListenKey(listenKey)
    }
  }

  /** What the faults do to a connection now; false when nothing may be sent on it. */
  #askAbout(session: StreamSession): boolean {
    if (this.#faults === null) return session.isOpen
    const route = session.route === 'legacy' ? ('public' as const) : session.route
    const facts = { id: String(session.id), route, openedAt: session.openedAt }
    const act = this.#faults.connection(facts, this.#time)
    if (act.kind === 'silent') session.silence()
    else if (act.kind === 'close') session.close(act.code, act.reason)
    else if (act.kind === 'terminate') session.terminate()
    return act.kind === 'keep' && session.isOpen
  }
}
