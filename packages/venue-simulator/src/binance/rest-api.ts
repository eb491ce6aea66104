import type { Exchange, ExchangeEvent } from '../exchange/index.ts'
import type { VenueRequest, VenueResponse } from '../venue/venue-request.ts'
import { apiCall } from './api-calls.ts'
import { API_ERRORS, ApiError } from './api-error.ts'
import type { ApiKeys } from './api-keys.ts'
import { authenticate } from './authenticate.ts'
import { PriceHistory, type SavedPriceHistory } from './history/index.ts'
import type { ListenKeyRegistry } from './listen-key-registry.ts'
import { OrderLimiter, type OrderLimits, type SavedOrderCounts } from './order-limiter.ts'
import { Parameters } from './parameters.ts'
import { readParameters } from './read-parameters.ts'
import type { Answer, Route } from './route.ts'
import { ROUTES } from './routes/index.ts'
import { WeightLimiter, type SavedWeights } from './weight-limiter.ts'

export type RestApiOptions = {
  readonly exchange: Exchange
  readonly keys: ApiKeys
  readonly listenKeys: ListenKeyRegistry
  /** Request weight by minute and address; 2400 when left out. */
  readonly weightLimit?: number
  readonly orderLimits?: OrderLimits
}

export type SavedLimits = {
  readonly weights: SavedWeights
  readonly orders: SavedOrderCounts
  readonly history: SavedPriceHistory
}

/** The venue's clock: as limits count it, and as it is shown to clients. */
export type Clocks = { readonly time: number; readonly shown: number }

const BY_NAME: ReadonlyMap<string, Route> = new Map(
  ROUTES.map((route) => [`${route.method} ${route.path}`, route]),
)
const WEIGHT_OF_UNKNOWN = 1
const NO_PARAMETERS = new Parameters(new Map())

type Headers = Record<string, string>

const routeOf = ({ method, path, call }: VenueRequest): Route | undefined =>
  call === undefined ? BY_NAME.get(`${method} ${path}`) : apiCall(call.method)

const unknown = ({ method, path, call }: VenueRequest): ApiError =>
  call === undefined ? API_ERRORS.unknownPath(path, method) : API_ERRORS.unknownMethod(call.method)

/**
 * The REST interface, and what the WebSocket API asks of it: a request in, an answer out. Never throws; what
 * it refuses is an answer too.
 */
export class RestApi {
  readonly #options: RestApiOptions
  readonly #weights: WeightLimiter
  readonly #orders: OrderLimiter
  readonly #history = new PriceHistory()

  constructor(options: RestApiOptions) {
    this.#options = options
    this.#weights = new WeightLimiter(options.weightLimit)
    this.#orders = new OrderLimiter(options.orderLimits)
  }

  /** What an address and an account may use, as answers on the WebSocket API tell it. */
  get limits(): { readonly weight: number; readonly orders: OrderLimits } {
    return { weight: this.#weights.limit, orders: this.#orders.limits }
  }

  /** What was used of them, and what was told. */
  snapshot(): SavedLimits {
    return {
      weights: this.#weights.snapshot(),
      orders: this.#orders.snapshot(),
      history: this.#history.snapshot(),
    }
  }

  restore({ weights, orders, history }: SavedLimits): void {
    this.#weights.restore(weights)
    this.#orders.restore(orders)
    this.#history.restore(history)
  }

  /** Counts what costs weight without a request: a handshake. Null, or why the address is turned away. */
  takeWeight(remote: string, weight: number, time: number): ApiError | null {
    try {
      this.#weights.take(remote, weight, time)
      return null
    } catch (error) {
      if (error instanceof ApiError) return error
      throw error
    }
  }

  /** What the exchange told: candles of marks are made of it. */
  tell(events: readonly ExchangeEvent[]): void {
    this.#history.tell(events, this.#options.exchange)
  }

  handle(request: VenueRequest, clocks: Clocks): VenueResponse {
    const headers: Headers = {}
    const [status, answer] = this.#attempt(request, clocks, headers)
    return {
      status,
      headers: {
        'content-type': 'application/json;charset=UTF-8',
        'x-mbx-used-weight-1m': String(this.#weights.used(request.remote, clocks.time)),
        ...headers,
      },
      body: JSON.stringify(answer),
    }
  }

  #attempt(request: VenueRequest, clocks: Clocks, headers: Headers): [number, Answer] {
    try {
      return [200, this.#answer(request, clocks, headers)]
    } catch (error) {
      if (error instanceof ApiError) return [error.status, error.toJson()]
      throw error
    }
  }

  #answer(request: VenueRequest, { time, shown }: Clocks, headers: Headers): Answer {
    const { exchange, keys, listenKeys } = this.#options
    const route = routeOf(request)
    const problem = request.call?.problem ?? null
    const read = problem ?? readOrError(request)
    this.#weights.take(request.remote, weightOf(route, read), time)
    if (problem !== null) throw problem
    if (route === undefined) throw unknown(request)
    if (route.isFunding === true) this.#weights.takeFunding(request.remote, time)
    if (read instanceof ApiError) throw read
    const key = authenticate(request, read, { access: route.access, keys, time: shown })
    const account = key?.account ?? ''
    if (route.orders !== undefined) {
      this.#orders.take(account, route.orders, time)
      const { tenSeconds, minute } = this.#orders.used(account, time)
      headers['x-mbx-order-count-10s'] = String(tenSeconds)
      headers['x-mbx-order-count-1m'] = String(minute)
    }
    return route.answer({
      exchange,
      parameters: read,
      time: shown,
      now: time,
      account,
      key,
      connection: request.call?.connection ?? null,
      listenKeys,
      history: this.#history,
      orderLimiter: this.#orders,
      weightLimit: this.#weights.limit,
    })
  }
}

/** Parameters, or why they cannot be read: said only after limits and path were looked at. */
const readOrError = (request: VenueRequest): Parameters | ApiError => {
  try {
    return new Parameters(readParameters(request))
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

const weightOf = (route: Route | undefined, read: Parameters | ApiError): number => {
  if (route === undefined) return WEIGHT_OF_UNKNOWN
  if (typeof route.weight === 'number') return route.weight
  return route.weight(read instanceof ApiError ? NO_PARAMETERS : read)
}
