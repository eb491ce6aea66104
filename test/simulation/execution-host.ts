import {
  READS,
  isType,
  output,
  type ExecutionConfig,
  type Message,
  type VenueReported,
} from '@tapedeck/contracts'
import {
  createExecutionDecider,
  openIntents,
  type ExecutionDecider,
  type Json,
  type Random,
  type VenueSnapshot,
} from '@tapedeck/core'
import {
  OrderCourier,
  Secret,
  createBinanceVenue,
  intentOf,
  lookAtVenue,
  type BinanceVenue,
  type VenueLog,
  type VenueResult,
} from '@tapedeck/venue'
import { REST_URL, STREAM_URL, type InProcessNetwork } from './in-process-network.ts'
import type { MemoryTape } from './memory-tape.ts'
import { SYMBOL, VENUE } from './price-path.ts'
import { ProcessTime, type VirtualTime } from './virtual-time.ts'

export const ACCOUNT = 'main'
export const API_KEY = 'k'.repeat(32)
export const API_SECRET = 's'.repeat(32)
const READ: ReadonlySet<string> = new Set(READS.execution)
/** From the commit of an intent to the courier's hearing of it, and of a report to the tape. */
const COMMIT_MS = 2
/** As the service has it: how far back a look asks for fills. */
const LOOK_BACK_MS_MAX = 86_400_000

export type ExecutionHostOptions = {
  readonly time: VirtualTime
  readonly tape: MemoryTape
  readonly network: InProcessNetwork
  readonly execution: ExecutionConfig
  readonly random: Random
  readonly log: VenueLog
  readonly onProblem: (problem: string) => void
}

/** What survives a crash: the last committed state, and up to where of the tape it has seen. */
type Committed = { readonly snapshot: Json | undefined; readonly read: number }

/**
 * The execution service: decider, courier and adapter, with commits between. A crash takes all that is in
 * memory; requests that are on their way arrive all the same.
 */
export class ExecutionHost {
  readonly #options: ExecutionHostOptions
  #committed: Committed = { snapshot: undefined, read: 0 }
  #life: ProcessTime | null = null
  #decider: ExecutionDecider | null = null
  #courier: OrderCourier | null = null
  #venue: BinanceVenue | null = null
  #read = 0
  readonly #ready: { readonly life: ProcessTime; readonly venue: BinanceVenue }[] = []

  constructor(options: ExecutionHostOptions) {
    this.#options = options
  }

  get isUp(): boolean {
    return this.#courier !== null
  }

  get inHand(): number {
    return this.#courier?.inHand ?? 0
  }

  get isCaughtUp(): boolean {
    return this.#courier?.isCaughtUp === true
  }

  get decider(): ExecutionDecider | null {
    return this.#decider
  }

  /**
   * Makes the adapters for so many starts. Loading a library takes time of the machine, which must not
   * pass while virtual time does.
   */
  async prepare(starts: number): Promise<void> {
    const { time, network, random, log } = this.#options
    for (let made = 0; made < starts; made++) {
      const life = new ProcessTime(time)
      const venue = await createBinanceVenue({
        network: { restUrl: REST_URL, streamUrl: STREAM_URL },
        credentials: { apiKey: new Secret(API_KEY), secret: new Secret(API_SECRET) },
        venue: VENUE,
        fetch: network.fetchOf(life),
        openLink: network.openLinkOf(life),
        clock: life,
        random: () => random.next(),
        log,
      })
      this.#ready.push({ life, venue })
    }
  }

  async start(): Promise<void> {
    const { execution, log } = this.#options
    const ready = this.#ready.shift()
    if (ready === undefined) throw new Error('more starts than were prepared')
    const { life, venue } = ready
    this.#life = life
    this.#venue = venue
    this.#decider = createExecutionDecider({ execution }, this.#committed.snapshot)
    this.#read = this.#committed.read
    this.#courier = new OrderCourier({
      venue,
      account: ACCOUNT,
      venueName: VENUE,
      symbols: [SYMBOL],
      recvWindowMs: venue.lateArrivalMs,
      clock: life,
      log,
      report: (report) => this.#takeReport(life, report),
    })
    // What is open at the venue does not wait for the account to be looked at.
    this.#courier.start(openIntents(this.#decider))
    await this.#setUp(life, venue)
  }

  /** The account is set as it must be before anything is traded; asked until it is. */
  async #setUp(life: ProcessTime, venue: BinanceVenue): Promise<void> {
    const setup = { symbols: [SYMBOL], leverage: 10, marginType: 'CROSSED' } as const
    while (!life.hasEnded) {
      const answer = await venue.prepareAccount(setup)
      if (answer.outcome === 'known' && answer.value.problems.length === 0) return
      await life.sleep(1_000)
    }
  }

  async #takeReport(life: ProcessTime, report: VenueReported): Promise<void> {
    await life.sleep(COMMIT_MS)
    const item = output('execution.venue.reported', {
      aggregate_id: report.report_id,
      aggregate_version: 1,
      occurred_at: report.at,
      payload: report,
    })
    this.#options.tape.append('execution', [item], null)
  }

  /** Handles what the tape holds. True when there was something. */
  pump(): boolean {
    const { tape } = this.#options
    let any = false
    while (this.#decider !== null && this.#read < tape.length) {
      const message = tape.messages[this.#read++]!
      if (!READ.has(message.type)) continue
      any = true
      this.#handle(message)
    }
    return any
  }

  #handle(message: Message): void {
    const decider = this.#decider!
    const outputs = decider.handle(message)
    for (const problem of decider.takeProblems()) this.#options.onProblem(problem)
    if (outputs.length === 0) return
    const { tape } = this.#options
    const from = tape.length
    this.#committed = { snapshot: decider.snapshot(), read: this.#read }
    tape.append('execution', outputs, message)
    for (const sealed of tape.messages.slice(from))
      if (
        isType(sealed, 'execution.order.submitted') ||
        isType(sealed, 'execution.order.pending_cancel')
      ) {
        const intent = intentOf(sealed)
        this.#life!.after(COMMIT_MS, () => this.#courier?.carry(intent))
      }
  }

  /** The process is gone. */
  crash(): void {
    this.#life?.end()
    this.#life = null
    this.#decider = null
    this.#courier = null
    this.#venue = null
  }

  /** What the reconciler is told when it asks. */
  async look(since: number): Promise<VenueResult<VenueSnapshot>> {
    const venue = this.#venue
    if (venue === null) return { outcome: 'unknown', detail: 'nobody answers' }
    const { time } = this.#options
    return await lookAtVenue(venue, [SYMBOL], Math.max(since, time.now() - LOOK_BACK_MS_MAX))
  }
}
