import {
  Secret,
  createBinanceVenue,
  type AccountEvent,
  type BinanceVenue,
  type OrderRequest,
} from '@tapedeck/venue'
import { SimulatedVenue, parsePlannedFault, type PlannedFaultInput } from '../../src/index.ts'
import { fetchFrom, linksTo } from '../acceptance/in-process-wire.ts'
import { INSTRUMENTS, START, quoteAround } from '../acceptance/stage-market.ts'
import { VirtualClock } from '../acceptance/virtual-clock.ts'

const KEYS = { apiKey: 'bad-input-key-of-main', secret: 'bad-input-secret-of-main' }

export const limitAt = (clientOrderId: string, price: string): OrderRequest => ({
  symbol: 'BTCUSDT',
  clientOrderId,
  side: 'BUY',
  type: 'LIMIT',
  quantity: '0.010',
  price,
  stopPrice: null,
  reduceOnly: false,
})

/** The adapter on a venue that says odd things, in one process and one virtual time, with all that it logs. */
export class AdapterStage {
  readonly heard: AccountEvent[] = []
  readonly sim: SimulatedVenue
  readonly clock: VirtualClock
  readonly adapter: BinanceVenue
  readonly #logged: string[]

  static async open(): Promise<AdapterStage> {
    const sim = new SimulatedVenue({ instruments: INSTRUMENTS, startTime: START })
    sim.addAccount({ account: 'main', ...KEYS, balance: '100000' })
    sim.applyMarket(quoteAround(sim.exchange, 60_000, 1000))
    const clock = new VirtualClock(START, (now) => sim.advanceTo(now))
    const logged: string[] = []
    const log = (message: string, details: unknown): void => {
      logged.push(`${message} ${JSON.stringify(details)}`)
    }
    const adapter = await createBinanceVenue({
      network: { restUrl: 'http://venue', streamUrl: 'ws://venue' },
      credentials: { apiKey: new Secret(KEYS.apiKey), secret: new Secret(KEYS.secret) },
      fetch: fetchFrom(sim, clock, []),
      openLink: linksTo(sim, clock),
      clock,
      random: () => 0.5,
      log: { info: log, warn: log },
    })
    const stage = new AdapterStage(sim, clock, adapter, logged)
    adapter.openAccountStream((event) => stage.heard.push(event))
    await clock.during(adapter.instruments())
    await clock.pass(100)
    return stage
  }

  private constructor(
    sim: SimulatedVenue,
    clock: VirtualClock,
    adapter: BinanceVenue,
    logged: string[],
  ) {
    this.sim = sim
    this.clock = clock
    this.adapter = adapter
    this.#logged = logged
  }

  /** All that was logged, as one text. */
  get log(): string {
    return this.#logged.join('\n')
  }

  /** Secrets that stand in the log. */
  get leaked(): string[] {
    const listenKey = this.sim.listenKeys.close('main')?.listenKey
    const signature = /signature=[0-9a-f]{64}/.exec(this.log)?.[0]
    const secrets = [KEYS.apiKey, KEYS.secret, listenKey, signature]
    return secrets.filter((secret) => secret !== undefined).filter((one) => this.log.includes(one))
  }

  fault(planned: PlannedFaultInput): void {
    this.sim.faults.add(parsePlannedFault(planned, 'fault'), this.sim.time)
  }

  /** From now on the venue says what is documented. */
  async repair(): Promise<void> {
    this.sim.faults.clear()
    // Whatever pause was asked for is over, and the clock is looked at again.
    await this.clock.pass(180_000)
  }

  /** Whether the venue has ever had an order of ours. */
  has(clientOrderId: string): boolean {
    return this.sim.exchange.order('main', 'BTCUSDT', { clientOrderId }) !== null
  }

  fillsHeard(clientOrderId: string): number {
    return this.heard.filter(
      (event) =>
        event.kind === 'order' && event.clientOrderId === clientOrderId && event.fill !== null,
    ).length
  }

  async close(): Promise<void> {
    await this.clock.during(this.adapter.close())
  }
}
