import { testInstrument } from '@tapedeck/test-data'
import {
  SimulatedVenue,
  startVenueServer,
  type SimulatedVenueOptions,
  type VenueServer,
} from '../../src/index.ts'
import { listInstrument } from '../../src/exchange/index.ts'
import { WireRecord, recordWire } from '../wire/wire-record.ts'

const instrument = (base: string, tick: string, lot: string) =>
  testInstrument({
    symbol: `${base}USDT`,
    base_asset: base,
    tick_size: tick,
    lot_size: lot,
    min_quantity: lot,
  })

export const KEYS = { apiKey: 'test-key-of-main', secret: 'test-secret-of-main' }
const LEVELS = Array.from({ length: 20 }, (_, i) => i)
const TICKS_IN_ONE = 10

/**
 * A venue on a port whose clock is the wall's, so that clients who look at their own watch may trade on it,
 * and whose market does what a test says. One account, `main`, of 100000 USDT.
 */
export class TestVenue {
  readonly venue: SimulatedVenue
  readonly record = new WireRecord()
  #server: VenueServer | null = null
  #timer: NodeJS.Timeout | null = null
  #ids = 1

  constructor(options: Partial<SimulatedVenueOptions> = {}) {
    this.venue = new SimulatedVenue({
      instruments: [
        listInstrument(instrument('BTC', '0.1', '0.001')),
        listInstrument(instrument('ETH', '0.1', '0.001')),
      ],
      // Its first prints are of a second ago: over, and in the candles.
      startTime: Date.now() - 1000,
      seed: 11,
      ...options,
    })
    this.venue.addAccount({ account: 'main', ...KEYS, balance: '100000' })
    this.quote('BTCUSDT', 60_000)
    this.quote('ETHUSDT', 3000)
  }

  get restUrl(): string {
    return this.#running.restUrl
  }

  get streamUrl(): string {
    return this.#running.streamUrl
  }

  get #running(): VenueServer {
    if (this.#server === null) throw new Error('the venue was not started')
    return this.#server
  }

  async start(): Promise<this> {
    this.#server = await startVenueServer({ venue: recordWire(this.venue, this.record) })
    this.venue.advanceTo(Date.now())
    this.#timer = setInterval(() => this.venue.advanceTo(Date.now()), 10)
    return this
  }

  /** Throws when anything that was said is not in the field tables. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#server?.stop()
    this.record.expectNone()
  }

  /** The whole market of a symbol moves: mark, book (20 levels of 1 a side, a tick apart), one print. */
  quote(symbol: string, middle: number): void {
    const time = this.venue.time
    const ticks = middle * TICKS_IN_ONE
    this.#ids++
    this.venue.applyMarket([
      {
        kind: 'mark',
        symbol,
        time,
        markPrice: middle,
        indexPrice: middle,
        fundingRate: 0.0001,
        nextFundingTime: time + 3_600_000,
      },
      {
        kind: 'depth',
        symbol,
        snapshot: true,
        firstId: this.#ids,
        lastId: this.#ids,
        previousId: null,
        time,
        bidTicks: LEVELS.map((i) => ticks - 1 - i),
        bidLots: LEVELS.map(() => 1000),
        askTicks: LEVELS.map((i) => ticks + 1 + i),
        askLots: LEVELS.map(() => 1000),
      },
    ])
    this.print(symbol, middle)
  }

  /** A trade among others; `sell`: whoever crossed the spread sold. */
  print(symbol: string, price: number, lots = 10, sell = false): void {
    this.venue.applyMarket([
      {
        kind: 'trade',
        symbol,
        id: (this.venue.exchange.trades(symbol, 1).at(-1)?.id ?? 0) + 1,
        priceTicks: Math.round(price * TICKS_IN_ONE),
        quantityLots: lots,
        time: this.venue.time,
        maker: sell ? 1 : 0,
        excluded: false,
      },
    ])
  }
}

/** How tests of clients wait for what the venue or a client will do. */
export { until } from '@tapedeck/test-data'
