import { createPrivateKey, generateKeyPairSync, sign as signWith } from 'node:crypto'
import { sign } from '../binance/index.ts'
import type { SimulatedVenue } from '../venue/simulated-venue.ts'
import type { StreamConnection } from '../venue/stream-sink.ts'
import { plainDecimals } from './plain-decimals.fixture.ts'

export type ApiAnswer = {
  readonly id: unknown
  readonly status: number
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly msg: string }
  readonly rateLimits?: readonly { readonly rateLimitType: string; readonly count: number }[]
}
export type Params = Readonly<Record<string, unknown>>
/** How a client signs: a text in, a signature out. */
export type Signer = (text: string) => string

const pem = { type: 'spki', format: 'pem' } as const
const privatePem = { type: 'pkcs8', format: 'pem' } as const

/** A pair of PEM texts. */
export const makePair = (kind: 'ed25519' | 'rsa', bits = 2048) =>
  kind === 'ed25519'
    ? generateKeyPairSync('ed25519', { publicKeyEncoding: pem, privateKeyEncoding: privatePem })
    : generateKeyPairSync('rsa', {
        modulusLength: bits,
        publicKeyEncoding: pem,
        privateKeyEncoding: privatePem,
      })

export const hmacSigner =
  (secret: string): Signer =>
  (text) =>
    sign(secret, text)

/** Of a private key in PEM: Ed25519, or RSA by PKCS #1 v1.5 over SHA-256. */
export const pemSigner = (privateKey: string): Signer => {
  const key = createPrivateKey(privateKey)
  const digest = key.asymmetricKeyType === 'rsa' ? 'sha256' : null
  return (text) => signWith(digest, Buffer.from(text, 'utf8'), key).toString('base64')
}

/** `a=1&b=x`, by name. */
export const payloadOf = (params: Params): string =>
  Object.keys(params)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => `${name}=${String(params[name])}`)
    .join('&')

/** A client of the WebSocket API in the same process. Waits for nothing. For tests. */
export class ApiClient {
  readonly heard: string[] = []
  readonly signs: string[] = []
  readonly #venue: SimulatedVenue
  readonly #apiKey: string
  readonly #signer: Signer
  readonly #connection: StreamConnection
  #ids = 0

  constructor(
    venue: SimulatedVenue,
    given: {
      readonly apiKey: string
      readonly signer: Signer
      readonly query?: string
      readonly remote?: string
    },
  ) {
    this.#venue = venue
    this.#apiKey = given.apiKey
    this.#signer = given.signer
    this.#connection = venue.connect(
      '/ws-fapi/v1',
      given.query ?? '',
      {
        send: (text) => this.heard.push(text),
        ping: () => this.signs.push('ping'),
        pong: () => this.signs.push('pong'),
        close: (code, reason) => this.signs.push(`close ${code} ${reason}`),
        terminate: () => this.signs.push('terminate'),
      },
      given.remote ?? '10.0.0.1',
    )
  }

  get connection(): StreamConnection {
    return this.#connection
  }

  /** A frame as it is. */
  say(frame: unknown): void {
    this.#connection.receive(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** Everything heard since it was last asked for, parsed. */
  take(): ApiAnswer[] {
    return this.heard.splice(0).map((text) => plainDecimals(JSON.parse(text) as ApiAnswer))
  }

  /** Parameters with key, time and signature. */
  signed(params: Params = {}): Params {
    const all = { timestamp: this.#venue.shownTime, apiKey: this.#apiKey, ...params }
    return { ...all, signature: this.#signer(payloadOf(all)) }
  }

  /** The answer to a request with those parameters; throws when there is none at once. */
  plain(method: string, params: Params = {}): ApiAnswer {
    const id = `id-${this.#ids++}`
    this.say({ id, method, params })
    const [answer] = this.take()
    if (answer === undefined) throw new Error(`${method}: no answer`)
    if (answer.id !== id && answer.id !== null) throw new Error(`${method}: answered another id`)
    return answer
  }

  ask(method: string, params: Params = {}): ApiAnswer {
    return this.plain(method, this.signed(params))
  }

  /** In the name of the session: neither key nor signature. */
  inSession(method: string, params: Params = {}): ApiAnswer {
    return this.plain(method, { timestamp: this.#venue.shownTime, ...params })
  }
}
