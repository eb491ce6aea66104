import type { Message, MessageType, TradeClosed } from '@tapedeck/contracts'
import { sessionOf, type ClosedTrade, type EquityPoint } from '@tapedeck/core'
import type { Listener } from './brain.ts'
import type { TapeMessage } from './tape-message.ts'

const EQUITY_EVERY_MS = 60_000

const HEARD = [
  'execution.trade.closed',
  'execution.account.updated',
  'risk.signal.approved',
  'risk.signal.denied',
  'setup.evaluated',
] as const satisfies readonly MessageType[]
type Heard = { [K in (typeof HEARD)[number]]: TapeMessage<K> }[(typeof HEARD)[number]]

/** A finished trade as statistics see it. `sessionStartUtc`: when sessions begin, HH:MM. */
export const toClosedTrade = (closed: TradeClosed, sessionStartUtc: string): ClosedTrade => {
  const { trade } = closed
  const enteredAt = trade.opened_at ?? closed.closed_at
  return {
    trade_id: trade.trade_id,
    symbol: closed.symbol,
    strategy: trade.strategy,
    side: trade.side === 'BUY' ? 'LONG' : 'SHORT',
    grade: trade.grade,
    exit_reason: closed.exit_reason,
    session: sessionOf(enteredAt, sessionStartUtc).id,
    entered_at: enteredAt,
    exited_at: closed.closed_at,
    quantity: Number(trade.quantity),
    entry_price: Number(trade.entry_price ?? trade.planned_entry_price),
    exit_price: Number(closed.exit_price),
    fees: Number(closed.fees),
    funding: Number(closed.funding),
    net_pnl: Number(closed.net_pnl),
    r: closed.r_multiple,
    // The message tells it as a positive number; statistics count against as below 0.
    mae_r: 0 - closed.max_adverse_r,
    mfe_r: closed.max_favorable_r,
  }
}

/** What a backtest is judged by, gathered from the tape while it is made. Bounded by minutes and trades. */
export class ResultCollector implements Listener {
  readonly types = HEARD
  readonly trades: ClosedTrade[] = []
  readonly equity: EquityPoint[] = []
  readonly #sessionStartUtc: string
  readonly #counts = new Map<string, number>()
  /** Nothing before this counts: a run begins at 0, before its market tells a time. */
  #from = 1
  /** The account as it was told last, and whether a trade has closed since the curve's last point. */
  #account: EquityPoint | null = null
  #hasClosed = false

  constructor(sessionStartUtc: string) {
    this.#sessionStartUtc = sessionStartUtc
  }

  /** Decisions by outcome and reason, evaluations by grade and by what kept them from being signals. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }

  /** What came so far was warming up; the curve starts here. */
  begin(at: number, equity: number): void {
    this.#from = at
    this.#counts.clear()
    this.trades.length = 0
    this.equity.length = 0
    this.equity.push({ at, equity })
    this.#account = null
    this.#hasClosed = false
  }

  /** The curve begins at `at`; what was gathered stays. */
  startCurve(at: number, equity: number): void {
    this.equity.unshift({ at, equity })
  }

  hear(message: TapeMessage): void {
    this.#note(message as Heard)
  }

  #note(message: Heard): void {
    if (message.type === 'execution.account.updated') this.#onAccount(message.payload)
    else if (message.type === 'execution.trade.closed') {
      this.trades.push(toClosedTrade(message.payload, this.#sessionStartUtc))
      this.#onClosed(message.payload.closed_at)
    } else if (message.type === 'setup.evaluated') {
      this.#count(`evaluated.grade.${message.payload.grade}`)
      for (const reason of message.payload.reasons) this.#count(`no_signal.${reason}`)
    } else if (message.type === 'risk.signal.denied')
      this.#count(`denied.${message.payload.reason}`)
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
  }

  /** The curve ends with the account as it was told last. */
  end(): void {
    if (this.#account !== null && this.#account.at > this.equity.at(-1)!.at)
      this.equity.push(this.#account)
  }

  /** The account may be told before the close or after it. */
  #onClosed(at: number): void {
    this.#hasClosed = true
    if (this.#account?.at === at) this.#add(this.#account)
  }

  /** At most one point a minute, and one with each close. */
  #onAccount({ at, equity }: Message<'execution.account.updated'>['payload']): void {
    if (at < this.#from) return
    this.#account = { at, equity: Number(equity) }
    const last = this.equity.at(-1)
    const due = last === undefined || at - last.at >= EQUITY_EVERY_MS || at === last.at
    if (!due && !this.#hasClosed) return
    this.#hasClosed = false
    this.#add(this.#account)
  }

  /** A moment has one point: what was told last. The first stays the starting balance. */
  #add(point: EquityPoint): void {
    const replaces = this.equity.length > 1 && this.equity.at(-1)!.at === point.at
    if (replaces) this.equity[this.equity.length - 1] = point
    else this.equity.push(point)
  }
}
