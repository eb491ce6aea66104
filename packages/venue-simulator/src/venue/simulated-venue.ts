import type { MarketEvent } from '@tapedeck/core'
import { ApiKeys, ListenKeyRegistry, RestApi, namingOf } from '../binance/index.ts'
import { Exchange } from '../exchange/index.ts'
import { FaultEngine, type VenueMove } from '../faults/index.ts'
import { clientTakes, gridsOf, type MarketSource } from '../market/index.ts'
import type { ServableVenue } from '../sockets/index.ts'
import type { AccountSpec, KeySpec } from './account-spec.ts'
import { checkAccountSpec, openingOf } from './check-account-spec.ts'
import { endOfStretch } from './clock-stretch.ts'
import { CONTROL_PREFIX, ControlApi } from './control/index.ts'
import { faultHooksOf } from './fault-hooks-of.ts'
import { listedInstruments } from './listed-instruments.ts'
import { makeMove } from './make-move.ts'
import { VENUE_STATE_VERSION, checkSavedVenue, type SavedVenue } from './saved-venue.ts'
import type { StreamConnection, StreamSink } from './stream-sink.ts'
import type { SimulatedVenueOptions } from './venue-options.ts'
import { VenueConnections } from './venue-connections.ts'
import type { VenuePace } from './venue-pace.ts'
import type { Delivery, VenueRequest, VenueResponse } from './venue-request.ts'

const NO_FAULTS = { name: 'none', seed: 1, faults: [] }

/**
 * A whole venue in one's hand: REST, streams, matching, accounts, faults and a clock that is moved from
 * outside. Synchronous and deterministic: the same calls give the same answers and frames.
 */
export class SimulatedVenue implements ServableVenue {
  /** What goes wrong, when, and how often it did. */
  readonly faults: FaultEngine
  /** The exchange inside: for tests and the control interface. Call `settle` after changing it. */
  readonly exchange: Exchange
  readonly listenKeys: ListenKeyRegistry
  readonly pace: VenuePace = { speed: 1, isPaused: false, stepTo: null }
  readonly source: MarketSource | null
  readonly #keys = new ApiKeys()
  readonly #rest: RestApi
  readonly #connections: VenueConnections
  readonly #control: ControlApi
  readonly #grids: ReturnType<typeof gridsOf>
  readonly #seed: number

