import {
  output,
  type AccountUpdated,
  type Fill,
  type MessageType,
  type Output,
  type PayloadOf,
  type PositionChanged,
  type Trade,
  type TradeClosed,
} from '@tapedeck/contracts'
import { isTerminal, toOrder, type InstrumentGrid, type OrderRecord } from '../order/index.ts'

const ORDER_EVENT = {
  SUBMITTED: 'execution.order.submitted',
  UNKNOWN: 'execution.order.unknown',
  ACCEPTED: 'execution.order.accepted',
  PARTIALLY_FILLED: 'execution.order.partially_filled',
  PENDING_CANCEL: 'execution.order.pending_cancel',
  FILLED: 'execution.order.filled',
  CANCELED: 'execution.order.canceled',
  REJECTED: 'execution.order.rejected',
  EXPIRED: 'execution.order.expired',
} as const

export type TradeEvent =
  | 'execution.trade.started'
  | 'execution.trade.opened'
  | 'execution.trade.protected'
  | 'execution.trade.stop_moved'
  | 'execution.trade.exit_requested'
  | 'execution.trade.abandoned'

const REASON_LENGTH_MAX = 400
/** What nearly every message leads to; one list for all of them, which nobody may change. */
const NOTHING = Object.freeze([]) as unknown as Output[]

/**
 * What execution appends, in order, with the versions of everything that is alive. A version is
 * forgotten when its aggregate is over, because its id never comes again.
 */
export class ExecutionTape {
  readonly account: string
  #versions: Map<string, number>
  #outputs: Output[] = []

  constructor(account: string, versions: readonly (readonly [string, number])[] = []) {
    this.account = account
    this.#versions = new Map(versions)
  }

  /** What was appended since the last call. */
  take(): Output[] {
    if (this.#outputs.length === 0) return NOTHING
    const outputs = this.#outputs
    this.#outputs = []
    return outputs
  }

  versions(): [string, number][] {
    return [...this.#versions]
  }

  #append<T extends MessageType>(
    type: T,
    id: string,
    at: number,
    setupId: string | null,
    payload: PayloadOf<T>,
    over = false,
  ): void {
    const key = `${type.split('.')[1]!}|${id}`
    const version = (this.#versions.get(key) ?? 0) + 1
    if (over) this.#versions.delete(key)
    else this.#versions.set(key, version)
    const about = { aggregate_id: id, aggregate_version: version, occurred_at: at, payload }
    this.#outputs.push(
      output(type, (setupId === null ? about : { ...about, correlation_id: setupId }) as never),
    )
  }

  order(
    order: OrderRecord,
    grid: InstrumentGrid,
    fill: Fill | null,
    setupId: string | null,
    at: number,
  ): void {
    if (order.status === 'INITIALIZED') return
    const payload = { ...this.#on(grid), order: toOrder(order, grid), fill }
    const over = isTerminal(order.status)
    this.#append(ORDER_EVENT[order.status], order.clientOrderId, at, setupId, payload, over)
  }

  trade(event: TradeEvent, trade: Trade, grid: InstrumentGrid, reason: string, at: number): void {
    const payload = { ...this.#on(grid), trade, reason: reason.slice(0, REASON_LENGTH_MAX) }
    const over = event === 'execution.trade.abandoned'
    this.#append(event, trade.trade_id, at, trade.setup_id, payload, over)
  }

  closed(closed: TradeClosed, at: number): void {
    const { trade_id: id, setup_id: setupId } = closed.trade
    this.#append('execution.trade.closed', id, at, setupId, closed, true)
  }

  position(
    grid: InstrumentGrid,
    state: Omit<PositionChanged, 'account' | 'venue' | 'symbol'>,
    setupId: string | null,
    at: number,
  ): void {
    const id = `${this.account}:${grid.venue}:${grid.symbol}`
    this.#append('execution.position.changed', id, at, setupId, { ...this.#on(grid), ...state })
  }

  accountUpdated(state: Omit<AccountUpdated, 'account'>): void {
    const payload = { account: this.account, ...state }
    this.#append('execution.account.updated', this.account, state.at, null, payload)
  }

  #on({ venue, symbol }: InstrumentGrid): { account: string; venue: string; symbol: string } {
    return { account: this.account, venue, symbol }
  }
}
