import type { Delivery, VenueRequest, VenueResponse } from '../venue/venue-request.ts'
import { AccountInterference, type SavedAccountFaults } from './account-interference.ts'
import { arm, type ArmedFault } from './armed-fault.ts'
import { ConnectionInterference, type SavedConnectionFaults } from './connection-interference.ts'
import { cancelAct, entryAct, movesDue, triggerAct } from './exchange-interference.ts'
import type {
  CancelAct,
  ConnectionAct,
  ConnectionFacts,
  EnteringOrder,
  EntryAct,
  Outgoing,
  Payload,
  Route,
  TriggerAct,
  TriggeredOrder,
  VenueFaults,
  VenueMove,
} from './fault-hooks.ts'
import { placeOf, type FaultPlace } from './fault-place.ts'
import type { FaultPlan, PlannedFault } from './fault-plan.ts'
import type { SavedTiming } from './fault-timing.ts'
import type {
  AccountFault,
  ConnectionFault,
  Fault,
  FaultKind,
  FaultOf,
  MarketFault,
  MoveFault,
  OrderFault,
  RequestFault,
  SwitchFault,
  TriggerFault,
} from './fault.ts'
import { MarketInterference, type SavedMarketFaults } from './market-interference.ts'
import { RequestInterference, type SavedRequestFaults } from './request-interference.ts'

/** A fault engine as JSON. */
export type SavedFaults = {
  readonly seed: number
  readonly lastId: number
  readonly armed: readonly {
    readonly id: number
    readonly planned: PlannedFault
    readonly timing: SavedTiming
  }[]
  readonly counts: readonly (readonly [kind: FaultKind, count: number])[]
  readonly keysStruck: readonly (readonly [key: string, time: number])[]
  readonly keyTimes: readonly (readonly [id: number, time: number])[]
  readonly noticed: readonly number[]
  readonly requests: SavedRequestFaults
  readonly accounts: SavedAccountFaults
  readonly markets: SavedMarketFaults
  readonly connections: SavedConnectionFaults
}

/** A fault that is in force or to come, with the number by which it is removed. */
export type StandingFault = { readonly id: number; readonly planned: PlannedFault }

const HOUR = 3_600_000
/** Faults by where they act, so that what cannot be struck costs nothing. */
type Places = {
  readonly request: readonly ArmedFault<RequestFault>[]
  readonly switch: readonly ArmedFault<SwitchFault>[]
  readonly account: readonly ArmedFault<AccountFault>[]
  readonly market: readonly ArmedFault<MarketFault>[]
  readonly connection: readonly ArmedFault<ConnectionFault | FaultOf<'outage'>>[]
  readonly listenKey: readonly ArmedFault[]
  readonly trigger: readonly ArmedFault<TriggerFault>[]
  readonly order: readonly ArmedFault<OrderFault>[]
  readonly move: readonly ArmedFault<MoveFault>[]
}

const isStreamOutage = (one: ArmedFault): one is ArmedFault<FaultOf<'outage'>> =>
  one.fault.kind === 'outage' && one.fault.part === 'streams'

const placesOf = (armed: readonly ArmedFault[]): Places => {
  const at = <F extends Fault>(place: FaultPlace) =>
    armed.filter(({ fault }) => placeOf(fault.kind) === place) as unknown as ArmedFault<F>[]
  return {
    request: at('request'),
    switch: at('switch'),
    account: at('account'),
    market: at('market'),
    connection: [...at<ConnectionFault>('connection'), ...armed.filter(isStreamOutage)],
    listenKey: at('listen_key'),
    trigger: at('trigger'),
    order: at('order'),
    move: at('move'),
  }
}

/**
 * Everything that a plan lets go wrong, asked by the layers of the venue where it could. Times given must
 * not fall.
 */
export class FaultEngine implements VenueFaults {
  #seed: number
  readonly #counts = new Map<FaultKind, number>()
  readonly #requests = new RequestInterference()
  readonly #accounts = new AccountInterference()
  readonly #markets = new MarketInterference()
  readonly #connections = new ConnectionInterference()
  /** By fault and account: when a listen key was last struck. */
  readonly #keysStruck = new Map<string, number>()
  readonly #keyTimes = new Map<number, number>()
  readonly #noticed = new Set<number>()
  #armed: readonly ArmedFault[] = []
  #places: Places = placesOf([])
  #lastId = 0

  /** `startTime`: the venue's time from which the times of the plan count, ms. */
  constructor(plan: FaultPlan, startTime: number) {
    this.#seed = plan.seed
    for (const planned of plan.faults) this.add(planned, startTime)
  }

  /** Adds a fault; its times count from `from`. Returns the number by which it is removed. */
  add(planned: PlannedFault, from: number): number {
    const id = ++this.#lastId
    this.#place([...this.#armed, this.#arm(id, planned, from)])
    return id
  }

