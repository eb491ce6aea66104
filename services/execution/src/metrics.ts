import { type Message, type TradeClosed, isType } from '@tapedeck/contracts'
import { type Metrics, WATCHED_METRICS, defineMetrics } from '@tapedeck/runtime'

/** What execution measures beside the alert of an unprotected position. */
export const METRICS = defineMetrics({
  orders: {
    type: 'counter',
    name: 'tapedeck_orders_total',
    help: 'Changes of orders, by the status that they came to',
    labels: ['symbol', 'role', 'status'],
  },
  problems: {
    type: 'counter',
    name: 'tapedeck_execution_problems_total',
    help: 'Steps that the order or trade rules refused; each is in the log',
  },
  slippage: {
    type: 'histogram',
    name: 'tapedeck_fill_slippage_ratio',
    help: 'Fill price against the price that was expected, as a fraction; above 0 costs',
    labels: ['symbol', 'role'],
    buckets: [-0.0005, -0.0001, 0, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005],
  },
  tradesClosed: {
    type: 'counter',
    name: 'tapedeck_trades_closed_total',
    help: 'Trades that are over, by why they were left',
    labels: ['symbol', 'strategy', 'grade', 'exit_reason'],
  },
  tradesAbandoned: {
    type: 'counter',
    name: 'tapedeck_trades_abandoned_total',
    help: 'Trades whose entry never filled',
    labels: ['symbol', 'strategy'],
  },
  tradePnl: {
    type: 'histogram',
    name: 'tapedeck_trade_pnl_ratio',
    help: 'Net result of a trade over equity at the start of its session',
    labels: ['symbol'],
    buckets: [-0.05, -0.02, -0.01, -0.005, -0.0025, 0, 0.0025, 0.005, 0.01, 0.02, 0.05],
  },
})

/** An open position without an acknowledged stop, as rows and messages say it. */
export interface HeldPosition {
  readonly account: string
  readonly symbol: string
  readonly side: string
  readonly protected: boolean
}

/** Counts orders and trades; shows which positions stand without a stop. */
export class ExecutionMeter {
  readonly #made
  readonly #unprotected
  /** Positions that were told since the start; what a table says of them is older. */
  readonly #told = new Set<string>()
  #runId: string | null = null

  constructor(metrics: Metrics) {
    this.#made = metrics.register(METRICS)
    this.#unprotected = metrics.register(WATCHED_METRICS.execution).unprotected
  }

  /** An output, in order. */
  observe(message: Message, { isNew }: { readonly isNew: boolean }): void {
    // Positions of another run are no longer held.
    if (this.#runId !== null && this.#runId !== message.run_id) this.#unprotected.reset()
    this.#runId = message.run_id
    if (isType(message, 'execution.position.changed')) {
      this.#told.add(keyOf(message.payload))
      this.#show(message.payload)
    }
    if (!isNew) return
    if (message.type.startsWith('execution.order.')) this.#countOrder(message as OrderMessage)
    else if (isType(message, 'execution.trade.closed')) this.#countTrade(message.payload)
    else if (isType(message, 'execution.trade.abandoned')) {
      const { symbol, trade } = message.payload
      this.#made.tradesAbandoned.inc({ symbol, strategy: trade.strategy })
    }
  }

  /** A step was refused. */
  problem(): void {
    this.#made.problems.inc()
  }

  /** What the tables hold of the run in progress at the start. */
  restore(positions: readonly HeldPosition[]): void {
    for (const position of positions) if (!this.#told.has(keyOf(position))) this.#show(position)
  }

  #show(position: HeldPosition): void {
    const { account, symbol, side } = position
    const isNaked = side !== 'FLAT' && !position.protected
    this.#unprotected.set({ account, symbol }, isNaked ? 1 : 0)
  }

  #countOrder({ payload: { symbol, order, fill } }: OrderMessage): void {
    const { role, status } = order
    this.#made.orders.inc({ symbol, role, status })
    if (fill !== null && fill.slippage_percent !== null)
      this.#made.slippage.observe({ symbol, role }, fill.slippage_percent / 100)
  }

  #countTrade({ symbol, trade, exit_reason, pnl_percent }: TradeClosed): void {
    const { strategy, grade } = trade
    this.#made.tradesClosed.inc({ symbol, strategy, grade, exit_reason })
    this.#made.tradePnl.observe({ symbol }, pnl_percent / 100)
  }
}

type OrderMessage = Extract<Message, { type: `execution.order.${string}` }>

const keyOf = ({ account, symbol }: Pick<HeldPosition, 'account' | 'symbol'>): string =>
  `${account}|${symbol}`
