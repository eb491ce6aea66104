import { AckPolicy, DeliverPolicy, type JetStreamManager } from '@nats-io/jetstream'
import {
  createInbox,
  nanos,
  nuid,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node'
import { TapedeckError } from '@tapedeck/contracts'
import { rawMessage, type RawMessage } from '../raw-message.ts'
import { parseDelivery, type Delivery } from './delivery.ts'

const HEARTBEAT_MS = 2_000
const SILENCE_MS_MAX = 2.5 * HEARTBEAT_MS
const PULL_EXPIRES_MS = 30_000
/** Above the largest message that a server takes (8 MB), or that one could never be pulled. */
const PULL_BYTES = 16 * 1024 * 1024
const IDLE_CONSUMER_MS = 60_000

export type SessionOptions = {
  readonly nc: NatsConnection
  readonly jsm: JetStreamManager
  readonly stream: string
  /** Filters for the server to apply; empty: the whole stream. */
  readonly filters: readonly string[]
  /** Exclusive. */
  readonly after: number
  /** How many more messages the reader has room for. */
  readonly room: () => number
  readonly onMessage: (message: RawMessage) => void
}

/** One consumer on the server, from its creation until something makes it doubtful. */
export type PullSession = {
  /** Why it ended. Everything that it delivered before is in order and complete. */
  readonly ended: Promise<string>
  /** Matching messages that wait on the server, as of the last delivery. */
  pending(): number
  /** Asks for more if nothing is asked for and there is room. */
  pull(): void
  /** True when the server has nothing for us that has not been delivered. One request. */
  isDrained(): Promise<boolean>
  end(reason: string): void
}

const FATAL_409 = /consumer deleted|leadership change|server shutdown|stream deleted/i

/** The reader's position must lie in what the stream still holds and has ever held. */
const checkPosition = async (
  jsm: JetStreamManager,
  stream: string,
  after: number,
): Promise<void> => {
  const { state } = await jsm.streams.info(stream)
  if (state.last_seq < after) {
    throw new TapedeckError(
      'STREAM_TAIL_LOST',
      `stream ${stream} ends at ${state.last_seq}, but ${after} was read from it before`,
      { details: { stream, lastSeq: state.last_seq, after } },
    )
  }
  if (after > 0 && state.first_seq > after + 1) {
    throw new TapedeckError(
      'TAPE_FORGOTTEN',
      `stream ${stream} begins at ${state.first_seq}, but ${after + 1} is to be read next`,
      { details: { stream, firstSeq: state.first_seq, after } },
    )
  }
}

const createConsumer = async (
  options: SessionOptions,
): Promise<{ name: string; pending: number }> => {
  const { jsm, stream, filters, after } = options
  const [only] = filters
  const info = await jsm.consumers.add(stream, {
    name: `read_${nuid.next()}`,
    ack_policy: AckPolicy.None,
    deliver_policy: after === 0 ? DeliverPolicy.All : DeliverPolicy.StartSequence,
    ...(after === 0 ? {} : { opt_start_seq: after + 1 }),
    ...(filters.length === 1 && only !== undefined ? { filter_subject: only } : {}),
    ...(filters.length > 1 ? { filter_subjects: [...filters] } : {}),
    inactive_threshold: nanos(IDLE_CONSUMER_MS),
    mem_storage: true,
    num_replicas: 1,
  })
  return { name: info.name, pending: info.num_pending }
}

class Session implements PullSession {
  readonly ended: Promise<string>
  readonly #options: SessionOptions
  readonly #consumer: string
  readonly #inbox = createInbox()
  readonly #subscription: Subscription
  readonly #silence: NodeJS.Timeout
  readonly #resolve: (reason: string) => void
  #isOpen = true
  /** How many more messages the open pull may bring; 0 when none is open. */
  #asked = 0
  #delivered = 0
  #last: number
  #pending: number
  #heardAt = performance.now()

  constructor(options: SessionOptions, consumer: { name: string; pending: number }) {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.ended = promise
    this.#resolve = resolve
    this.#options = options
    this.#consumer = consumer.name
    this.#pending = consumer.pending
    this.#last = options.after
    this.#subscription = options.nc.subscribe(this.#inbox, {
      callback: (error, msg) => this.#hear(error, msg),
    })
    this.#silence = setInterval(() => this.#checkSilence(), HEARTBEAT_MS / 2)
    this.#silence.unref()
  }

  pending(): number {
    return this.#pending
  }

  pull(): void {
    const room = this.#options.room()
    if (!this.#isOpen || this.#asked > 0 || room <= 0) return
    this.#asked = room
    this.#heardAt = performance.now()
    const request = {
      batch: room,
      max_bytes: PULL_BYTES,
      expires: nanos(PULL_EXPIRES_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    }
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${this.#options.stream}.${this.#consumer}`
    this.#options.nc.publish(subject, JSON.stringify(request), { reply: this.#inbox })
  }

  async isDrained(): Promise<boolean> {
    const info = await this.#options.jsm.consumers.info(this.#options.stream, this.#consumer)
    const hasAll = info.num_pending === 0 && info.delivered.consumer_seq === this.#delivered
    return this.#isOpen && hasAll
  }

  end(reason: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    clearInterval(this.#silence)
    const { nc, jsm, stream } = this.#options
    if (!nc.isClosed()) {
      this.#subscription.unsubscribe()
      jsm.consumers.delete(stream, this.#consumer).catch(() => {
        // It removes itself when nobody pulls.
      })
    }
    this.#resolve(reason)
  }

  #hear(error: Error | null, msg: Msg): void {
    if (!this.#isOpen) return
    if (error !== null) return this.end(error.message)
    this.#heardAt = performance.now()
    const delivery = parseDelivery(msg.reply)
    if (delivery === null) this.#hearStatus(msg)
    else this.#deliver(msg, delivery)
    this.pull()
  }

  #hearStatus(msg: Msg): void {
    const { code = 0, description = '' } = msg.headers ?? {}
    if (code === 100) return
    if (code === 503 || code === 400 || (code === 409 && FATAL_409.test(description))) {
      this.end(`the server answered ${code} ${description}`)
    }
    // 404, 408 and the other 409s: this pull is over, the consumer is well.
    this.#asked = 0
  }

  #deliver(msg: Msg, { streamSeq, deliverySeq, storedAt, pending }: Delivery): void {
    if (deliverySeq !== this.#delivered + 1 || streamSeq <= this.#last) {
      return this.end(`message ${streamSeq} (delivery ${deliverySeq}) came after ${this.#last}`)
    }
    this.#last = streamSeq
    this.#delivered = deliverySeq
    this.#pending = pending
    this.#asked = Math.max(0, this.#asked - 1)
    this.#options.onMessage(
      rawMessage({
        seq: streamSeq,
        subject: msg.subject,
        bytes: msg.data,
        storedAt,
        readHeaders: () => msg.headers,
      }),
    )
  }

  #checkSilence(): void {
    const silentMs = performance.now() - this.#heardAt
    if (this.#asked > 0 && silentMs > SILENCE_MS_MAX) {
      this.end(`silent for ${Math.round(silentMs)} ms`)
    }
  }
}

/**
 * Creates a consumer that acknowledges nothing and reads in order from `after`, and pulls from it. One
 * pull is open at a time, so what is under way never exceeds the room that the reader had.
 * Throws STREAM_TAIL_LOST, TAPE_FORGOTTEN; anything else is worth another try.
 */
export const openSession = async (options: SessionOptions): Promise<PullSession> => {
  await checkPosition(options.jsm, options.stream, options.after)
  return new Session(options, await createConsumer(options))
}
