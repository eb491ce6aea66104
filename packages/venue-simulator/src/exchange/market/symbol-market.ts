import { DisplayedLiquidity, OpenPosition, dec, type Dec } from '@tapedeck/core'
import type { AccountState } from '../accounts/account-state.ts'
import type { ConditionalOrder } from '../conditional/conditional-order.ts'
import type { SymbolStatus } from '../exchange-instrument.ts'
import type { InstrumentRules } from '../orders/instrument-rules.ts'
import type { FundingRateRow } from './market-types.ts'
import { MarkedPrice } from './marked-price.ts'
import { PublishedBook, type LotsAt } from './published-book.ts'
import { RestingBook } from '../matching/resting-book.ts'
import { TradeTape } from './trade-tape.ts'

/** The mark as it was told last. */
export type MarkState = {
  readonly price: Dec
  readonly index: Dec
  readonly rate: number
  readonly time: number
}

export type FirstIds = {
  readonly order: number
  readonly trade: number
  readonly aggregate: number
  readonly update: number
}

/** What a market is made of, new or saved. */
export type MarketParts = {
  readonly liquidity: DisplayedLiquidity
  readonly outside: OpenPosition
  readonly fund: OpenPosition
  readonly tape: TradeTape
  readonly publish: (lotsAt: LotsAt) => PublishedBook
  readonly nextOrderId: number
}

/** One symbol of the exchange: both halves of its book, its tape, its mark, and who stands against whom. */
export class SymbolMarket {
  readonly rules: InstrumentRules
  status: SymbolStatus
  /** What the outside market displays, less what clients took of it. */
  readonly liquidity: DisplayedLiquidity
  readonly resting = new RestingBook()
  readonly published: PublishedBook
  readonly tape: TradeTape
  /** Everyone outside: the other side of every fill that is not between clients. */
  readonly outside: OpenPosition
  /** What the insurance fund took over. */
  readonly fund: OpenPosition
  mark: MarkState | null = null
  /** 0 while none is known. */
  nextFundingTime = 0
  lastFundedAt = -1
  readonly fundingRates: FundingRateRow[] = []
  lastTicks: number | null = null
  /** Prices of trades that conditional orders have not seen. */
  unseen: number[] = []
  /** The mark moved, and conditional orders and margins have not seen it. */
  markMoved = false
  /** Conditional orders that wait for a price, oldest first. */
  readonly armed = new Set<ConditionalOrder>()
  /** Accounts that hold a position. */
  readonly holders = new Set<AccountState>()
  #nextOrderId: number
  #marked: { readonly of: Dec | number; readonly known: MarkedPrice } | null = null

  constructor(rules: InstrumentRules, parts: MarketParts) {
    this.rules = rules
    this.status = rules.instrument.status
    this.liquidity = parts.liquidity
    this.outside = parts.outside
    this.fund = parts.fund
    this.tape = parts.tape
    this.#nextOrderId = parts.nextOrderId
    this.published = parts.publish(
      (side, ticks) =>
        Math.max(0, this.liquidity.lotsLeft(side, ticks)) + this.resting.lotsAt(side, ticks),
    )
  }

  /** One that nothing has happened in. `first`: where ids begin; each kind has its own, so that nobody takes one for another. */
  static open(rules: InstrumentRules, first: FirstIds): SymbolMarket {
    return new SymbolMarket(rules, {
      liquidity: new DisplayedLiquidity(),
      outside: new OpenPosition(),
      fund: new OpenPosition(),
      tape: new TradeTape(rules, first.trade, first.aggregate),
      publish: (lotsAt) => new PublishedBook(rules, first.update, lotsAt),
      nextOrderId: first.order,
    })
  }

  /** What `takeOrderId` gives next. */
  get nextOrderId(): number {
    return this.#nextOrderId
  }

  takeOrderId(): number {
    return this.#nextOrderId++
  }

  /** The mark, or the last price where nobody tells a mark; null before both. */
  get markPrice(): Dec | null {
    return this.marked?.price ?? null
  }

  /** The mark with what follows from it, made once for every mark; null while there is none. */
  get marked(): MarkedPrice | null {
    const { mark, lastTicks, rules } = this
    if (mark === null && lastTicks === null) return null
    const of = mark?.price ?? lastTicks!
    if (this.#marked?.of !== of) {
      const price = mark?.price ?? rules.tickSize.times(dec(lastTicks!))
      this.#marked = { of, known: new MarkedPrice(rules, price) }
    }
    return this.#marked.known
  }

  /** True when the outside book can be traded with: it is not crossed in itself. */
  get isShown(): boolean {
    return this.liquidity.isUsable(0, null)
  }
}
