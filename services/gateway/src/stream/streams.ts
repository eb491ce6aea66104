import { TapedeckError } from '@tapedeck/contracts'
import { type Authenticator, defineMetrics } from '@tapedeck/runtime'
import { answerWithin } from '../answer-within.ts'
import type { Context } from '../context.ts'
import type { FrameBuffer } from './frame-buffer.ts'
import { TapeStream } from './tape-stream.ts'
import { subjectsOf, typesOf } from './topics.ts'

export const STREAM_METRICS = defineMetrics({
  open: {
    type: 'gauge',
    name: 'tapedeck_stream_clients',
    help: 'Event streams that are open',
  },
  events: {
    type: 'counter',
    name: 'tapedeck_stream_events_total',
    help: 'Messages of the tape sent as events, over all streams',
  },
})

export interface StreamRequest {
  readonly caller: string
  readonly credential: string
  readonly topics: string | undefined
  readonly symbol: string | undefined
  /** Where to go on; null begins with what comes next. */
  readonly after: number | null
}

/** The open event streams. */
export interface Streams {
  /** The body of an answer. Throws `VALIDATION_FAILED`, `RATE_LIMITED`, `NATS_UNREACHABLE`. */
  open(request: StreamRequest): Promise<FrameBuffer>
  /** Ends all with a last event. */
  stop(): Promise<void>
}

const RETRY_MS = 5_000

class OpenStreams implements Streams {
  readonly #context: Context
  readonly #authenticate: Authenticator
  readonly #open = new Map<TapeStream, string>()
  /** Streams that are being opened count too, or many at once would slip through. */
  readonly #opening: string[] = []
  readonly #measures: ReturnType<typeof measuresOf>
  #hasStopped = false

  constructor(context: Context, authenticate: Authenticator) {
    this.#context = context
    this.#authenticate = authenticate
    this.#measures = measuresOf(context)
  }

  async open(request: StreamRequest): Promise<FrameBuffer> {
    const types = typesOf(request.topics)
    this.#admit(request.caller)
    this.#opening.push(request.caller)
    try {
      const after = request.after ?? (await this.#end())
      return this.#start({ ...request, after }, types).body
    } finally {
      this.#opening.splice(this.#opening.indexOf(request.caller), 1)
    }
  }

  #start(
    request: StreamRequest & { readonly after: number },
    types: ReturnType<typeof typesOf>,
  ): TapeStream {
    if (this.#hasStopped) throw new TapedeckError('NOT_READY', 'The service is stopping')
    const { after, symbol, credential, caller } = request
    const stream = new TapeStream(this.#context, {
      after,
      symbol,
      subjects: subjectsOf(types, symbol),
      hello: { after, topics: types, symbol: symbol ?? null },
      checkCredential: async () => await this.#authenticate(credential),
      onEvent: () => this.#measures.events.inc(),
    })
    this.#open.set(stream, caller)
    this.#measures.open.set(this.#open.size)
    stream.body.once('close', () => {
      this.#open.delete(stream)
      this.#measures.open.set(this.#open.size)
    })
    return stream
  }

  async stop(): Promise<void> {
    this.#hasStopped = true
    await Promise.all([...this.#open.keys()].map(async (stream) => await stream.end('stopping')))
  }

  #admit(caller: string): void {
    const { TAPEDECK_STREAMS_MAX: inAll, TAPEDECK_STREAMS_PER_CALLER_MAX: each } =
      this.#context.config
    const callers = [...this.#open.values(), ...this.#opening]
    const own = callers.filter((other) => other === caller).length
    if (callers.length < inAll && own < each) return
    const detail =
      own >= each
        ? `${own} event streams are open with this credential`
        : `${callers.length} event streams are open`
    throw new TapedeckError('RATE_LIMITED', `${detail}, and no more are allowed`, {
      details: { retry_after_ms: RETRY_MS, policy: 'stream' },
    })
  }

  async #end(): Promise<number> {
    const { clock, bus } = this.#context
    const last = await answerWithin(clock, RETRY_MS, bus.tape.lastSeq())
    if (last === null) throw new TapedeckError('NATS_UNREACHABLE', 'The tape does not answer')
    return last
  }
}

const measuresOf = (context: Context) => context.metrics.register(STREAM_METRICS)

/** None open yet. `authenticate` is asked again and again, so that a stream ends with its credential. */
export const createStreams = (context: Context, authenticate: Authenticator): Streams =>
  new OpenStreams(context, authenticate)
