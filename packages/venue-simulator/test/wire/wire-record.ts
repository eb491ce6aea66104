import type {
  Delivery,
  ServableVenue,
  StreamConnection,
  StreamSink,
  VenueRequest,
} from '../../src/index.ts'
import { needsOf, problemsOf, type Shape } from './check-fields.ts'
import { CLIENTS_NEED_OF_REST, CLIENTS_NEED_OF_STREAMS } from './client-needs.ts'
import { apiCall } from '../../src/binance/index.ts'
import { CALL_ERROR, callFields } from './call-fields.ts'
import { ERROR_FIELDS, REST_FIELDS } from './rest-fields.ts'
import { ACCOUNT_FIELDS, CONTROL_FIELDS, MARKET_FIELDS } from './stream-fields.ts'

const PROBLEMS_KEPT_MAX = 200

/** All that went over the wire of a venue, each message held against its table as it goes. */
export class WireRecord {
  /** How often each table was needed: `GET /fapi/v1/time`, `ORDER_TRADE_UPDATE`, `error`, `control`. */
  readonly seen = new Map<string, number>()
  /** Each once, with the first place where it was found. */
  readonly #problems = new Set<string>()
  readonly #isHeld: () => boolean

  /** `isHeld`: whether what is said now has to be in the tables. Default: always. */
  constructor(isHeld: () => boolean = () => true) {
    this.#isHeld = isHeld
  }

  get problems(): readonly string[] {
    return [...this.#problems]
  }

  /** Throws when anything that was said is not in the tables. */
  expectNone(): void {
    if (this.#problems.size > 0)
      throw new Error(`the venue said what is in no table:\n${this.problems.join('\n')}`)
  }

  answered({ method, path }: VenueRequest, delivery: Delivery): void {
    if (delivery.kind !== 'answer') return
    const { status, body } = delivery.response
    const name = status === 200 ? `${method} ${path}` : 'error'
    this.#hold(name, status === 200 ? REST_FIELDS[name] : ERROR_FIELDS, body)
  }

  /** An answer of the WebSocket API to `method`: its result is that of the path of REST that asks the same. */
  answeredCall(method: string, text: string): void {
    const route = apiCall(method)
    const value = parse(text)
    const isDone = isObject(value) && value['status'] === 200
    const name = isDone ? method : 'error'
    const shape =
      isDone && route !== undefined ? callFields(`${route.method} ${route.path}`) : CALL_ERROR
    this.#hold(name, shape, text)
  }

  /** A frame to a client, with or without the envelope of a combined stream. */
  sent(text: string): void {
    const value = parse(text)
    const isWrapped = isObject(value) && typeof value['stream'] === 'string' && 'data' in value
    const payload = isWrapped ? value['data'] : value
    const one: unknown = Array.isArray(payload) ? payload[0] : payload
    const event = isObject(one) && typeof one['e'] === 'string' ? one['e'] : null
    if (event === null) return this.#hold('control', CONTROL_FIELDS, text)
    const table = MARKET_FIELDS[event] ?? ACCOUNT_FIELDS[event]
    const shape = table !== undefined && Array.isArray(payload) ? ([table] as const) : table
    return this.#hold(event, shape, JSON.stringify(payload))
  }

  #hold(name: string, shape: Shape | undefined, text: string): void {
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1)
    if (this.#problems.size >= PROBLEMS_KEPT_MAX || !this.#isHeld()) return
    if (shape === undefined) {
      this.#problems.add(`${name} has no table`)
      return
    }
    const value = parse(text)
    const problems =
      value === undefined
        ? [`${name} is no JSON: ${text.slice(0, 60)}`]
        : [...problemsOf(shape, value, name), ...needProblems(name, value)]
    // One of many rows is enough.
    for (const problem of problems) this.#problems.add(problem.replace(/\[\d+\]/g, '[]'))
  }
}

/** What clients need and do not find. An array of messages is one of each. */
const needProblems = (name: string, value: unknown): string[] => {
  const needed = CLIENTS_NEED_OF_REST[name] ?? CLIENTS_NEED_OF_STREAMS[name]
  if (needed === undefined) return []
  const ofMany = name in CLIENTS_NEED_OF_STREAMS && Array.isArray(value)
  return needsOf(ofMany ? [needed] : needed, value, `clients need ${name}`)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The same venue with a record of what it says. */
export const recordWire = (venue: ServableVenue, record: WireRecord): ServableVenue => ({
  get time() {
    return venue.time
  },
  advanceTo: (time) => venue.advanceTo(time),
  request: (request) => {
    const delivery = venue.request(request)
    record.answered(request, delivery)
    return delivery
  },
  refusesConnection: (path, query, remote) => venue.refusesConnection(path, query, remote),
  connect: (path, query, sink, remote): StreamConnection =>
    path === '/ws-fapi/v1'
      ? recordedCalls(venue, query, sink, remote, record)
      : venue.connect(path, query, recordedSink(sink, record), remote),
})

/** A connection of the WebSocket API with a record of what it answers, by the ids that were asked with. */
const recordedCalls = (
  venue: ServableVenue,
  query: string,
  sink: StreamSink,
  remote: string | undefined,
  record: WireRecord,
): StreamConnection => {
  const methods = new Map<unknown, string>()
  const recorded: StreamSink = {
    ...recordedSink(sink, record),
    send: (text) => {
      const answer = parse(text)
      record.answeredCall(methods.get(isObject(answer) ? answer['id'] : null) ?? '', text)
      sink.send(text)
    },
  }
  const connection = venue.connect('/ws-fapi/v1', query, recorded, remote)
  return {
    receive: (text) => {
      const asked = parse(text)
      if (isObject(asked)) methods.set(asked['id'], String(asked['method']))
      connection.receive(text)
    },
    ping: () => connection.ping(),
    pong: () => connection.pong(),
    closed: () => connection.closed(),
  }
}

/** The same sink with a record of what it is sent. */
export const recordedSink = (sink: StreamSink, record: WireRecord): StreamSink => ({
  send: (text) => {
    record.sent(text)
    sink.send(text)
  },
  ping: () => sink.ping(),
  pong: () => sink.pong(),
  close: (code, reason) => sink.close(code, reason),
  terminate: () => sink.terminate(),
})
