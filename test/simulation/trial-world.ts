import { ExecutionConfig, ReconciliationConfig } from '@tapedeck/contracts'
import { Random } from '@tapedeck/core'
import { SimulatedVenue, listInstrument } from '@tapedeck/venue-simulator'
import { ACCOUNT, API_KEY, API_SECRET } from './account.ts'
import { CALM_AT, type Trial } from './draw-trial.ts'
import { ExecutionHost } from './execution-host.ts'
import { InProcessNetwork } from './in-process-network.ts'
import { VENUE, instrumentOf, plainInstrument } from './instruments.ts'
import { MarketDelivery } from './market-delivery.ts'
import { MemoryTape } from './memory-tape.ts'
import { ProtectionWatch } from './protection-watch.ts'
import { ProtectiveTraffic } from './protective-traffic.ts'
import { ReconcilerHost } from './reconciler-host.ts'
import { RiskHost } from './risk-host.ts'
import { StruckFaults } from './struck-faults.ts'
import { TrialMarket } from './trial-market.ts'
import { VirtualTime } from './virtual-time.ts'

export const RUN_ID = '00000000-0000-5000-8000-000000000001'
/** Midnight of a day; trials begin some hours into it. */
const DAY = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000
const LATE_MS_MAX = 9_000

const startOf = ({ fundingAt }: Trial): number =>
  fundingAt === null ? DAY + 10 * HOUR + 600_000 : DAY + 10 * HOUR - fundingAt

const venueOf = (trial: Trial, startTime: number): SimulatedVenue => {
  const venue = new SimulatedVenue({
    instruments: trial.legs.map(({ symbol }) =>
      listInstrument(plainInstrument(instrumentOf(symbol)), { fundingIntervalHours: 1 }),
    ),
    startTime,
    seed: trial.seed,
    faultPlan: trial.faults,
  })
  venue.addAccount({ account: ACCOUNT, apiKey: API_KEY, secret: API_SECRET, balance: '10000' })
  return venue
}

export type WorldTools = {
  readonly line: (text: string) => void
  /** After each piece of market news that reached the tape. */
  readonly onTold: () => void
}

/** Everything that a trial is played with: the venue, the way to it, the services, and who watches them. */
export class TrialWorld {
  readonly trial: Trial
  readonly symbols: readonly string[]
  readonly start: number
  readonly time: VirtualTime
  readonly tape: MemoryTape
  readonly traffic = new ProtectiveTraffic()
  readonly venue: SimulatedVenue
  readonly network: InProcessNetwork
  readonly execution: ExecutionHost
  readonly reconciler: ReconcilerHost
  readonly risk: RiskHost
  readonly watch: ProtectionWatch
  readonly struck: StruckFaults
  readonly delivery: MarketDelivery
  readonly market: TrialMarket
  readonly #tools: WorldTools
  readonly #random: Random

  constructor(trial: Trial, tools: WorldTools) {
    this.trial = trial
    this.#tools = tools
    this.symbols = trial.legs.map(({ symbol }) => symbol)
    this.start = startOf(trial)
    this.#random = new Random(trial.seed ^ 0x5bd1e995)
    this.time = new VirtualTime(this.start)
    const { time, start } = this
    this.tape = new MemoryTape(RUN_ID, () => time.now())
    this.venue = venueOf(trial, start)
    this.struck = new StruckFaults(() => this.#injected())
    this.network = this.#network()
    this.execution = this.#execution()
    this.reconciler = new ReconcilerHost({
      time,
      tape: this.tape,
      account: ACCOUNT,
      reconciliation: ReconciliationConfig.parse({ interval_ms: 10_000 }),
      venue: VENUE,
      look: (since) => this.execution.look(since),
    })
    this.risk = new RiskHost(this.tape, trial, start)
    this.delivery = this.#delivery()
    this.market = new TrialMarket(trial, this.#random, this)
    this.watch = new ProtectionWatch({
      venue: this.venue,
      symbols: this.symbols,
      start,
      traffic: this.traffic,
      isUp: () => this.execution.isUp,
      marketMovedAt: () => this.delivery.movedAt,
    })
  }

  /** Something is open at the venue. */
  get isHeld(): boolean {
    return this.symbols.some((symbol) => this.venue.exchange.positionLots(ACCOUNT, symbol) !== 0)
  }

  #injected(): Record<string, number> {
    const { late } = this.network
    return { ...this.venue.faults.injected(), ...(late > 0 ? { request_late: late } : {}) }
  }

  #network(): InProcessNetwork {
    const { time, venue, traffic, start, trial } = this
    const weather = {
      lateShare: trial.lateShare,
      lateMsMax: LATE_MS_MAX,
      clearFrom: start + CALM_AT,
    }
    const network = new InProcessNetwork({ time, venue, random: this.#random, weather, traffic })
    network.onArrival = ({ method, path, query, body }) =>
      this.#tools.line(`  -> ${method} ${path} ${query || body}`)
    return network
  }

  #execution(): ExecutionHost {
    const { time, tape, network, traffic, symbols } = this
    const { line } = this.#tools
    return new ExecutionHost({
      time,
      tape,
      network,
      traffic,
      symbols,
      execution: ExecutionConfig.parse({ account: ACCOUNT, venue: 'binance-usdm' }),
      random: this.#random,
      log: this.#log(),
      onProblem: (problem) => line(`  ?? ${problem}`),
      onLeaseLost: () => {
        line('execution finds its lease lost')
        this.struck.count('lease_lost')
      },
    })
  }

  #log(): Record<'info' | 'warn', (message: string, details: object) => void> {
    const { time, traffic } = this
    const { line } = this.#tools
    return {
      info: (message, details) => line(`  .. ${message} ${JSON.stringify(details)}`),
      warn: (message, details) => {
        line(`  !! ${message} ${JSON.stringify(details)}`)
        if ('forMs' in details) traffic.limit(time.now() + Number(details.forMs))
      },
    }
  }

  #delivery(): MarketDelivery {
    const { time, tape, symbols, start, trial, venue } = this
    return new MarketDelivery({
      time,
      tape,
      symbols,
      random: new Random(trial.seed ^ 0x3ad8025f),
      troubles: trial.marketTroubles,
      start,
      venueNow: () => venue.shownTime,
      onTold: this.#tools.onTold,
      onStruck: (kind) => this.struck.count(kind),
    })
  }
}
