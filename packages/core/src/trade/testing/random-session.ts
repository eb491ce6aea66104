import type { Message } from '@tapedeck/contracts'
import fc from 'fast-check'
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
type Happening =
  | { do: 'prints'; moves: { step: number; lots: number; wait: number; maker: 0 | 1 }[] }
  | { do: 'wait'; ms: number }
  | { do: 'approve'; buy: boolean; lots: number; stop: number; target: number }
  | { do: 'features'; wall: number; ratio: number; swing: number }
  | { do: 'book'; spread: number; lots: number }
  | { do: 'mark'; rate: number; due: number }
  | { do: 'state'; state: 'ACTIVE' | 'REDUCING' }
  | { do: 'flatten' }
  | { do: 'close' }

const maker = fc.constantFrom(0 as const, 1 as const)
const moves = fc.array(
  fc.record({
    step: fc.integer({ min: -260, max: 260 }),
    lots: fc.integer({ min: 1, max: 60 }),
    wait: fc.integer({ min: 0, max: 400 }),
    maker,
  }),
  { minLength: 1, maxLength: 12 },
)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('prints' as const), moves }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 9000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      buy: fc.boolean(),
      lots: fc.integer({ min: 1, max: 90 }),
      stop: fc.integer({ min: 2, max: 900 }),
      target: fc.integer({ min: 2, max: 1500 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('features' as const),
      wall: fc.integer({ min: -900, max: 900 }),
      ratio: fc.constantFrom(-0.5, 0, 0.5),
      swing: fc.integer({ min: -300, max: 300 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('book' as const),
      spread: fc.integer({ min: 1, max: 200 }),
      lots: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('mark' as const),
      rate: fc.constantFrom(0.0001, -0.0002),
      due: fc.integer({ min: 100, max: 6000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('state' as const),
      state: fc.constantFrom('ACTIVE' as const, 'REDUCING' as const, 'ACTIVE' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'flatten' } as const, { do: 'close' } as const) },
)

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

/** A session of random prints, books, approvals, order flow and wishes, as messages in tape order. */
export const randomSession: fc.Arbitrary<Message[]> = fc
  .array(happening, { minLength: 5, maxLength: 45 })
  .map((list) => {
    const teller = new Teller()
    for (const next of list) teller.tell(next)
    return teller.end()
  })

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
