import type { Side } from '@tapedeck/contracts'
import type { PriceMatch } from '../orders/order-types.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/**
 * The price that `priceMatch` stands for: OPPONENT is the other side's best, QUEUE the own side's; a number
 * counts levels. Null where the side has no such level.
 */
export const matchPrice = (market: SymbolMarket, side: Side, match: PriceMatch): number | null => {
  const [whose, level = '1'] = match.split('_')
  const other: Side = side === 'BUY' ? 'SELL' : 'BUY'
  return market.published.priceAt(whose === 'OPPONENT' ? other : side, Number(level))
}
