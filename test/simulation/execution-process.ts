import {
  READS,
  isType,
  output,
  type Message,
  type Output,
  type VenueReported,
} from '@tapedeck/contracts'
import {
  createExecutionDecider,
  openIntents,
  type ExecutionDecider,
  type Json,
  type VenueSnapshot,
} from '@tapedeck/core'
import {
  OrderCourier,
  intentOf,
  lookAtVenue,
  type BinanceVenue,
  type VenueResult,
} from '@tapedeck/venue'
import { ACCOUNT } from './account.ts'
import type { ExecutionHostOptions } from './execution-host-options.ts'
import { VENUE } from './instruments.ts'
import { LEASE_RENEW_MS, type LeaseDesk } from './lease-desk.ts'
import type { SendFence } from './send-fence.ts'
import type { ProcessTime } from './virtual-time.ts'

const READ: ReadonlySet<string> = new Set(READS.execution)
/** From the commit of an intent to the courier's hearing of it, and of a report to the tape. */
const COMMIT_MS = 2
/** As the service has it: how often an account that is not as it must be is set again. */
const PREPARE_AGAIN_MS = 5_000
/** As the service has it: how far back a look asks for fills. */
const LOOK_BACK_MS_MAX = 86_400_000

/** What survives a process: the last committed state, and up to where of the tape it has seen. */
export type Committed = {
  snapshot: Json | undefined
  read: number
  /** Reports that the tape holds: the same news has the same id, and is put there once. */
  readonly reported: Set<string>
}

/** What a process is started with. */
export type ProcessParts = {
  readonly life: ProcessTime
  readonly venue: BinanceVenue
  readonly fence: SendFence
  /** Shared by all processes of the account, as the database is. */
  readonly committed: Committed
  readonly lease: LeaseDesk
  readonly epoch: number
}

/**
 * One process of the execution service: decider, courier and adapter, with commits between. Every commit
 * asserts the lease: without it, what was computed is thrown away, and the process ends.
 */
export class ExecutionProcess {
  readonly #options: ExecutionHostOptions
  readonly #parts: ProcessParts
  readonly #decider: ExecutionDecider
  readonly #courier: OrderCourier
  #read: number
  #isPrepared = false

  constructor(options: ExecutionHostOptions, parts: ProcessParts) {
    this.#options = options
    this.#parts = parts
    const { venue, life, committed } = parts
    const { execution, log, symbols } = options
    this.#decider = createExecutionDecider({ execution }, committed.snapshot)
    this.#read = committed.read
    this.#courier = new OrderCourier({
      venue,
      account: ACCOUNT,
      venueName: VENUE,
      symbols,
      recvWindowMs: venue.lateArrivalMs,
      entriesWait: true,
      timeAtStake: () => this.#decider.timeAtStake(),
      clock: life,
      log,
      report: (report) => this.#takeReport(report),
    })
  }

  get epoch(): number {
    return this.#parts.epoch
  }

  get life(): ProcessTime {
    return this.#parts.life
  }

  get inHand(): number {
    return this.#courier.inHand
  }

  get isCaughtUp(): boolean {
    return this.#courier.isCaughtUp
  }

  get isRunning(): boolean {
    return !this.life.hasEnded && !this.life.isPaused
  }

  start(): void {
    this.#keepLease()
    // What is open at the venue does not wait for the account to be looked at.
    this.#courier.start(openIntents(this.#decider))
    void this.#setUp()
  }

  /** Handles what the tape holds. True when there was something. */
  pump(): boolean {
    const { tape } = this.#options
    let any = false
    while (this.isRunning && this.#read < tape.length) {
      const message = tape.messages[this.#read++]!
      if (!READ.has(message.type)) continue
      any = true
      this.#handle(message)
    }
    return any
  }

  /** What the reconciler is told when it asks. */
  async look(since: number): Promise<VenueResult<VenueSnapshot>> {
    const { time, symbols } = this.#options
    if (!this.#isPrepared) return { outcome: 'unknown', detail: 'not prepared yet' }
    const from = Math.max(since, time.now() - LOOK_BACK_MS_MAX)
    return await lookAtVenue(this.#parts.venue, symbols, from)
  }

  end(): void {
    this.life.end()
    this.#options.traffic.forget(this.life)
  }

  /** The account is set as it must be before anything is traded; asked until it is. */
  async #setUp(): Promise<void> {
    const { life, venue } = this.#parts
    const { symbols } = this.#options
    while (!life.hasEnded) {
      const answer = await venue.prepareAccount({ symbols, leverage: 10, marginType: 'CROSSED' })
      if (answer.outcome === 'known' && answer.value.problems.length === 0) break
      await life.sleep(PREPARE_AGAIN_MS)
    }
    this.#isPrepared = true
    this.#courier.admitEntries()
  }

  #keepLease(): void {
    const { life, lease, fence, epoch } = this.#parts
    fence.renewed(life.now())
    const keep = (): void => {
      if (!lease.renew(epoch, life.now())) return this.#loseLease()
      fence.renewed(life.now())
      life.after(LEASE_RENEW_MS, keep)
    }
    life.after(LEASE_RENEW_MS, keep)
  }

  #loseLease(): void {
    if (this.life.hasEnded) return
    this.#options.onLeaseLost()
    this.end()
  }

  /** True when it is committed, and so on the tape. */
  #commit(outputs: readonly Output[], cause: Message | null): boolean {
    const { lease, epoch } = this.#parts
    if (!lease.isHeldBy(epoch)) {
      this.#loseLease()
      return false
    }
    this.#options.tape.append('execution', outputs, cause)
    return true
  }

  async #takeReport(report: VenueReported): Promise<void> {
    await this.life.sleep(COMMIT_MS)
    const { reported } = this.#parts.committed
    if (reported.has(report.report_id)) return
    const item = output('execution.venue.reported', {
      aggregate_id: report.report_id,
      aggregate_version: 1,
      occurred_at: report.at,
      payload: report,
    })
    if (this.#commit([item], null)) reported.add(report.report_id)
  }

  #handle(message: Message): void {
    const { tape, onProblem } = this.#options
    const { committed, life } = this.#parts
    const outputs = this.#decider.handle(message)
    for (const problem of this.#decider.takeProblems()) onProblem(problem)
    if (outputs.length === 0) return
    const from = tape.length
    if (!this.#commit(outputs, message)) return
    committed.snapshot = this.#decider.snapshot()
    committed.read = this.#read
    for (const sealed of tape.messages.slice(from))
      if (
        isType(sealed, 'execution.order.submitted') ||
        isType(sealed, 'execution.order.pending_cancel')
      ) {
        const intent = intentOf(sealed)
        life.after(COMMIT_MS, () => this.#courier.carry(intent))
      }
  }
}
