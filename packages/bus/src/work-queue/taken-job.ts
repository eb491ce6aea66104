import { headers, nanos, type Msg } from '@nats-io/transport-node'
import { deliveryCount } from '../read/delivery.ts'
import { storeOnce, type WorkContext } from './store-once.ts'
import { givenUpSubject, resultSubject } from './work-streams.ts'

/** Why an attempt ended without a result. */
export type WorkFailure = {
  /** A stable code. */
  readonly reason: string
  readonly detail: string
}

/** A job that was given up. */
export type GivenUp = WorkFailure & { readonly id: string; readonly attempts: number }

export const GIVEN_UP_HEADERS = {
  reason: 'Tapedeck-Reason',
  /** A JSON string, since a header is one line. */
  detail: 'Tapedeck-Detail',
  attempts: 'Tapedeck-Attempts',
} as const

const DETAIL_MAX = 4_000

/** A job in hand: nobody else gets it while its heartbeat goes on. Ends with exactly one of the three calls. */
export type TakenJob = {
  readonly id: string
  readonly study: string
  readonly lane: string
  readonly bytes: Uint8Array
  /** 1 for the first. Counts every time that somebody was given it. */
  readonly attempt: number
  /** Stores the result, then takes the job off the queue. */
  finish(result: Uint8Array): Promise<void>
  /** Puts the job back after a pause, or gives it up when it has been tried often enough. */
  retry(failure: WorkFailure): Promise<'again' | 'given-up'>
  giveUp(failure: WorkFailure): Promise<void>
}

/** What a job in hand is allowed. */
export type TakeRules = {
  readonly deliveriesMax: number
  readonly retryPauseMs: number
  readonly heartbeatMs: number
}

export class JobInHand implements TakenJob {
  readonly id: string
  readonly study: string
  readonly lane: string
  readonly #msg: Msg
  readonly #context: WorkContext
  readonly #rules: TakeRules
  readonly #heartbeat: NodeJS.Timeout

  constructor(context: WorkContext, rules: TakeRules, msg: Msg) {
    this.#context = context
    this.#rules = rules
    this.#msg = msg
    const [, , lane = '', study = '', id = ''] = msg.subject.split('.')
    this.lane = lane
    this.study = study
    this.id = id
    this.#heartbeat = setInterval(() => {
      if (context.nc.isClosed()) clearInterval(this.#heartbeat)
      else if (context.status.current() === 'connected') msg.respond('+WPI')
    }, rules.heartbeatMs)
    // The connection keeps a worker alive; a job that never ends must not outlive it.
    this.#heartbeat.unref()
  }

  get bytes(): Uint8Array {
    return this.#msg.data
  }

  get attempt(): number {
    return deliveryCount(this.#msg.reply)
  }

  async finish(result: Uint8Array): Promise<void> {
    await storeOnce(this.#context, resultSubject(this.study, this.id), result)
    this.acknowledge()
  }

  async retry(failure: WorkFailure): Promise<'again' | 'given-up'> {
    if (this.attempt >= this.#rules.deliveriesMax) {
      await this.giveUp(failure)
      return 'given-up'
    }
    this.putBack(this.#rules.retryPauseMs)
    return 'again'
  }

  async giveUp({ reason, detail }: WorkFailure): Promise<void> {
    const all = headers()
    all.set(GIVEN_UP_HEADERS.reason, reason)
    all.set(GIVEN_UP_HEADERS.detail, JSON.stringify(detail.slice(0, DETAIL_MAX)))
    all.set(GIVEN_UP_HEADERS.attempts, String(this.attempt))
    await storeOnce(this.#context, givenUpSubject(this.study, this.id), this.bytes, all)
    this.acknowledge()
  }

  /** Lost acknowledgements are harmless: the job comes again and its result is found. */
  acknowledge(): void {
    clearInterval(this.#heartbeat)
    if (!this.#context.nc.isClosed()) this.#msg.respond('+ACK')
  }

  putBack(pauseMs: number): void {
    clearInterval(this.#heartbeat)
    if (!this.#context.nc.isClosed())
      this.#msg.respond(`-NAK ${JSON.stringify({ delay: nanos(pauseMs) })}`)
  }
}
