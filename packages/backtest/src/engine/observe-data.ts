import type { MessageType } from '@tapedeck/contracts'
import type { DataGap, DataLimit } from '../result/backtest-result.ts'
import type { Listener } from './brain.ts'
import type { TapeMessage } from './tape-message.ts'

const HEARD = ['market.feed.status', 'market.clock'] as const satisfies readonly MessageType[]
type Heard = { [K in (typeof HEARD)[number]]: TapeMessage<K> }[(typeof HEARD)[number]]

/** More are counted, not listed. */
const GAPS_LISTED_MAX = 1_000

/** What was missing in the data while it was played: holes, breaks, long silences. */
export class DataObserver implements Listener {
  readonly types = HEARD
  readonly gaps: DataGap[] = []
  /** Holes in all, listed or not. */
  count = 0
  /** Market time of the first event, to the second; null before it. */
  first: number | null = null
  readonly #symbols: readonly string[]
  #clock: number | null = null

  constructor(symbols: readonly string[]) {
    this.#symbols = symbols
  }

  hear(message: TapeMessage): void {
    this.#note(message as Heard)
  }

  #note(message: Heard): void {
    if (message.type === 'market.clock') {
      const { at, jump } = message.payload
      this.first ??= at
      if (jump && this.#clock !== null)
        for (const symbol of this.#symbols) this.#add(symbol, this.#clock, at, 'nothing was told')
      this.#clock = at
      return
    }
    const { symbol, channel, status, reason } = message.payload
    if (status !== 'gap' && status !== 'down') return
    const at = message.occurred_at
    this.#add(symbol, at, at, `${channel}: ${reason}`)
  }

  #add(symbol: string, from: number, to: number, what: string): void {
    this.count++
    if (this.gaps.length < GAPS_LISTED_MAX) this.gaps.push({ symbol, from, to, what })
  }
}

/** What the data cannot show, by what of it was there (S3 §12.1). Only what applies. */
export const limitsObserved = (
  counts: Readonly<Partial<Record<MessageType, number>>>,
  gaps: number,
): DataLimit[] => {
  const has = (type: MessageType): boolean => (counts[type] ?? 0) > 0
  const limits: (DataLimit | null)[] = [
    has('market.trades')
      ? null
      : {
          code: 'NO_TRADES',
          about: 'There are no prints, so there is no order flow: nothing could be traded.',
        },
    has('market.depth')
      ? {
          code: 'BOOK_OF_OTHERS',
          about:
            'The book does not know of our orders: what we took is kept from being taken twice, but nobody reacted to us.',
        }
      : {
          code: 'NO_BOOK',
          about:
            'There is no book: limits fill only when a print goes through them, market orders at the next print with the configured slippage, and volume walls come from the session profile.',
        },
    has('market.mark')
      ? null
      : {
          code: 'NO_FUNDING',
          about: 'There are no marks: funding was not charged and did not filter entries.',
        },
    gaps === 0
      ? null
      : {
          code: 'GAPS',
          about: `The data has ${gaps} holes. Measures that touch one are tainted, and tainted setups are graded down.`,
        },
    {
      code: 'LATENCY_CONSTANT',
      about:
        'Orders take the configured latency, always the same; a real venue is slower when it is busy.',
    },
  ]
  return limits.filter((limit) => limit !== null)
}