  /** `saved`: what `snapshot` gave; see `restore`. */
  constructor(options: SimulatedVenueOptions, saved: SavedVenue | null = null) {
    const { source, seed = 1 } = options
    if (saved !== null) checkSavedVenue(saved, seed)
    const startTime = saved?.exchange.now ?? options.startTime ?? source?.startTime
    if (startTime === undefined)
      throw new RangeError('startTime: expected milliseconds, as there is no market source')
    this.#seed = seed
    this.source = source ?? null
    this.faults = new FaultEngine(options.faultPlan ?? NO_FAULTS, startTime)
    const hooks = faultHooksOf(this.faults, () => exchange.time)
    const exchange: Exchange =
      saved === null
        ? new Exchange({
            ...options,
            instruments: listedInstruments(options),
            seed,
            startTime,
            hooks,
          })
        : Exchange.restore(saved.exchange, hooks)
    const instruments = exchange.instruments()
    this.exchange = exchange
    this.listenKeys = new ListenKeyRegistry(seed)
    this.#rest = new RestApi({
      ...options,
      exchange,
      keys: this.#keys,
      listenKeys: this.listenKeys,
    })
    this.#connections = new VenueConnections({
      symbols: instruments.map(({ symbol }) => symbol),
      view: exchange,
      listenKeys: this.listenKeys,
      startTime,
      faults: this.faults,
      rest: this.#rest,
      ask: (request) => this.request(request),
      shownTime: () => this.shownTime,
      ...namingOf(exchange),
      ...(options.streamLimits === undefined ? {} : { limits: options.streamLimits }),
    })
    this.#grids = gridsOf(instruments)
    this.#control = new ControlApi(this, options.controlToken ?? null)
    if (saved === null) this.#pull(startTime)
    else this.#resume(saved)
  }

  /**
   * A venue that goes on where another one of the same options stood: the same calls give the same answers,
   * and the same frames on connections made from then on. The source must stand where that one's did. Throws
   * a RangeError on what this version did not save, and on a state of another seed.
   */
  static restore(saved: SavedVenue, options: SimulatedVenueOptions): SimulatedVenue {
    return new SimulatedVenue(options, saved)
  }

  /** All that the venue is between two calls, secrets of keys included. */
  snapshot(): SavedVenue {
    return {
      version: VENUE_STATE_VERSION,
      seed: this.#seed,
      exchange: this.exchange.snapshot(),
      keys: this.#keys.snapshot(),
      listenKeys: this.listenKeys.snapshot(),
      limits: this.#rest.snapshot(),
      faults: this.faults.snapshot(),
      streams: this.#connections.streams.snapshot(),
      source: this.source?.snapshot?.() ?? null,
    }
  }

  #resume(saved: SavedVenue): void {
    for (const key of saved.keys) this.#keys.add(key)
    this.listenKeys.restore(saved.listenKeys)
    this.#rest.restore(saved.limits)
    this.faults.restore(saved.faults)
    this.#connections.streams.restore(saved.streams)
  }

  /** The venue's clock, ms. */
  get time(): number {
    return this.exchange.time
  }

  /** The clock as clients see it: a fault may set it wrong. */
  get shownTime(): number {
    return this.time + this.faults.clockOffsetMs(this.time)
  }

  /** Open connections, of streams and of the WebSocket API. */
  get connections(): number {
    return this.#connections.count
  }

  /** Throws a RangeError when the account or the key exists, or the balance is no decimal from 0. */
  addAccount(spec: AccountSpec): void {
    checkAccountSpec(this.exchange, spec)
    this.#keys.add(spec)
    this.exchange.openAccount(spec.account, openingOf(spec))
    this.settle()
  }

  /** Throws a RangeError when the account does not exist or the key does. */
  addKey(spec: KeySpec): void {
    if (!this.exchange.hasAccount(spec.account))
      throw new RangeError(`account ${spec.account}: does not exist`)
    this.#keys.add(spec)
  }

  hasKey(apiKey: string): boolean {
    return this.#keys.has(apiKey)
  }

  /** Deletes a key: its requests are refused from now on, its sessions revoked. False when the account has none such. */
  removeKey(account: string, apiKey: string): boolean {
    return this.#keys.remove(account, apiKey)
  }

  /**
   * Everything that happens up to `time` happens, in its order: however far one call goes, the same is told.
   * Times before the clock are ignored. Moves of a fault plan wait for the next tenth of a second where there
   * is a source, else for the end of the call.
   */
  advanceTo(time: number): void {
    while (this.time < time) {
      const tenth = endOfStretch(this.time, this.source)
      const end = this.source === null ? time : Math.min(time, tenth)
      this.#pull(end)
      this.#passTo(end)
      if (this.source === null || end === tenth)
        for (const move of this.faults.movesDue(end)) this.move(move)
    }
  }

  /**
   * Market events pushed from outside, oldest first, beside or instead of a source. The clock moves to the
   * time of each; what is older than the clock happens now.
   */
  applyMarket(events: readonly MarketEvent[]): void {
    for (const event of events) this.#apply(event)
  }

  /** A request of a client; one to `/sim/v1/...` goes to `control`. Never throws for what is sent. */
  request(request: VenueRequest): Delivery {
    if (request.path.startsWith(`${CONTROL_PREFIX}/`))
      return { kind: 'answer', response: this.control(request), delayMs: 0 }
    const at = this.time
    const instead = this.faults.beforeRequest(request, at)
    if (instead !== null) return instead
    const response = this.#rest.handle(request, { time: at, shown: this.shownTime })
    this.settle()
    return this.faults.afterRequest(request, response, at)
  }

  /** A request to `/sim/v1/...` (docs/venue-simulator.md). Meets no faults and no limits. */
  control(request: VenueRequest): VenueResponse {
    return this.#control.handle(request)
  }

  refusesConnection(path: string, query: string, remote = ''): number | null {
    return this.#connections.refusal(path, query, remote)
  }

  connect(path: string, query: string, sink: StreamSink, remote = ''): StreamConnection {
    return this.#connections.connect(path, query, sink, remote)
  }

  /** Makes something happen now that nobody asked the venue for. */
  move(move: VenueMove): ReturnType<typeof makeMove> {
    const results = makeMove(this.exchange, move)
    this.settle()
    return results
  }

  /** Ends the listen key of an account as its hour would. False when it has none. */
  expireListenKey(account: string): boolean {
    const ended = this.listenKeys.close(account)
    if (ended !== null) this.#connections.streams.expireListenKey(ended.listenKey)
    return ended !== null
  }

  /** Cuts every connection, of streams and of the WebSocket API: `close` politely, else without a word. Returns how many. */
  cutStreams(how: 'close' | 'terminate'): number {
    return this.#connections.cut(how)
  }

  /** Tells streams and source what the exchange did since. Needed after `exchange` was used directly. */
  settle(): void {
    const events = this.exchange.takeEvents()
    if (events.length === 0) return
    this.#rest.tell(events)
    this.#connections.streams.tell(events)
    if (this.source === null) return
    for (const take of clientTakes(events, this.#grids)) this.source.taken(take)
  }

  #pull(time: number): void {
    for (const event of this.source?.advanceTo(time) ?? []) this.#apply(event)
  }

  /** One market event, after everything that was due before it. */
  #apply(event: MarketEvent): void {
    const time = timeOf(event)
    if (time !== null && time > this.time) this.#passTo(time)
    this.exchange.applyMarket(event)
    this.settle()
  }

  /** Time passes: listen keys end at their own time. */
  #passTo(time: number): void {
    for (let { due } = this.listenKeys; due !== null && due <= time; due = this.listenKeys.due) {
      this.#runTo(due)
      for (const { listenKey } of this.listenKeys.expire(due))
        this.#connections.streams.expireListenKey(listenKey)
    }
    this.#runTo(time)
  }

  /** What streams tell at a time comes before what happens at it, and shows nothing of that. */
  #runTo(time: number): void {
    for (
      let { due } = this.#connections;
      due !== null && due <= time;
      due = this.#connections.due
    ) {
      this.exchange.advanceTo(due - 1)
      this.settle()
      this.#connections.advanceTo(due)
    }
    this.exchange.advanceTo(time)
    this.settle()
    this.#connections.advanceTo(time)
  }
}

const timeOf = (event: MarketEvent): number | null => ('time' in event ? event.time : null)
