import type { Message } from '@tapedeck/contracts'
import {
  START,
  SYMBOL,
  VENUE,
  approved,
  clock,
  features,
  message,
  reconciled,
  runStarted,
  trades,
  tradingState,
  type Print,
} from './scenario.ts'

/** What happens next in a random session. Prices move by steps from where they are. */
export type Happening =
  | { do: 'prints'; moves: { step: number; lots: number; wait: number; maker: 0 | 1 }[] }
  | { do: 'wait'; ms: number }
  | { do: 'approve'; buy: boolean; lots: number; stop: number; target: number }
  | { do: 'features'; wall: number; ratio: number; swing: number }
  | { do: 'book'; spread: number; lots: number }
  | { do: 'mark'; rate: number; due: number }
  | { do: 'state'; state: 'ACTIVE' | 'REDUCING' }
  | { do: 'flatten' }
  | { do: 'close' }

/** Ticks and lots as decimals of the test instrument. */
const price = (ticks: number): string => (ticks / 10).toFixed(1)
const quantity = (lots: number): string => (lots / 1000).toFixed(3)

/** Writes happenings as the messages that a tape would hold, clocks included. */
class Teller {
  readonly messages: Message[] = []
  #at = START
  #ticks = 500_000
  #approvals = 0

  constructor() {
    this.messages.push(runStarted(), reconciled(START), tradingState(START, 'ACTIVE'))
    this.messages.push(trades([{ at: START, ticks: this.#ticks, lots: 1, maker: 0 }]))
  }

  #advance(ms: number): void {
    const next = this.#at + ms
    let second = Math.floor(this.#at / 1000) * 1000 + 1000
    for (; second <= next; second += 1000) this.messages.push(clock(second))
    this.#at = next
  }

  #prints(list: Extract<Happening, { do: 'prints' }>['moves']): void {
    let batch: Print[] = []
    for (const { step, lots, wait, maker: side } of list) {
      const before = this.messages.length
      const at = this.#at
      this.#advance(wait)
      if (this.messages.length > before && batch.length > 0) {
        // A clock comes before the first print past its second: the batch ends where it was.
        const clocks = this.messages.splice(before)
        this.messages.push(trades(batch), ...clocks)
        batch = []
      }
      this.#ticks = Math.max(100_000, this.#ticks + step)
      batch.push({ at: Math.max(at, this.#at), ticks: this.#ticks, lots, maker: side })
    }
    if (batch.length > 0) this.messages.push(trades(batch))
  }

  #approve({ buy, lots, stop, target }: Extract<Happening, { do: 'approve' }>): void {
    const sign = buy ? 1 : -1
    this.#approvals += 1
    this.messages.push(
      approved(this.#at, {
        id: String(this.#approvals),
        side: buy ? 'BUY' : 'SELL',
        order: {
          quantity: quantity(lots),
          entry_price: price(this.#ticks),
          stop_price_abs: price(this.#ticks - sign * stop),
          target_price_abs: price(this.#ticks + sign * target),
          notional: ((lots * this.#ticks) / 10_000).toFixed(4),
          risk_amount: ((lots * stop) / 10_000).toFixed(4),
        },
      }),
    )
  }

  tell(next: Happening): void {
    const at = this.#at
    if (next.do === 'prints') this.#prints(next.moves)
    else if (next.do === 'wait') this.#advance(next.ms)
    else if (next.do === 'approve') this.#approve(next)
    else if (next.do === 'features') {
      const wall = {
        price_ticks: this.#ticks + next.wall,
        quantity_lots: 1,
        source: 'book',
      } as const
      const swing = this.#ticks + next.swing
      const ratio = { '5s': 0, '15s': 0, '1m': next.ratio, '5m': 0 }
      this.messages.push(
        features(at, {
          close: this.#ticks,
          wall_below: wall,
          wall_above: wall,
          delta_ratio: ratio,
          swing_high_15s_ticks: swing,
          swing_low_15s_ticks: swing,
        }),
      )
    } else if (next.do === 'book')
      this.messages.push(
        message('market.depth', at, {
          venue: VENUE,
          symbol: SYMBOL,
          tick_size: '0.1',
          lot_size: '0.001',
          snapshot: true,
          first_update_id: 1,
          last_update_id: 1,
          time: at,
          bid_ticks: [this.#ticks - next.spread, this.#ticks - next.spread - 5],
          bid_lots: [next.lots, next.lots * 2],
          ask_ticks: [this.#ticks + next.spread, this.#ticks + next.spread + 5],
          ask_lots: [next.lots, next.lots * 2],
        }),
      )
    else if (next.do === 'mark')
      this.messages.push(
        message('market.mark', at, {
          venue: VENUE,
          symbol: SYMBOL,
          mark_price: this.#ticks / 10,
          index_price: null,
          funding_rate: next.rate,
          next_funding_time: at + next.due,
        }),
      )
    else this.#account(next, at)
  }

  #account(next: Extract<Happening, { do: 'state' | 'flatten' | 'close' }>, at: number): void {
    if (next.do === 'state') this.messages.push(tradingState(at, next.state))
    else if (next.do === 'flatten')
      this.messages.push(
        message('risk.flatten.requested', at, { account: 'paper', at, reason: 'test' }),
      )
    else
      this.messages.push(
        message('execution.command.received', at, {
          account: 'paper',
          command_id: 'c',
          command: 'close_position',
          target: SYMBOL,
          reason: 'test',
          by: 'test',
        }),
      )
  }

  /** A quiet minute at the end, so that whatever is under way comes to rest. */
  end(): Message[] {
    for (let i = 0; i < 4; i++) this.#prints([{ step: 0, lots: 500, wait: 900, maker: 0 }])
    this.messages.push(
      message('risk.flatten.requested', this.#at, {
        account: 'paper',
        at: this.#at,
        reason: 'end',
      }),
    )
    for (let i = 0; i < 20; i++)
      this.#prints([{ step: i % 2 === 0 ? 1 : -1, lots: 500, wait: 900, maker: 0 }])
    return this.messages
  }
}

/** A session of the given happenings, as messages in tape order. */
export const tellSession = (happenings: readonly Happening[]): Message[] => {
  const teller = new Teller()
  for (const next of happenings) teller.tell(next)
  return teller.end()
}

/** The same messages with every batch of prints cut at a place that `cut` chooses. */
export const rebatched = (messages: readonly Message[], cut: number): Message[] =>
  messages.flatMap((one): Message[] => {
    if (one.type !== 'market.trades') return [one]
    const { id, time, price_ticks: ticks, quantity_lots: lots, maker: makers } = one.payload
    const prints = id.map((_, i): Print => ({
      at: time[i]!,
      ticks: ticks[i]!,
      lots: lots[i]!,
      maker: makers[i]!,
    }))
    const parts: Message[] = []
    for (let i = 0; i < prints.length; i += cut) parts.push(trades(prints.slice(i, i + cut)))
    return parts
  })
