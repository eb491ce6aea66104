import {
  DECIDES,
  LOCKSTEP_ORDER,
  MESSAGES,
  type Message,
  type MessageType,
  type TradingConfig,
  configHash,
} from '@tapedeck/contracts'
import type { ExecutionDecider, Json } from '@tapedeck/core'
import type { ArchivedMessage } from '../archive/index.ts'
import { type Seat, type SeatName, takeSeats } from '../engine/seats.ts'
import { type CarriedState, carriers } from './carried-state.ts'
import type { ConfigPlan, ConfigStep } from './config-plan.ts'
import { IngestCheck } from './ingest-check.ts'
import { ReconcilerCheck } from './reconciler-check.ts'
import { ServiceCheck, causeOf } from './service-check.ts'
import type { Tally } from './tally.ts'

/** Everybody but the reconciler, whose looks at the venue need more than the tape so far. */
type Deciding = Exclude<SeatName, 'reconciler'>

type Place = {
  readonly name: Deciding
  readonly check: ServiceCheck
  seat: Seat
  execution: ExecutionDecider
  later: readonly ConfigStep[]
}

const OUTSIDE: ReadonlySet<MessageType> = new Set<MessageType>([
  'risk.command.received',
  'execution.command.received',
  'execution.venue.reported',
])

const names = LOCKSTEP_ORDER.filter((name): name is Deciding => name !== 'reconciler')

/** The services of one run, computed again from what they read, message by message in tape order. */
export class RunVerifier {
  readonly #runId: string
  readonly #trading: TradingConfig
  readonly #tally: Tally
  readonly #places: readonly Place[]
  readonly #readers: ReadonlyMap<MessageType, readonly Place[]>
  readonly #ingest: IngestCheck
  readonly #checks: ReadonlyMap<SeatName | 'ingest', ServiceCheck>
  readonly #reconciler: ReconcilerCheck
  readonly #hashes = new Map<SeatName | 'ingest', string>()
  #reconcilerLater: readonly ConfigStep[]

  /** `before`: what services bring from the runs before this one. */
  constructor(runId: string, plan: ConfigPlan, tally: Tally, before: CarriedState = {}) {
    this.#runId = runId
    this.#trading = plan.execution[0]!.trading
    this.#tally = tally
    const check = (name: SeatName | 'ingest'): ServiceCheck => new ServiceCheck(name, runId, tally)
    this.#checks = new Map([...LOCKSTEP_ORDER, 'ingest' as const].map((one) => [one, check(one)]))
    this.#places = names.map((name): Place => {
      const [first, ...later] = plan[name]
      const { seat, execution } = this.#seat(name, first!.trading, before[name])
      return { name, check: this.#checks.get(name)!, seat, execution, later }
    })
    const types = new Set(this.#places.flatMap(({ seat }) => seat.reads))
    this.#readers = new Map(
      [...types].map((type) => [
        type,
        this.#places.filter(({ seat }) => seat.reads.includes(type)),
      ]),
    )
    this.#ingest = new IngestCheck(this.#checks.get('ingest')!)
    this.#hashes.set('ingest', configHash(DECIDES.ingest(plan.orderflow[0]!.trading)))
    const execution = this.#places.find(({ name }) => name === 'execution')!
    const [first, ...later] = plan.reconciler
    this.#hash('reconciler', first!.trading)
    this.#reconcilerLater = later
    this.#reconciler = new ReconcilerCheck(this.#checks.get('reconciler')!, first!.trading, () =>
      execution.execution.venueSnapshot(),
    )
  }

  /** Something that a service may have read is lost: nothing that follows can be computed again. */
  loseTrack(): void {
    for (const check of this.#checks.values()) check.giveUp('AFTER_DAMAGE')
  }

  take(archived: ArchivedMessage): void {
    this.#tally.read(archived)
    this.#judge(archived)
    this.#feed(archived)
  }

  /** The record is over. */
  end(): void {
    const finished = this.#tally.ended
    for (const [name, check] of this.#checks) if (name !== 'reconciler') check.end(finished)
    this.#reconciler.end(finished)
  }

  /** What services take along into the next run. */
  carriedState(): CarriedState {
    const carrying = carriers(this.#trading)
    const places = this.#places.filter(({ name }) => carrying.includes(name))
    return Object.fromEntries(places.map(({ name, seat }) => [name, seat.snapshot()]))
  }

  #judge(archived: ArchivedMessage): void {
    const { message } = archived
    const { publisher } = MESSAGES[message.type]
    if (publisher === 'gateway') return
    this.#tally.producer(message, publisher, this.#hashes.get(publisher)!)
    const check = this.#checks.get(publisher)!
    if (publisher === 'ingest') this.#ingest.recorded(archived)
    else if (OUTSIDE.has(message.type)) check.input(archived)
    else if (publisher === 'reconciler') this.#reconciler.recorded(archived)
    else check.recorded(archived)
  }

  #feed(archived: ArchivedMessage): void {
    const { message } = archived
    for (const place of this.#readers.get(message.type) ?? []) {
      if (place.check.isBlind) continue
      this.#reconfigure(place, message)
      const cause = causeOf(archived)
      try {
        place.check.computed(place.seat.handle(message), cause)
      } catch (error) {
        place.check.fail(error, cause)
      }
    }
    const next = this.#reconcilerLater[0]
    if (next !== undefined && next.from === message.event_id) {
      this.#reconcilerLater = this.#reconcilerLater.slice(1)
      this.#hash('reconciler', next.trading)
      this.#reconciler.reconfigure(next.trading)
    }
    this.#reconciler.read(archived)
  }

  /** A service that was started again with another configuration goes on from its state. */
  #reconfigure(place: Place, { event_id }: Message): void {
    const next = place.later[0]
    if (next === undefined || next.from !== event_id) return
    Object.assign(place, this.#seat(place.name, next.trading, place.seat.snapshot()), {
      later: place.later.slice(1),
    })
  }

  #seat(
    name: Deciding,
    trading: TradingConfig,
    brain?: Json,
  ): { seat: Seat; execution: ExecutionDecider } {
    this.#hash(name, trading)
    const saved = brain === undefined ? undefined : { [name]: { nextSeq: 1, brain } }
    const { seats, execution } = takeSeats(
      { trading, runId: this.#runId, fullTape: true, measures: true },
      saved,
    )
    return { seat: seats.find((seat) => seat.name === name)!, execution }
  }

  #hash(name: SeatName, trading: TradingConfig): void {
    this.#hashes.set(name, configHash(DECIDES[name](trading)))
  }
}
