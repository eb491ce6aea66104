import type { VenueClock } from '../../port/index.ts'
import { signingText, type Credentials } from '../credentials/index.ts'
import type { CallName, CallParameters } from './calls.ts'
import { classifyAnswer, type Classified } from './classify-answer.ts'
import type { FetchLike } from './fetch-like.ts'
import { readUsage, retryAfterOf, type LimitUsage } from './limit-headers.ts'
import { loadCcxt, type CcxtApi } from './load-ccxt.ts'
import { REST_APIS, type RestVenue } from './rest-api.ts'
import { NotSent, createVenueFetch } from './venue-fetch.ts'

/** What came of sending one request. Texts are as they came, secrets and all. */
export type Sent =
  | { readonly kind: 'answered'; readonly body: unknown }
  | {
      readonly kind: 'declined'
      readonly classified: Exclude<Classified, { kind: 'done' }>
      readonly status: number
      readonly retryAfterMs: number | null
      readonly body: string
    }
  /** `isSent` false: it never left. */
  | { readonly kind: 'failed'; readonly problem: string; readonly isSent: boolean }

export type CcxtSenderOptions = {
  /** Default `binance-usdm`. */
  readonly venue?: RestVenue
  /** Null: public calls alone. */
  readonly credentials: Credentials | null
  readonly fetch: FetchLike
  /** Without a slash at the end. */
  readonly restUrl: string
  readonly clock: VenueClock
  readonly recvWindowMs: number
  readonly requestMsMax: number
  /** Whole milliseconds by the venue's clock. */
  readonly timestamp: () => number
  /** What an answer's headers say; `sentAt` by our clock. */
  readonly onUsage: (usage: LimitUsage, sentAt: number) => void
}

/** ccxt's own timer, which is not ours to set; the explicit one ends every request long before. */
const NEVER_MS = 2_147_483_647

/** Carries a declined answer through ccxt. */
class Declined extends Error {
  override readonly name = 'Declined'
  readonly sent: Extract<Sent, { kind: 'declined' }>

  constructor(sent: Extract<Sent, { kind: 'declined' }>) {
    super(sent.classified.code)
    this.sent = sent
  }
}

/** Signs and sends single requests through ccxt's implicit methods. Waits for no limit, tries nothing again. */
export class CcxtSender {
  readonly #api: CcxtApi

  private constructor(api: CcxtApi) {
    this.#api = api
  }

  /** Loads ccxt; sends nothing. */
  static async create(options: CcxtSenderOptions): Promise<CcxtSender> {
    const { credentials, venue = 'binance-usdm' } = options
    const restApi = REST_APIS[venue]
    const Venue = await loadCcxt(restApi)
    const api = new Venue({
      ...(credentials === null
        ? {}
        : { apiKey: credentials.apiKey.reveal(), secret: signingText(credentials.secret) }),
      enableRateLimit: false,
      timeout: NEVER_MS,
      userAgent: 'tapedeck',
      options: { recvWindow: options.recvWindowMs, maxRetriesOnFailure: 0, fetchCurrencies: false },
    })
    api.nonce = options.timestamp
    api.fetchImplementation = createVenueFetch({
      ...options,
      api: restApi,
      onHeaders: (headers, sentAt) => options.onUsage(readUsage(headers), sentAt),
    })
    // Status, code and body as they came, in place of ccxt's classes, which mix what is certain with what is not.
    api.handleErrors = (status, _text, _url, _method, headers, body, json) => {
      const classified = classifyAnswer({ status, body, json })
      if (classified.kind === 'done') return true
      const retryAfterMs = retryAfterOf(headers)
      throw new Declined({ kind: 'declined', classified, status, retryAfterMs, body })
    }
    // Once, now: their dynamic imports would otherwise be waited for by the first order.
    await api.loadProxyModules()
    await api.loadFetchImplementation()
    return new CcxtSender(api)
  }

  /** Signs with other keys from now on. */
  use({ apiKey, secret }: Credentials): void {
    this.#api.apiKey = apiKey.reveal()
    this.#api.secret = signingText(secret)
  }

  async send(name: CallName, parameters: CallParameters): Promise<Sent> {
    try {
      // ccxt adds to what it is given.
      return { kind: 'answered', body: await this.#api[name]({ ...parameters }) }
    } catch (error) {
      if (error instanceof Declined) return error.sent
      const problem = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      return { kind: 'failed', problem, isSent: !(error instanceof NotSent) }
    }
  }
}
