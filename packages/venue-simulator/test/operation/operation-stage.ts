import {
  Secret,
  createBinanceVenue,
  type AccountEvent,
  type BinanceVenue,
  type Credentials,
  type FetchLike,
  type OrderRequest,
} from '@tapedeck/venue'
import { SimulatedVenue, parsePlannedFault, type PlannedFaultInput } from '../../src/index.ts'
import { fetchFrom, linksTo } from '../acceptance/in-process-wire.ts'
import { INSTRUMENTS, START, quoteAround } from '../acceptance/stage-market.ts'
import { VirtualClock } from '../acceptance/virtual-clock.ts'

export const keyPair = (letter: string): Credentials => ({
  apiKey: new Secret(`${letter}-api-key-of-the-account`),
  secret: new Secret(`${letter}-secret-of-the-account`),
})

const plain = ({ apiKey, secret }: Credentials): { apiKey: string; secret: string } => ({
  apiKey: apiKey.reveal(),
  secret: secret.reveal(),
})

const base = { symbol: 'BTCUSDT', price: null, stopPrice: null, reduceOnly: false } as const

export const entry = (clientOrderId: string): OrderRequest => ({
  ...base,
  clientOrderId,
  side: 'BUY',
  type: 'MARKET',
  quantity: '0.010',
})

export const stopOf = (clientOrderId: string, stopPrice: string): OrderRequest => ({
  ...base,
  clientOrderId,
  side: 'SELL',
  type: 'STOP_MARKET',
  quantity: '0.010',
  stopPrice,
  reduceOnly: true,
})

export const SETUP = { symbols: ['BTCUSDT'], leverage: 10, marginType: 'CROSSED' } as const

/** What an operator does to a venue and its keys while the adapter trades there; in virtual time. */
export class OperationStage {
  readonly sim = new SimulatedVenue({ instruments: INSTRUMENTS, startTime: START })
  readonly heard: AccountEvent[] = []
  readonly requests: string[] = []
  /** What stands in the files that the keys are read from. */
  inFiles: Credentials | (() => never) = keyPair('first')
  readonly clock: VirtualClock
  readonly #logged: string[] = []
  readonly #revoked = new Set<string>()
  #adapter: BinanceVenue | null = null

  constructor() {
    this.sim.addAccount({ account: 'main', ...plain(keyPair('first')), balance: '100000' })
    this.sim.addKey({ account: 'main', ...plain(keyPair('second')) })
    this.quote(60_000)
    this.clock = new VirtualClock(START, (now) => this.sim.advanceTo(now))
  }

  async open(): Promise<this> {
    const log = (message: string, details: unknown): void => {
      this.#logged.push(`${message} ${JSON.stringify(details)}`)
    }
    this.#adapter = await createBinanceVenue({
      network: { restUrl: 'http://venue', streamUrl: 'ws://venue' },
      credentials: keyPair('first'),
      rereadCredentials: () => (typeof this.inFiles === 'function' ? this.inFiles() : this.inFiles),
      fetch: this.#refusing(fetchFrom(this.sim, this.clock, this.requests)),
      openLink: linksTo(this.sim, this.clock),
      clock: this.clock,
      random: () => 0.5,
      log: { info: log, warn: log },
    })
    this.adapter.openAccountStream((event) => this.heard.push(event))
    await this.clock.during(this.adapter.prepareAccount(SETUP))
    await this.clock.pass(100)
    return this
  }

  get adapter(): BinanceVenue {
    if (this.#adapter === null) throw new Error('the stage is not open')
    return this.#adapter
  }

  get log(): string {
    return this.#logged.join('\n')
  }

  quote(middle: number): void {
    this.sim.applyMarket(quoteAround(this.sim.exchange, middle, 1000))
  }

  /** The venue refuses this key from now on: everywhere, or for trading alone. */
  revoke(keys: Credentials, of: 'everything' | 'trading' = 'everything'): void {
    this.#revoked.add(`${of} ${keys.apiKey.reveal()}`)
  }

  restore(): void {
    this.#revoked.clear()
  }

  fault(planned: PlannedFaultInput): void {
    this.sim.faults.add(parsePlannedFault(planned, 'fault'), this.sim.time)
  }

  async submit(order: OrderRequest) {
    return this.clock.during(this.adapter.submitOrder(order))
  }

  sent(path: string): number {
    return this.requests.filter((one) => one === path).length
  }

  #refusing(plainFetch: FetchLike): FetchLike {
    return (url, request) => {
      const key = request.headers['X-MBX-APIKEY'] ?? ''
      const isQuestion = request.method === 'GET' || url.includes('listenKey')
      const isRefused =
        this.#revoked.has(`everything ${key}`) ||
        (!isQuestion && this.#revoked.has(`trading ${key}`))
      if (!isRefused) return plainFetch(url, request)
      this.requests.push(`${request.method} ${new URL(url).pathname}`)
      const msg = 'Invalid API-key, IP, or permissions for action.'
      const body = JSON.stringify({ code: -2015, msg })
      return Promise.resolve(new Response(body, { status: 401 }))
    }
  }
}
