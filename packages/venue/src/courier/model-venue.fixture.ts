import type { OrderStatus } from '@tapedeck/contracts'
import type { VenueFill, VenueOrder } from '@tapedeck/core'
import {
  known,
  unknown,
  type AccountListener,
  type AccountStream,
  type CancelAnswer,
  type CancelRequest,
  type FoundOrder,
  type FundingPayment,
  type OrderAnswer,
  type OrderRequest,
  type OrderStep,
  type VenueTrading,
  type VenueResult,
} from '../port/index.ts'
import { sleep } from './sleep.ts'
import type { TestClock } from './test-clock.fixture.ts'

/** `before`: lost on the way there. `after`: done, and the answer is lost. A code: refused with it. */
export type Fate =
  | 'ok'
  | 'before'
  | 'after'
  | { readonly code: string; readonly retry?: boolean; readonly retryInMs?: number }

type Held = {
  readonly request: OrderRequest
  readonly venueOrderId: string
  status: OrderStatus
  filled: number
  fills: VenueFill[]
}

const open = (status: OrderStatus): boolean =>
  status === 'ACCEPTED' || status === 'PARTIALLY_FILLED'

/** A venue with whole quantities that does what the test says, and writes down what it was asked. */
export class ModelVenue implements VenueTrading {
  readonly venue = 'model'
  readonly calls: string[] = []
  readonly orders = new Map<string, Held>()
  fundings: FundingPayment[] = []
  /** What becomes of the nth call (from 0) of a method. */
  fate: (method: string, nth: number, id: string) => Fate = () => 'ok'
  /** How long an answer takes. */
  latencyMs = 10
  /** How long a request that was lost to its sender is on its way, before it arrives after all. */
  lateMs: number | null = null
  aheadMs = 0
  streamUp = true
  /** Conditional, stuck as they trigger: listed as open, and not to be canceled. */
  readonly stuck = new Set<string>()
  /** Conditional, triggered: the market orders that they became are open, and fill no further. */
  readonly triggered = new Set<string>()
  /** Whether accepted and ended orders are told on the stream as they are answered. */
  tells = true
  readonly #clock: TestClock
  readonly #counts = new Map<string, number>()
  #listener: AccountListener | null = null
  #number = 0

  constructor(clock: TestClock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now() + this.aheadMs
  }

  async #ask<T>(method: string, id: string, act: () => VenueResult<T>): Promise<VenueResult<T>> {
    this.calls.push(`${method} ${id}`.trim())
    const nth = this.#counts.get(method) ?? 0
    this.#counts.set(method, nth + 1)
    const fate = this.fate(method, nth, id)
    await sleep(this.#clock, this.latencyMs)
    if (fate === 'before') {
      if (this.lateMs !== null) this.#clock.after(this.lateMs, act)
      return unknown('no answer')
    }
    if (typeof fate === 'object') {
      // Questions are not refused as orders are: what is no answer to them is unknown.
      if (method !== 'submit' && method !== 'cancel') return unknown(`refused with ${fate.code}`)
      const next = fate.retry === true ? 'retry' : 'stop'
      const later = fate.retryInMs === undefined ? {} : { retryInMs: fate.retryInMs }
      const told = { code: fate.code, reason: `refused with ${fate.code}`, ...later }
      return known({ accepted: false, canceled: false, gone: false, next, ...told } as T)
    }
    const answer = act()
    return fate === 'after' ? unknown('the answer was lost') : answer
  }

  serverTime(): Promise<VenueResult<number>> {
    return this.#ask('serverTime', '', () => known(this.now()))
  }

