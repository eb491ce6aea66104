import type { Instrument } from '@tapedeck/contracts'
import {
  Secret,
  runPreflight,
  type FetchLike,
  type PreflightFinding,
  type PreflightOptions,
  type PreflightPlan,
} from '@tapedeck/venue'
import { SimulatedVenue, parsePlannedFault, type PlannedFaultInput } from '../../src/index.ts'
import { fetchFrom, linksTo } from '../acceptance/in-process-wire.ts'
import { INSTRUMENTS, START, quoteAround } from '../acceptance/stage-market.ts'
import { VirtualClock } from '../acceptance/virtual-clock.ts'

const KEYS = {
  apiKey: 'a1B2c3D4e5F6g7H8a1B2c3D4e5F6g7H8a1B2c3D4e5F6g7H8a1B2c3D4e5F6g7H8',
  secret: 'z9Y8x7W6v5U4t3S2z9Y8x7W6v5U4t3S2z9Y8x7W6v5U4t3S2z9Y8x7W6v5U4t3S2',
}
const QUOTE_EVERY_MS = 40

export const INSTRUMENT: Instrument = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  base_asset: 'BTC',
  quote_asset: 'USDT',
  tick_size: '0.1',
  lot_size: '0.001',
  min_quantity: '0.001',
  min_notional: '100',
  max_leverage: 20,
}

const PLAN: PreflightPlan = {
  instruments: [INSTRUMENT],
  leverage: 20,
  marginType: 'CROSSED',
  riskLeverage: 10,
  minPositionQuote: 100,
  maxPositionQuote: 1_000_000,
}

type Json = Record<string, unknown>

/** A preflight on a venue in the same process, in virtual time, with a market that moves. */
export class PreflightStage {
  readonly sim = new SimulatedVenue({ instruments: INSTRUMENTS, startTime: START })
  readonly requests: string[] = []
  plan: PreflightPlan = PLAN
  network: PreflightOptions['network'] = { restUrl: 'http://venue', streamUrl: 'ws://venue' }
  credentials: PreflightOptions['credentials'] = {
    apiKey: new Secret(KEYS.apiKey),
    secret: new Secret(KEYS.secret),
  }
  /** This machine's clock minus the venue's. */
  clockAheadMs = 0
  /** Whether anything happens in the market. */
  isQuiet = false
  readonly #edits = new Map<string, (body: Json) => unknown>()

  constructor() {
    this.sim.addAccount({ account: 'main', ...KEYS, balance: '100000' })
    this.sim.applyMarket(quoteAround(this.sim.exchange, 60_000, 1000))
    // What the simulated venue has no setting for.
    this.edit('/fapi/v1/accountConfig', (body) => ({ ...body, canWithdraw: false }))
    this.edit('/fapi/v1/feeBurn', () => ({ feeBurn: false }))
  }

  /** The answer of a path becomes another; the latest edit holds. */
  edit(path: string, change: (body: Json) => unknown): void {
    this.#edits.set(path, change)
  }

  fault(planned: PlannedFaultInput): void {
    this.sim.faults.add(parsePlannedFault(planned, 'fault'), this.sim.time)
  }

  async run(streamMs = 3_000): Promise<ReadonlyMap<string, PreflightFinding>> {
    const clock = new VirtualClock(START + this.clockAheadMs, (now) => this.#moveTo(now))
    const plain = fetchFrom(this.sim, clock, this.requests)
    const findings = await clock.during(
      runPreflight({
        network: this.network,
        credentials: this.credentials,
        plan: this.plan,
        streamMs,
        fetch: this.#edited(plain),
        openLink: linksTo(this.sim, clock),
        clock,
        random: () => 0.5,
      }),
    )
    return new Map(findings.map((one) => [one.name, one]))
  }

  #quotedAt = 0

  #moveTo(now: number): void {
    const time = Math.max(this.sim.time, now - this.clockAheadMs)
    this.sim.advanceTo(time)
    if (this.isQuiet || time - this.#quotedAt < QUOTE_EVERY_MS) return
    this.#quotedAt = time
    const middle = 60_000 + (Math.floor(time / QUOTE_EVERY_MS) % 2)
    this.sim.applyMarket(quoteAround(this.sim.exchange, middle, 1000))
  }

  #edited(plain: FetchLike): FetchLike {
    return async (url, request) => {
      const answer = await plain(url, request)
      const change = this.#edits.get(new URL(url).pathname)
      if (change === undefined) return answer
      const body = change(JSON.parse(await answer.text()) as Json)
      return new Response(JSON.stringify(body), { status: 200 })
    }
  }
}
