import type { DisplayedLiquidity, PositionTotals } from '@tapedeck/core'
import type { SavedLog } from '../event-log.ts'
import type { ExchangeInstrument, SymbolStatus } from '../exchange-instrument.ts'
import type { DefaultFees } from '../exchange-state.ts'
import type { FundingRateRow } from '../market/market-types.ts'
import type { SavedPublishedBook } from '../market/published-book.ts'
import type { Timer } from '../timers.ts'
import type { SavedTape } from '../market/trade-tape.ts'
import type { SavedAccount } from './saved-account.ts'

/** Changes whenever what is saved does: another version is refused, not guessed at. */
export const EXCHANGE_STATE_VERSION = 1

/** Names an order, or a conditional order, of an account. */
export type SavedRef = readonly [account: string, id: number]

export type SavedMarket = {
  readonly instrument: ExchangeInstrument
  readonly status: SymbolStatus
  readonly liquidity: ReturnType<DisplayedLiquidity['snapshot']>
  /** Clients' resting orders, by price, then in turn. */
  readonly resting: readonly SavedRef[]
  readonly published: SavedPublishedBook
  readonly tape: SavedTape
  readonly outside: PositionTotals
  readonly fund: PositionTotals
  readonly mark: {
    readonly price: string
    readonly index: string
    readonly rate: number
    readonly time: number
  } | null
  readonly nextFundingTime: number
  readonly lastFundedAt: number
  readonly fundingRates: readonly FundingRateRow[]
  readonly lastTicks: number | null
  /** In the order in which prices are shown to them, and funding is charged. */
  readonly armed: readonly SavedRef[]
  readonly holders: readonly string[]
  readonly nextOrderId: number
}

/** An exchange between two calls, as JSON. */
export type SavedExchange = {
  readonly version: number
  readonly now: number
  readonly asset: string
  readonly leverage: number
  readonly fees: DefaultFees
  readonly maxConditionals: number
  readonly nextId: number
  readonly house: {
    readonly deposited: string
    readonly fees: string
    readonly insurance: string
    readonly fundingPaid: string
  }
  readonly log: SavedLog
  readonly timers: readonly Timer[]
  readonly markets: readonly SavedMarket[]
  readonly accounts: readonly SavedAccount[]
}
