import type { RestApi } from '../binance/index.ts'
import { StreamHub, earlier, type StreamHubOptions } from '../sockets/index.ts'
import { API_PATH, ApiHub, type ApiHubOptions } from '../ws-api/index.ts'
import type { StreamConnection, StreamSink } from './stream-sink.ts'

export type VenueConnectionsOptions = StreamHubOptions &
  Pick<ApiHubOptions, 'ask' | 'shownTime'> & { readonly rest: RestApi }

const GOING_AWAY = 1001
/** Of one attempt to connect to the WebSocket API (Binance USD-M docs). */
const HANDSHAKE_WEIGHT = 5

/** All that is connected to the venue, streams and the WebSocket API, at one time. */
export class VenueConnections {
  readonly streams: StreamHub
  readonly #api: ApiHub
  readonly #rest: RestApi

  constructor(options: VenueConnectionsOptions) {
    const { rest, limits } = options
    this.#rest = rest
    this.streams = new StreamHub(options)
    this.#api = new ApiHub({
      ...options,
      rateLimits: rest.limits,
      ...(limits === undefined ? {} : { streamLimits: limits }),
    })
  }

  /** How many are open. */
  get count(): number {
    return this.streams.sessions.size + this.#api.sessions.size
  }

  /** When something is told that nothing at the exchange makes happen; null when nothing is. */
  get due(): number | null {
    return earlier(this.streams.due, this.#api.due)
  }

  advanceTo(time: number): void {
    this.streams.advanceTo(time)
    this.#api.advanceTo(time)
  }

  /** See `ServableVenue`. To the WebSocket API the attempt itself costs weight of `remote`. */
  refusal(path: string, query: string, remote: string): number | null {
    if (path !== API_PATH) return this.streams.refusal(path, query)
    const refused = this.#rest.takeWeight(remote, HANDSHAKE_WEIGHT, this.#api.time)
    return refused?.status ?? this.#api.refusal()
  }

  connect(path: string, query: string, sink: StreamSink, remote: string): StreamConnection {
    return path === API_PATH
      ? this.#api.connect(query, sink, remote)
      : this.streams.connect(path, query, sink)
  }

  /** Ends every one: `close` politely, else without a word. Returns how many. */
  cut(how: 'close' | 'terminate'): number {
    const sessions = [...this.streams.sessions, ...this.#api.sessions]
    for (const session of sessions)
      if (how === 'close') session.close(GOING_AWAY, 'the venue closes it')
      else session.terminate()
    return sessions.length
  }
}
