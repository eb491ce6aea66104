import { isType, output, type Message, type Output } from '@tapedeck/contracts'
import { testApproval } from '@tapedeck/test-data'
import { ACCOUNT } from './account.ts'
import type { Leg, Trial } from './draw-trial.ts'
import { VENUE, instrumentOf, priceOf, quantityOf } from './instruments.ts'
import type { MemoryTape } from './memory-tape.ts'

const APPROVALS_MAX = 6
const AGAIN_MS = 5_000
const FLATTEN_EVERY_MS = 20_000

/** An idea on its way to an approval that is carried out. */
type Idea = { readonly leg: Leg; approvals: number; approveAt: number }

/** Risk's part, without its judgment: trading is allowed, each idea is approved once, and at the end all is left. */
export class RiskHost {
  readonly #tape: MemoryTape
  readonly #trial: Trial
  readonly #ideas: readonly Idea[]
  /** By approval. */
  readonly #approved = new Map<string, Idea>()
  #read = 0
  #version = 0
  #active = false
  #reconciled = false
  #flattenAt: number
  /** Trades that were started and are not over. */
  readonly open = new Set<string>()
  /** Trades that were carried out, or given up without a fill. */
  over = 0

  constructor(tape: MemoryTape, trial: Trial, start: number) {
    this.#tape = tape
    this.#trial = trial
    this.#ideas = trial.legs.map((leg) => ({ leg, approvals: 0, approveAt: start + leg.approveAt }))
    this.#flattenAt = start + trial.flattenAt
  }

  /** Nothing more is going to be approved. */
  get isDone(): boolean {
    return this.#ideas.every(({ approveAt }) => approveAt === Infinity)
  }

  pump(): boolean {
    const from = this.#read
    while (this.#read < this.#tape.length) this.#follow(this.#tape.messages[this.#read++]!)
    return this.#read > from
  }

  #follow(message: Message): void {
    if (isType(message, 'reconciler.run.completed')) {
      this.#reconciled = message.payload.clean
      if (!this.#active && message.payload.clean) this.#activate(message)
    } else if (isType(message, 'execution.trade.started'))
      this.open.add(message.payload.trade.trade_id)
    else if (isType(message, 'execution.trade.closed')) this.#end(message.payload.trade.trade_id)
    else if (isType(message, 'execution.trade.abandoned')) {
      const { trade, reason } = message.payload
      this.#end(trade.trade_id)
      const idea = this.#approved.get(trade.signal_id)
      if (reason.startsWith('refused') && idea !== undefined)
        idea.approveAt = message.occurred_at + AGAIN_MS
    }
  }

  #end(tradeId: string): void {
    this.over += 1
    this.open.delete(tradeId)
  }

  /**
   * Ideas are approved at their times, once books and venue agree; again when execution refused one. What is open
   * too long is left: `isHeld` says of what no trade explains.
   */
  tick(now: number, ticksOf: (symbol: string) => number, isHeld: () => boolean): void {
    for (const idea of this.#ideas)
      if (
        this.#active &&
        this.#reconciled &&
        now >= idea.approveAt &&
        idea.approvals < APPROVALS_MAX
      ) {
        idea.approveAt = Infinity
        this.#approve(idea, now, ticksOf(idea.leg.symbol))
      }
    if (now < this.#flattenAt || (this.open.size === 0 && !isHeld())) return
    this.#flattenAt = now + FLATTEN_EVERY_MS
    const payload = { account: ACCOUNT, at: now, reason: 'the session ends' }
    this.#append('risk.flatten.requested', now, payload)
  }

  #activate(cause: Message): void {
    this.#active = true
    const at = cause.occurred_at
    this.#append('risk.trading_state.changed', at, {
      account: ACCOUNT,
      at,
      state: 'ACTIVE',
      previous: 'HALTED',
      reason: 'reconciled',
      by: 'risk',
    })
  }

  #approve(idea: Idea, now: number, lastTicks: number): void {
    const { symbol, side, lots, entryAway, stopAway, targetAway } = idea.leg
    const instrument = instrumentOf(symbol)
    const sign = side === 'BUY' ? 1 : -1
    const entry = lastTicks - sign * entryAway
    const id = `${this.#trial.seed}-${symbol}-${++idea.approvals}`
    const price = (ticks: number): string => priceOf(instrument, ticks)
    const value = (ticks: number): string =>
      (lots * Number(instrument.lot_size) * ticks * Number(instrument.tick_size)).toFixed(4)
    this.#approved.set(`signal-${id}`, idea)
    const order = {
      quantity: quantityOf(instrument, lots),
      entry_price: price(entry),
      stop_price_abs: price(entry - sign * stopAway),
      target_price_abs: price(entry + sign * targetAway),
      risk_amount: value(stopAway),
      notional: value(entry),
      leverage: 1,
    }
    const facts = { at: now, id, account: ACCOUNT, venue: VENUE, symbol, side, order }
    this.#append('risk.signal.approved', now, testApproval(facts))
  }

  #append<T extends Output['type']>(
    type: T,
    at: number,
    payload: Extract<Output, { type: T }>['payload'],
  ): void {
    this.#version += 1
    const about = {
      aggregate_id: ACCOUNT,
      aggregate_version: this.#version,
      occurred_at: at,
      payload,
    }
    this.#tape.append('risk', [output(type, about as never)], null)
  }
}
