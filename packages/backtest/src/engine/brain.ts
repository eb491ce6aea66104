import {
  MESSAGE_TYPES,
  output,
  type Message,
  type MessageType,
  type Output,
  type RiskCommandReceived,
  type TradingConfig,
} from '@tapedeck/contracts'
import { UNHEARD_MEASURES, type ExecutionDecider, type Json } from '@tapedeck/core'
import { plainPayload } from './plain-payload.ts'
import { publisherOf, takeSeats, type Seat, type SeatsJson } from './seats.ts'
import { TapeMessage, type Publisher } from './tape-message.ts'

/** Who is told of messages, in the order of the tape. Nothing is made for types that nobody asked for. */
export type Listener = {
  readonly types: readonly MessageType[]
  readonly hear: (message: TapeMessage) => void
}

export type BrainOptions = {
  readonly trading: TradingConfig
  readonly runId: string
  /** With the journal and the analyst, whose messages nobody decides by. Default off. */
  readonly fullTape?: boolean
  readonly listeners?: readonly Listener[]
}

type BrainJson = {
  readonly seats: SeatsJson
  readonly marketSeq: number
  /** What the market appended since the last step ended: `seq` of the first, and the outputs. */
  readonly step: readonly Output[]
}

/** A decider threw: half of its state may have changed, so nothing goes on from here. */
class DeciderFailed extends Error {
  constructor(decider: string, { type, aggregate_id, occurred_at }: TapeMessage, cause: unknown) {
    const detail = Error.isError(cause) ? cause.message : String(cause)
    super(`${decider} failed on ${type} ${aggregate_id} at ${occurred_at}: ${detail}`, { cause })
  }
}

/** What happens with messages of one type. */
type Route = { readonly readers: Seat[]; readonly listeners: Listener[]; count: number }

/**
 * The services' deciders on one tape in memory, in the order and the rounds of lockstep
 * (docs/architecture/processing.md): what the market appended in a step is handled by each in turn,
 * then what they appended, until nothing waits. The messages are those of a lockstep replay through the
 * services: ids, sequences, versions, payloads, causes, order.
 */
export class Brain {
  readonly #seats: readonly Seat[]
  readonly #execution: ExecutionDecider
  readonly #market: Publisher
  readonly #routes: Readonly<Record<MessageType, Route>>
  #marketSeq: number
  #step: TapeMessage[] = []

  constructor(options: BrainOptions, snapshot?: Json) {
    const { trading, runId, fullTape = false, listeners = [] } = options
    const saved = snapshot as unknown as BrainJson | undefined
    const measures = fullTape || listeners.some(({ types }) => types.includes('orderflow.measures'))
    const { seats, execution } = takeSeats({ trading, runId, fullTape, measures }, saved?.seats)
    this.#seats = seats
    this.#execution = execution
    this.#market = publisherOf('ingest', trading, runId)
    this.#routes = Object.fromEntries(
      MESSAGE_TYPES.map((type): [MessageType, Route] => [
        type,
        {
          readers: seats.filter(({ reads }) => reads.includes(type)),
          listeners: listeners.filter(({ types }) => types.includes(type)),
          count: 0,
        },
      ]),
    ) as Record<MessageType, Route>
    this.#marketSeq = saved?.marketSeq ?? 1
    for (const one of saved?.step ?? [])
      this.#step.push(new TapeMessage(one, this.#marketSeq++, this.#market, null))
  }

  /** What happened how often since this brain was made, by message type; types that never came are left out. */
  counts(): Partial<Record<MessageType, number>> {
    return Object.fromEntries(
      MESSAGE_TYPES.filter((type) => this.#routes[type].count > 0).map((type) => [
        type,
        this.#routes[type].count,
      ]),
    )
  }

  /** What execution was asked for and could not do, since the last call. */
  takeProblems(): string[] {
    return this.#execution.takeProblems()
  }

  /** Appends what the market put on the tape. Nobody acts on it before `settle`. */
  append(outputs: readonly Output[]): void {
    for (const one of outputs) {
      const message = new TapeMessage(one, this.#marketSeq++, this.#market, null)
      this.#tell(message)
      this.#step.push(message)
    }
  }

  /** The step is over: rounds, until nothing waits. */
  settle(): void {
    const step = this.#step
    for (const message of step)
      for (const seat of this.#routes[message.type].readers) seat.waiting.push(message)
    step.length = 0
    this.#rounds()
  }

  /** An operator's command to risk, between two steps; handled at once. */
  command(command: RiskCommandReceived, at: number): void {
    const risk = this.#seats.find(({ name }) => name === 'risk')!
    this.#append(
      risk,
      output('risk.command.received', {
        aggregate_id: command.command_id,
        aggregate_version: 1,
        occurred_at: at,
        payload: command,
      }),
      null,
    )
    this.#rounds()
  }

  /** Everything needed to go on. Between two calls; never from inside a listener. */
  snapshot(): Json {
    const json: BrainJson = {
      seats: Object.fromEntries(
        this.#seats.map(({ name, nextSeq, snapshot }) => [name, { nextSeq, brain: snapshot() }]),
      ),
      marketSeq: this.#marketSeq - this.#step.length,
      step: this.#step.map(({ output: made }) => plainPayload(made)),
    }
    return json as unknown as Json
  }

  #rounds(): void {
    for (let busy = true; busy;) {
      busy = false
      for (const seat of this.#seats) {
        if (seat.waiting.length === 0) continue
        busy = true
        this.#turn(seat)
      }
    }
  }

  #turn(seat: Seat): void {
    const messages = seat.waiting
    seat.waiting = seat.spare
    seat.spare = messages
    for (const message of messages) {
      const outputs = this.#decide(seat, message)
      for (const one of outputs)
        if (one === UNHEARD_MEASURES) this.#count(seat, one.type)
        else this.#append(seat, one, message)
    }
    messages.length = 0
  }

  #decide(seat: Seat, message: TapeMessage): Output[] {
    try {
      return seat.handle(message as unknown as Message)
    } catch (cause) {
      throw new DeciderFailed(seat.name, message, cause)
    }
  }

  #append(seat: Seat, made: Output, cause: TapeMessage | null): void {
    const message = new TapeMessage(made, seat.nextSeq++, seat.from, cause)
    this.#tell(message)
    for (const reader of this.#routes[made.type].readers) reader.waiting.push(message)
  }

  /** Nobody is told, but it has its place in the sequence. */
  #count(seat: Seat, type: MessageType): void {
    seat.nextSeq++
    this.#routes[type].count++
  }

  #tell(message: TapeMessage): void {
    const route = this.#routes[message.type]
    route.count++
    for (const listener of route.listeners) listener.hear(message)
  }
}
