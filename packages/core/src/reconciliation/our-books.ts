import type { Instrument, Message, Order, PositionChanged, Trade } from '@tapedeck/contracts'
import { copyJson, isOneOf } from '../message/index.ts'
import { instrumentKey, isTerminal } from '../order/index.ts'

/** An order as the tape told it last, with where it is. */
export type BookedOrder = { readonly venue: string; readonly symbol: string; readonly order: Order }

/** A trade that is being carried out, with where it is. */
export type BookedTrade = { readonly venue: string; readonly symbol: string; readonly trade: Trade }

export type OurBooksJson = {
  startedAt: number
  instruments: Instrument[]
  live: [string, BookedOrder][]
  over: string[]
  positions: [string, PositionChanged][]
  trades: [string, BookedTrade][]
  fills: string[]
}

const ORDER_EVENTS = [
  'execution.order.submitted',
  'execution.order.unknown',
  'execution.order.accepted',
  'execution.order.partially_filled',
  'execution.order.pending_cancel',
  'execution.order.filled',
  'execution.order.canceled',
  'execution.order.rejected',
  'execution.order.expired',
] as const
const TRADE_EVENTS = [
  'execution.trade.started',
  'execution.trade.opened',
  'execution.trade.protected',
  'execution.trade.stop_moved',
  'execution.trade.exit_requested',
] as const
const TRADE_ENDS = ['execution.trade.abandoned', 'execution.trade.closed'] as const

/** Orders that are over and fills that were seen: enough to recognize what a venue may still tell. */
const REMEMBERED_MAX = 2_000

const EMPTY: OurBooksJson = {
  startedAt: 0,
  instruments: [],
  live: [],
  over: [],
  positions: [],
  trades: [],
  fills: [],
}

const bounded = (set: Set<string>, id: string): void => {
  set.add(id)
  if (set.size <= REMEMBERED_MAX) return
  for (const oldest of set) {
    set.delete(oldest)
    return
  }
}

/** What we believe: orders, positions, trades and fills, built from execution's events on the tape. */
export class OurBooks {
  readonly account: string
  /** The venue is a live one: what is open there does not end with a run. */
  readonly isRemote: boolean
  #startedAt: number
  #instruments: Instrument[]
  readonly #live: Map<string, BookedOrder>
  readonly #over: Set<string>
  readonly #positions: Map<string, PositionChanged>
  readonly #trades: Map<string, BookedTrade>
  readonly #fills: Set<string>

  constructor(account: string, json: OurBooksJson = EMPTY, isRemote = false) {
    this.account = account
    this.isRemote = isRemote
    this.#startedAt = json.startedAt
    this.#instruments = [...json.instruments]
    this.#live = new Map(json.live)
    this.#over = new Set(json.over)
    this.#positions = new Map(json.positions)
    this.#trades = new Map(json.trades)
    this.#fills = new Set(json.fills)
  }

  get startedAt(): number {
    return this.#startedAt
  }

  get instruments(): readonly Instrument[] {
    return this.#instruments
  }

  apply(message: Message): void {
    if (message.type === 'market.run.started') {
      this.#instruments = message.payload.instruments
      if (this.isRemote) return
      this.#startedAt = message.occurred_at
      for (const kept of [this.#live, this.#over, this.#positions, this.#trades, this.#fills])
        kept.clear()
      return
    }
    if (isOneOf(message, ORDER_EVENTS)) {
      const { account, venue, symbol, order, fill } = message.payload
      if (account !== this.account) return
      const id = order.client_order_id
      if (fill !== null) bounded(this.#fills, fill.fill_id)
      if (isTerminal(order.status)) {
        this.#live.delete(id)
        bounded(this.#over, id)
      } else this.#live.set(id, { venue, symbol, order })
      return
    }
    if (isOneOf(message, TRADE_EVENTS)) {
      const { account, venue, symbol, trade } = message.payload
      if (account === this.account) this.#trades.set(trade.trade_id, { venue, symbol, trade })
    } else if (isOneOf(message, TRADE_ENDS)) this.#trades.delete(message.payload.trade.trade_id)
    else if (message.type === 'execution.position.changed') {
      const { account, venue, symbol, side } = message.payload
      if (account !== this.account) return
      if (side === 'FLAT') this.#positions.delete(instrumentKey(venue, symbol))
      else this.#positions.set(instrumentKey(venue, symbol), message.payload)
    }
  }

  /** Orders that can still fill, of one instrument, oldest first. */
  ordersOf(venue: string, symbol: string): Order[] {
    return [...this.#live.values()]
      .filter((one) => one.venue === venue && one.symbol === symbol)
      .map(({ order }) => order)
  }

  /**
   * True while an exit is under way: what protects the position then stays as it is until it is flat,
   * so stops that are doubled or too small are no difference.
   */
  isClosing(venue: string, symbol: string): boolean {
    return this.ordersOf(venue, symbol).some(
      (order) => order.role === 'EXIT' || (order.reduce_only && order.filled_quantity !== '0'),
    )
  }

  positionOf(venue: string, symbol: string): PositionChanged | null {
    return this.#positions.get(instrumentKey(venue, symbol)) ?? null
  }

  tradeOf(venue: string, symbol: string): Trade | null {
    for (const one of this.#trades.values())
      if (one.venue === venue && one.symbol === symbol) return one.trade
    return null
  }

  liveOrder(clientOrderId: string): Order | null {
    return this.#live.get(clientOrderId)?.order ?? null
  }

  isOver(clientOrderId: string): boolean {
    return this.#over.has(clientOrderId)
  }

  hasFill(fillId: string): boolean {
    return this.#fills.has(fillId)
  }

  snapshot(): OurBooksJson {
    const json: OurBooksJson = {
      startedAt: this.#startedAt,
      instruments: this.#instruments,
      live: [...this.#live],
      over: [...this.#over],
      positions: [...this.#positions],
      trades: [...this.#trades],
      fills: [...this.#fills],
    }
    return copyJson(json) as unknown as OurBooksJson
  }
}