  submitOrder(request: OrderRequest): Promise<VenueResult<OrderAnswer>> {
    return this.#ask('submit', request.clientOrderId, () => {
      if (this.orders.has(request.clientOrderId))
        throw new Error(`sent twice: ${request.clientOrderId}`)
      this.#number += 1
      const held: Held = {
        request,
        venueOrderId: String(this.#number),
        status: 'ACCEPTED',
        filled: 0,
        fills: [],
      }
      this.orders.set(request.clientOrderId, held)
      if (this.tells) this.tell(request.clientOrderId, 'accepted')
      return known({ accepted: true, venueOrderId: held.venueOrderId, at: this.now() })
    })
  }

  cancelOrder(request: CancelRequest): Promise<VenueResult<CancelAnswer>> {
    return this.#ask<CancelAnswer>('cancel', request.clientOrderId, () => {
      const held = this.orders.get(request.clientOrderId)
      if (held === undefined || !open(held.status) || this.stuck.has(request.clientOrderId))
        return known({ canceled: false, gone: true, reason: 'Unknown order sent.' })
      held.status = 'CANCELED'
      if (this.tells) this.tell(request.clientOrderId, 'canceled')
      return known({ canceled: true, at: this.now() })
    })
  }

  openOrders(): Promise<VenueResult<readonly VenueOrder[]>> {
    return this.#ask('openOrders', '', () =>
      known(
        [...this.orders.keys()]
          .filter((id) => open(this.#held(id).status))
          .map((id) => this.#row(id)),
      ),
    )
  }

  fills(symbol: string, since: number): Promise<VenueResult<readonly VenueFill[]>> {
    return this.#ask('fills', '', () =>
      known(
        [...this.orders.values()]
          .flatMap(({ fills }) => fills)
          .filter((fill) => fill.symbol === symbol && fill.at >= since),
      ),
    )
  }

  funding(symbol: string, since: number): Promise<VenueResult<readonly FundingPayment[]>> {
    return this.#ask('funding', '', () =>
      known(this.fundings.filter((one) => one.symbol === symbol && one.at >= since)),
    )
  }

  findOrder(_symbol: string, id: string): Promise<VenueResult<FoundOrder | null>> {
    return this.#ask('find', id, () => {
      const held = this.orders.get(id)
      if (held === undefined) return known(null)
      return known({ ...this.#row(id), status: held.status, reason: null, at: this.now() })
    })
  }

  openAccountStream(listener: AccountListener): AccountStream {
    this.#listener = listener
    if (this.streamUp) listener({ kind: 'stream', state: 'up', detail: 'test' })
    return {
      stop: () => {
        this.#listener = null
        return Promise.resolve()
      },
    }
  }

  /** The stream ends, or comes back. */
  turnStream(up: boolean): void {
    this.streamUp = up
    this.#listener?.({ kind: 'stream', state: up ? 'up' : 'down', detail: 'test' })
  }

  /** An order fills in part or in whole. */
  fill(id: string, quantity: number, told = true): VenueFill {
    const held = this.#held(id)
    held.filled += quantity
    held.status = held.filled >= Number(held.request.quantity) ? 'FILLED' : 'PARTIALLY_FILLED'
    this.#number += 1
    const fill: VenueFill = {
      venue: 'model',
      symbol: held.request.symbol,
      fillId: `${held.request.symbol}-${this.#number}`,
      clientOrderId: id,
      side: held.request.side,
      quantity: String(quantity),
      price: '100',
      fee: '0.1',
      feeAsset: 'USDT',
      liquidity: 'TAKER',
      at: this.now(),
    }
    held.fills.push(fill)
    if (told) this.tell(id, 'filled', fill)
    return fill
  }

  end(id: string, status: 'CANCELED' | 'EXPIRED' | 'REJECTED', told = true): void {
    this.#held(id).status = status
    if (told)
      this.tell(
        id,
        status === 'CANCELED' ? 'canceled' : status === 'EXPIRED' ? 'expired' : 'rejected',
      )
  }

  /** An event of the stream about an order as it stands. */
  tell(id: string, step: OrderStep, fill: VenueFill | null = null): void {
    const { request, venueOrderId, filled } = this.#held(id)
    if (!this.streamUp) return
    this.#listener?.({
      kind: 'order',
      step,
      symbol: request.symbol,
      clientOrderId: id,
      venueOrderId,
      conditional: request.stopPrice !== null,
      quantity: request.quantity,
      filledQuantity: String(filled),
      fill,
      reason: null,
      at: this.now(),
    })
  }

  pay(symbol: string, amount: string, told: boolean): void {
    const at = this.now()
    this.fundings.push({ symbol, amount, at })
    if (told && this.streamUp)
      this.#listener?.({
        kind: 'balance',
        cause: 'FUNDING_FEE',
        balances: [],
        change: amount,
        positions: [],
        symbol,
        at,
      })
  }

  /** A change of balance by a cause that nobody has heard of. */
  payUnknown(): void {
    const nothing = { balances: [], positions: [], change: null, symbol: null }
    this.#listener?.({ kind: 'balance', cause: 'SOMETHING_NEW', ...nothing, at: this.now() })
  }

  /** An event that nobody has heard of. */
  tellUnknown(): void {
    this.#listener?.({ kind: 'unknown', detail: 'event "SOMETHING_NEW"' })
  }

  #held(id: string): Held {
    const held = this.orders.get(id)
    if (held === undefined) throw new Error(`no order ${id}`)
    return held
  }

  #row(id: string): VenueOrder {
    const { request, venueOrderId, filled } = this.#held(id)
    return {
      venue: 'model',
      symbol: request.symbol,
      clientOrderId: id,
      venueOrderId,
      side: request.side,
      type: this.triggered.has(id) ? 'MARKET' : request.type,
      conditional: request.stopPrice !== null && !this.triggered.has(id),
      quantity: request.quantity,
      filledQuantity: String(filled),
      price: request.price,
      stopPrice: this.triggered.has(id) ? null : request.stopPrice,
      reduceOnly: request.reduceOnly,
      ...(this.stuck.has(id) ? { triggering: true } : {}),
    }
  }

  instruments(): Promise<VenueResult<ReadonlyMap<string, never>>> {
    return this.#ask('instruments', '', () => known(new Map<string, never>()))
  }
  positions(): Promise<VenueResult<readonly never[]>> {
    return this.#ask('positions', '', () => known([]))
  }
  balances(): Promise<VenueResult<readonly never[]>> {
    return this.#ask('balances', '', () => known([]))
  }
  prepareAccount(): Promise<VenueResult<{ readonly problems: readonly string[] }>> {
    return this.#ask('prepareAccount', '', () => known({ problems: [] }))
  }
  cancelAllOrders(): Promise<VenueResult<{ readonly canceled: true }>> {
    return this.#ask('cancelAll', '', () => known({ canceled: true }))
  }
  close(): Promise<void> {
    return Promise.resolve()
  }
}
