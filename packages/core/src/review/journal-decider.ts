import { output, type Fill, type Message, type Output } from '@tapedeck/contracts'
import type { Decider, Json } from '../decider.ts'
import { copyJson, isOneOf } from '../message/index.ts'
import { NO_FILLS, addFill, addNet, compareClosedTrade, type FillSums } from './record-trade.ts'

export type JournalConfig = { readonly account: string }

type State = { trades: [string, FillSums][]; cumulative: string }

const FILLS = ['execution.order.partially_filled', 'execution.order.filled'] as const
/** Trades whose books are open. Fills of an orphan position never close: the oldest is forgotten. */
const OPEN_MAX = 500

class Journal implements Decider {
  readonly #account: string
  readonly #trades: Map<string, FillSums>
  #cumulative: string

  constructor(config: JournalConfig, snapshot?: Json) {
    const state =
      snapshot === undefined
        ? { trades: [], cumulative: '0' }
        : (copyJson(snapshot) as unknown as State)
    this.#account = config.account
    this.#trades = new Map(state.trades)
    this.#cumulative = state.cumulative
  }

  snapshot(): Json {
    return copyJson({
      trades: [...this.#trades],
      cumulative: this.#cumulative,
    } satisfies State)
  }

  handle(message: Message): Output[] {
    if (message.type === 'market.run.started') {
      // A trade on a live venue may have begun in another run; on paper none goes on.
      this.#cumulative = '0'
    } else if (isOneOf(message, FILLS)) {
      const { account, fill } = message.payload
      if (account === this.#account && fill !== null) this.#add(fill)
    } else if (
      message.type === 'execution.trade.closed' &&
      message.payload.account === this.#account
    )
      return [this.#close(message)]
    return []
  }

  #add(fill: Fill): void {
    this.#trades.set(fill.trade_id, addFill(this.#trades.get(fill.trade_id) ?? NO_FILLS, fill))
    if (this.#trades.size <= OPEN_MAX) return
    for (const oldest of this.#trades.keys()) {
      this.#trades.delete(oldest)
      return
    }
  }

  #close(message: Message<'execution.trade.closed'>): Output {
    const closed = message.payload
    const { account, venue, symbol, trade, net_pnl: net } = closed
    const sums = this.#trades.get(trade.trade_id) ?? NO_FILLS
    this.#trades.delete(trade.trade_id)
    const about = {
      aggregate_id: trade.trade_id,
      aggregate_version: 1,
      occurred_at: message.occurred_at,
      correlation_id: trade.setup_id,
    }
    const difference = compareClosedTrade(closed, sums, message.occurred_at)
    if (difference !== null)
      return output('journal.difference.detected', { ...about, payload: difference })
    this.#cumulative = addNet(this.#cumulative, net)
    return output('journal.trade.recorded', {
      ...about,
      payload: {
        account,
        venue,
        symbol,
        trade_id: trade.trade_id,
        at: message.occurred_at,
        fills: sums.fills,
        net_pnl: net,
        cumulative_pnl: this.#cumulative,
      },
    })
  }
}

/**
 * Closes the books on each trade when the fills on the tape add up to what execution states, to the
 * last digit. When they do not, the difference is an event and the trade stays out of the sum.
 */
export const createJournalDecider = (config: JournalConfig, snapshot?: Json): Decider =>
  new Journal(config, snapshot)
