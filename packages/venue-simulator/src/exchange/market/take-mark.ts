import { dec, type MarkEvent } from '@tapedeck/core'
import type { ExchangeState } from '../exchange-state.ts'
import { premiumOf } from './premium.ts'
import type { SymbolMarket } from './symbol-market.ts'

/** Mark, index and funding as they are told now; everyone who holds something is looked at again. */
export const takeMark = (state: ExchangeState, market: SymbolMarket, event: MarkEvent): void => {
  if (!(event.markPrice > 0)) return
  const price = dec(event.markPrice)
  market.mark = {
    price,
    index: event.indexPrice === null ? price : dec(event.indexPrice),
    rate: event.fundingRate,
    time: event.time,
  }
  market.nextFundingTime = event.nextFundingTime
  market.markMoved = true
  state.touched.add(market)
  for (const account of market.holders) state.recheck.add(account)
  state.log.tell(state.now, { kind: 'mark', premium: premiumOf(market, state.now) })
}
