import { isType, output, type Message, type Output } from '@tapedeck/contracts'
import { ACCOUNT } from './execution-host.ts'
import type { Trial } from './draw-trial.ts'
import type { MemoryTape } from './memory-tape.ts'
import { SYMBOL, VENUE } from './price-path.ts'

const APPROVALS_MAX = 6
const AGAIN_MS = 5_000
const FLATTEN_EVERY_MS = 20_000

const price = (ticks: number): string => (ticks / 10).toFixed(1)

/** Risk's part, without its judgment: trading is allowed, one trade is approved, and at the end it is left. */
export class RiskHost {
  readonly #tape: MemoryTape
  readonly #trial: Trial
  #read = 0
  #version = 0
  #active = false
  #reconciled = false
  #approvals = 0
  #approveAt: number
  #flattenAt: number
  /** Trades that were started and are not over. */
  readonly open = new Set<string>()
  /** Trades that were carried out, or given up without a fill. */
  over = 0

  constructor(tape: MemoryTape, trial: Trial, start: number) {
    this.#tape = tape
    this.#trial = trial
    this.#approveAt = start + trial.approveAt
    this.#flattenAt = start + trial.flattenAt
  }

  /** Nothing more is going to be approved. */
  get isDone(): boolean {
    return this.#approveAt === Infinity
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
      this.#end(message.payload.trade.trade_id)
      if (message.payload.reason.startsWith('refused'))
        this.#approveAt = message.occurred_at + AGAIN_MS
    }
  }

  #end(tradeId: string): void {
    this.over += 1
    this.open.delete(tradeId)
  }

  /** The idea is approved at its time, once books and venue agree; again when execution refused it. */
  tick(now: number, lastTicks: number): void {
    if (
      this.#active &&
      this.#reconciled &&
      now >= this.#approveAt &&
      this.#approvals < APPROVALS_MAX
    ) {
      this.#approveAt = Infinity
      this.#approve(now, lastTicks)
    }
    if (now < this.#flattenAt || this.open.size === 0) return
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

  #approve(now: number, lastTicks: number): void {
    const { side, lots, entryAway, stopAway, targetAway } = this.#trial
    const sign = side === 'BUY' ? 1 : -1
    const entry = lastTicks - sign * entryAway
    const id = `${this.#trial.seed}-${++this.#approvals}`
    this.#append('risk.signal.approved', now, {
      account: ACCOUNT,
      venue: VENUE,
      symbol: SYMBOL,
      decision_id: `decision-${id}`,
      signal_id: `signal-${id}`,
      setup_id: `setup-${id}`,
      at: now,
      strategy: 'trend_continuation',
      side,
      grade: 'A',
      effective_grade: 'A',
      inputs: { price: {}, volatility: {}, equity: {}, system: {}, risk: {} },
      checks: [],
      calculation: '',
      order: {
        venue: VENUE,
        symbol: SYMBOL,
        side,
        quantity: (lots / 1000).toFixed(3),
        entry_price: price(entry),
        stop_price_abs: price(entry - sign * stopAway),
        target_price_abs: price(entry + sign * targetAway),
        risk_amount: ((lots * stopAway) / 10_000).toFixed(4),
        notional: ((lots * entry) / 10_000).toFixed(4),
        leverage: 1,
        expires_at: now + 5_000,
      },
    })
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
