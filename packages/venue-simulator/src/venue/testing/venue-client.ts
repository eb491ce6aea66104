import { sign } from '../../binance/index.ts'
import type { SimulatedVenue } from '../simulated-venue.ts'
import type { Delivery } from '../venue-request.ts'

export type ClientAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Parsed; null when the body is no JSON. */
  readonly json: unknown
}

export type Values = Readonly<Record<string, string | number | boolean>>

const encode = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&')

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/** A client of a venue in the same process: signs as clients do, waits for nothing. For tests. */
export class VenueClient {
  readonly #venue: SimulatedVenue
  readonly #apiKey: string
  readonly #secret: string
  readonly #remote: string

  constructor(
    venue: SimulatedVenue,
    keys: { readonly apiKey: string; readonly secret: string; readonly remote?: string },
  ) {
    this.#venue = venue
    this.#apiKey = keys.apiKey
    this.#secret = keys.secret
    this.#remote = keys.remote ?? '10.0.0.1'
  }

  /** A request without signature; with the API key. */
  plain(method: string, path: string, values: Values = {}): ClientAnswer {
    return this.#answer(this.deliver(method, path, encode(values)))
  }

  /** A signed request; parameters of POST and PUT go into the body. */
  signed(method: string, path: string, values: Values = {}): ClientAnswer {
    const text = encode({ timestamp: this.#venue.shownTime, ...values })
    const all = `${text}&signature=${sign(this.#secret, text)}`
    const inBody = method === 'POST' || method === 'PUT'
    return this.#answer(this.deliver(method, path, inBody ? '' : all, inBody ? all : ''))
  }

  /** The request as it is, and what becomes of it. */
  deliver(
    method: string,
    path: string,
    query: string,
    body = '',
    headers: Readonly<Record<string, string>> = {},
  ): Delivery {
    return this.#venue.request({
      method,
      path,
      query,
      body,
      headers: {
        'x-mbx-apikey': this.#apiKey,
        ...(body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      remote: this.#remote,
    })
  }

  #answer(delivery: Delivery): ClientAnswer {
    if (delivery.kind !== 'answer') throw new Error(`expected an answer, got ${delivery.kind}`)
    const { status, headers, body } = delivery.response
    return { status, headers, json: parse(body) }
  }
}
