import {
  output,
  type Fill,
  type Message,
  type Output,
  type SetupEvaluated,
  type SignalApproved,
} from '@tapedeck/contracts'
import type { Decider, Json } from '../decider.ts'
import { copyJson, isOneOf } from '../message/index.ts'
import { writeReview, type ReviewInput } from './write-review.ts'

export type AnalystConfig = { readonly account: string }

type Records = Pick<ReviewInput, 'exitRequest'> & {
  fills: Fill[]
  stopMoves: { at: number; price: string; reason: string }[]
}
type State = {
  evaluations: [string, SetupEvaluated][]
  approvals: [string, SignalApproved][]
  trades: [string, Records][]
}

/** Fills arrive with these; other order events tell a review nothing. */
const FILLS = ['execution.order.partially_filled', 'execution.order.filled'] as const
/** Setups, decisions and trades that wait for their end. What is older is forgotten. */
const REMEMBERED_MAX = 200

/** A map that forgets its oldest entry beyond the bound. */
class Recent<V> {
  readonly #entries: Map<string, V>

  constructor(entries: readonly (readonly [string, V])[]) {
    this.#entries = new Map(entries)
  }

  set(id: string, value: V): void {
    this.#entries.set(id, value)
    if (this.#entries.size <= REMEMBERED_MAX) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }

  get(id: string): V | null {
    return this.#entries.get(id) ?? null
  }

  delete(id: string): void {
    this.#entries.delete(id)
  }

  clear(): void {
    this.#entries.clear()
  }

  entries(): [string, V][] {
    return [...this.#entries]
  }
}

class Analyst implements Decider {
  readonly #account: string
  readonly #evaluations: Recent<SetupEvaluated>
  readonly #approvals: Recent<SignalApproved>
  readonly #trades: Recent<Records>

  constructor(config: AnalystConfig, snapshot?: Json) {
    const state =
      snapshot === undefined
        ? { evaluations: [], approvals: [], trades: [] }
        : (copyJson(snapshot) as unknown as State)
    this.#account = config.account
    this.#evaluations = new Recent(state.evaluations)
    this.#approvals = new Recent(state.approvals)
    this.#trades = new Recent(state.trades)
  }

  snapshot(): Json {
    const state: State = {
      evaluations: this.#evaluations.entries(),
      approvals: this.#approvals.entries(),
      trades: this.#trades.entries(),
    }
    return copyJson(state)
  }

  handle(message: Message): Output[] {
    if (message.type === 'market.run.started')
      for (const kept of [this.#evaluations, this.#approvals, this.#trades]) kept.clear()
    else if (message.type === 'setup.evaluated') {
      if (message.payload.signalled)
        this.#evaluations.set(message.payload.setup_id, message.payload)
    } else if (message.type === 'risk.signal.approved') {
      if (message.payload.account === this.#account)
        this.#approvals.set(message.payload.decision_id, message.payload)
    } else return this.#onExecution(message)
    return []
  }

  #onExecution(message: Message): Output[] {
    if (isOneOf(message, FILLS)) {
      const { account, fill } = message.payload
      if (account === this.#account && fill !== null)
        this.#recordsOf(fill.trade_id).fills.push(fill)
    } else if (message.type === 'execution.trade.stop_moved') {
      const { account, trade, reason } = message.payload
      if (account === this.#account)
        this.#recordsOf(trade.trade_id).stopMoves.push({
          at: message.occurred_at,
          price: trade.stop_price,
          reason,
        })
    } else if (message.type === 'execution.trade.exit_requested') {
      const { account, trade, reason } = message.payload
      if (account !== this.#account) return []
      this.#trades.set(trade.trade_id, {
        ...this.#recordsOf(trade.trade_id),
        exitRequest: reason,
      })
    } else if (message.type === 'execution.trade.abandoned')
      this.#trades.delete(message.payload.trade.trade_id)
    else if (message.type === 'execution.trade.closed' && message.payload.account === this.#account)
      return [this.#review(message)]
    return []
  }

  #recordsOf(tradeId: string): Records {
    const known = this.#trades.get(tradeId)
    if (known !== null) return known
    const records: Records = { fills: [], stopMoves: [], exitRequest: null }
    this.#trades.set(tradeId, records)
    return records
  }

  #review(message: Message<'execution.trade.closed'>): Output {
    const closed = message.payload
    const { trade_id: tradeId, setup_id: setupId, decision_id: decisionId } = closed.trade
    const payload = writeReview(
      {
        ...this.#recordsOf(tradeId),
        evaluation: this.#evaluations.get(setupId),
        approval: this.#approvals.get(decisionId),
        closed,
      },
      message.occurred_at,
    )
    this.#trades.delete(tradeId)
    this.#evaluations.delete(setupId)
    this.#approvals.delete(decisionId)
    return output('analyst.review.written', {
      aggregate_id: payload.review_id,
      aggregate_version: 1,
      occurred_at: message.occurred_at,
      correlation_id: setupId,
      payload,
    })
  }
}

/** Writes one review for each trade that closes, from the records on the tape. */
export const createAnalystDecider = (config: AnalystConfig, snapshot?: Json): Decider =>
  new Analyst(config, snapshot)