  #arm(id: number, planned: PlannedFault, from: number): ArmedFault {
    return arm(id, planned, this.#seed, from, (kind) => {
      this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    })
  }

  /** What stands, what was drawn and counted, and what is held back. */
  snapshot(): SavedFaults {
    return {
      seed: this.#seed,
      lastId: this.#lastId,
      armed: this.#armed.map(({ id, planned, timing }) => ({
        id,
        planned,
        timing: timing.snapshot(),
      })),
      counts: [...this.#counts],
      keysStruck: [...this.#keysStruck],
      keyTimes: [...this.#keyTimes],
      noticed: [...this.#noticed],
      requests: this.#requests.snapshot(),
      accounts: this.#accounts.snapshot(),
      markets: this.#markets.snapshot(),
      connections: this.#connections.snapshot(),
    }
  }

  /** In place of whatever it was made with. */
  restore(saved: SavedFaults): void {
    this.#seed = saved.seed
    this.#lastId = saved.lastId
    this.#counts.clear()
    for (const [kind, count] of saved.counts) this.#counts.set(kind, count)
    for (const [key, time] of saved.keysStruck) this.#keysStruck.set(key, time)
    for (const [id, time] of saved.keyTimes) this.#keyTimes.set(id, time)
    for (const id of saved.noticed) this.#noticed.add(id)
    this.#place(
      saved.armed.map(({ id, planned, timing }) => {
        const armed = this.#arm(id, planned, timing.origin)
        armed.timing.restore(timing)
        return armed
      }),
    )
    this.#requests.restore(saved.requests)
    this.#accounts.restore(saved.accounts)
    this.#markets.restore(saved.markets)
    this.#connections.restore(saved.connections)
  }

  /** False when no fault has the number. */
  remove(id: number): boolean {
    const left = this.#armed.filter((armed) => armed.id !== id)
    if (left.length === this.#armed.length) return false
    this.#place(left)
    return true
  }

  /** Ends every fault, of the plan and added. Counts stay. */
  clear(): void {
    this.#place([])
  }

  standing(): readonly StandingFault[] {
    return this.#armed.map(({ id, planned }) => ({ id, planned }))
  }

  injected(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  beforeRequest(request: VenueRequest, at: number): Delivery | null {
    return this.#requests.before(this.#places.request, request, at)
  }

  afterRequest(request: VenueRequest, response: VenueResponse, _at: number): Delivery {
    return this.#requests.after(request, response)
  }

  clockOffsetMs(at: number): number {
    let offset = 0
    for (const { fault, timing, id, injected } of this.#places.switch) {
      if (fault.kind === 'countdown_cancels_algo' || !timing.isOn(at)) continue
      if (!this.#noticed.has(id)) injected()
      this.#noticed.add(id)
      if (fault.kind === 'clock_offset') offset += fault.offset_ms
      if (fault.kind === 'clock_drift')
        offset += Math.trunc((timing.sinceFrom(at) * fault.ms_per_hour) / HOUR)
    }
    return offset
  }

  accountMessage(account: string, payload: Payload, at: number): readonly Outgoing[] {
    return this.#accounts.message(this.#places.account, account, payload, at)
  }

  marketMessage(stream: string, payload: Payload, at: number): readonly Outgoing[] {
    return this.#markets.message(this.#places.market, stream, payload, at)
  }

  connection(connection: ConnectionFacts, at: number): ConnectionAct {
    return this.#connections.act(this.#places.connection, connection, at)
  }

  refusesConnection(route: Route, at: number): number | null {
    return this.#connections.refusal(this.#places.connection, route, at)
  }

  expiresListenKey(account: string, at: number): boolean {
    return this.#places.listenKey.some((armed) => {
      const { id, timing, target } = armed
      if (target.accounts?.includes(account) === false) return false
      const due = timing.due(at).at(-1)
      if (due !== undefined) this.#keyTimes.set(id, due)
      const time = this.#keyTimes.get(id)
      const key = `${id} ${account}`
      if (time === undefined || this.#keysStruck.get(key) === time) return false
      this.#keysStruck.set(key, time)
      armed.injected()
      return true
    })
  }

  orderTriggered(order: TriggeredOrder, at: number): TriggerAct {
    return triggerAct(this.#places.trigger, order, at)
  }

  orderEntering(order: EnteringOrder, at: number): EntryAct {
    return entryAct(this.#places.order, order, at)
  }

  orderCancelAsked(order: EnteringOrder, at: number): CancelAct {
    return cancelAct(this.#places.order, order, at)
  }

  movesDue(at: number): readonly VenueMove[] {
    return this.#places.move.length === 0 ? [] : movesDue(this.#places.move, at)
  }

  countdownCancelsAlgo(at: number): boolean {
    const found = this.#places.switch.find(
      ({ fault, timing }) => fault.kind === 'countdown_cancels_algo' && timing.isOn(at),
    )
    found?.injected()
    return found !== undefined
  }

  #place(armed: readonly ArmedFault[]): void {
    this.#armed = armed
    this.#places = placesOf(armed)
    if (armed.every(({ fault }) => fault.kind !== 'banned')) this.#requests.liftBans()
  }
}
