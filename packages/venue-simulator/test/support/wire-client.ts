import { sign, type ServableVenue, type VenueResponse } from '../../src/index.ts'
import { recordedSink, recordWire, type WireRecord } from '../wire/wire-record.ts'
import { KEYS } from './test-venue.ts'

export type Values = Readonly<Record<string, string | number | boolean>>
export type StreamMessage = Readonly<Record<string, unknown>>

const encode = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&')

/** Trades on a venue in the same process, with a record of all that it says. Waits for nothing. */
export class WireClient {
  readonly #venue: ServableVenue
  readonly #record: WireRecord

  constructor(venue: ServableVenue, record: WireRecord) {
    this.#venue = recordWire(venue, record)
    this.#record = record
  }

  /** The parsed body of a request with the key, and a signature unless it takes none. */
  ask(method: string, path: string, values: Values = {}, signed = true): unknown {
    return JSON.parse(this.answer(method, path, values, signed).body) as unknown
  }

  answer(method: string, path: string, values: Values = {}, signed = true): VenueResponse {
    const text = encode(signed ? { ...values, timestamp: this.#venue.time } : values)
    const delivery = this.#venue.request({
      method,
      path,
      query: signed ? `${text}&signature=${sign(KEYS.secret, text)}` : text,
      body: '',
      headers: { 'x-mbx-apikey': KEYS.apiKey },
      remote: '10.0.0.1',
    })
    if (delivery.kind !== 'answer') throw new Error(`${method} ${path}: ${delivery.kind}`)
    return delivery.response
  }

  /** Everything that comes on a stream connection, parsed, as it comes; and a way to speak. */
  listen(path: string, query = ''): { heard: StreamMessage[]; say: (frame: object) => void } {
    const heard: StreamMessage[] = []
    const connection = this.#venue.connect(
      path,
      query,
      recordedSink(
        {
          send: (text) => heard.push(JSON.parse(text) as StreamMessage),
          ping: () => connection.pong(),
          pong: () => undefined,
          close: () => undefined,
          terminate: () => undefined,
        },
        this.#record,
      ),
    )
    return { heard, say: (frame) => connection.receive(JSON.stringify(frame)) }
  }
}
