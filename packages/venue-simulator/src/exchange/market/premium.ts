import { toDecimalString } from '@tapedeck/core'
import type { PremiumIndex } from './market-types.ts'
import type { SymbolMarket } from './symbol-market.ts'

/** Mark, index and funding as told last; the last price for all where nobody told a mark. */
export const premiumOf = (market: SymbolMarket, now: number): PremiumIndex => {
  const { mark, markPrice, nextFundingTime, rules } = market
  const price = markPrice === null ? '0' : toDecimalString(markPrice)
  return {
    symbol: rules.symbol,
    markPrice: price,
    indexPrice: mark === null ? price : toDecimalString(mark.index),
    fundingRate: mark === null ? '0' : toDecimalString(mark.rate),
    nextFundingTime,
    time: mark?.time ?? now,
  }
}
