import { type Message, isType } from '@tapedeck/contracts'

type OrderMessage = Extract<Message, { type: `execution.order.${string}` }>
type TradeMessage = Extract<Message, { type: `execution.trade.${string}` }>
type Row = Readonly<Record<string, unknown>>

const isOrder = (message: Message): message is OrderMessage =>
  message.type.startsWith('execution.order.')
const isTrade = (message: Message): message is TradeMessage =>
  message.type.startsWith('execution.trade.')

/** Rows to write, one per key: each table's as the outputs leave it. */
export class LedgerRows {
  readonly #orders = new Map<string, Row>()
  readonly #intents = new Map<string, Row>()
  readonly #fills = new Map<string, Row>()
  readonly #trades = new Map<string, Row>()
  readonly #positions = new Map<string, Row>()
  readonly #reports = new Map<string, Row>()

  constructor(messages: Iterable<Message>) {
    for (const message of messages) {
      if (isOrder(message)) this.#order(message)
      else if (isTrade(message)) this.#trade(message)
      else if (isType(message, 'execution.position.changed')) this.#position(message)
      else if (isType(message, 'execution.venue.reported')) this.#report(message)
    }
  }

  /** Arrays of rows, in the order of the tables: order, intent, fill, trade, position, report. */
  tables(): Row[][] {
    const books = [this.#orders, this.#intents, this.#fills, this.#trades, this.#positions]
    const all = [...books, this.#reports]
    return all.map((rows) => Array.from(rows.values()))
  }

  #order(message: OrderMessage): void {
    const { account, venue, symbol, order, fill } = message.payload
    const { client_order_id, trade_id, role, status } = order
    const { run_id, occurred_at: at } = message
    const key = `${run_id} ${client_order_id}`
    const names = { run_id, client_order_id, trade_id }
    // The first intent stands: it is what was about to be sent.
    if (message.type === 'execution.order.submitted' && !this.#intents.has(key))
      this.#intents.set(key, { ...names, at, payload: order })
    this.#orders.set(key, { ...names, account, venue, symbol, role, status, at, payload: order })
    if (fill === null || this.#fills.has(`${run_id} ${fill.fill_id}`)) return
    this.#fills.set(`${run_id} ${fill.fill_id}`, {
      ...names,
      fill_id: fill.fill_id,
      at: fill.at,
      payload: fill,
    })
  }

  #trade(message: TradeMessage): void {
    const { account, venue, symbol, trade } = message.payload
    const { run_id, occurred_at: at, payload } = message
    const key = `${run_id} ${trade.trade_id}`
    this.#trades.set(key, {
      run_id,
      trade_id: trade.trade_id,
      account,
      venue,
      symbol,
      status: trade.status,
      started_at: this.#trades.get(key)?.['started_at'] ?? at,
      at,
      payload,
    })
  }

  #position(message: Message<'execution.position.changed'>): void {
    const { account, venue, symbol } = message.payload
    const { run_id, occurred_at: at } = message
    this.#positions.set(`${run_id} ${account} ${venue} ${symbol}`, {
      run_id,
      at,
      ...message.payload,
    })
  }

  #report(message: Message<'execution.venue.reported'>): void {
    const { report_id, client_order_id, symbol, report, at } = message.payload
    const { run_id, payload } = message
    this.#reports.set(`${run_id} ${report_id}`, {
      run_id,
      report_id,
      client_order_id,
      symbol,
      report,
      at,
      payload,
    })
  }
}
