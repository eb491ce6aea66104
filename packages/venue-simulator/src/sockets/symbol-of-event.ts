import type { PublicEvent } from '../exchange/index.ts'

/** Which symbol everybody is told something about. */
export const symbolOfEvent = (event: PublicEvent): string => {
  if (event.kind === 'trade' || event.kind === 'aggregate_trade') return event.trade.symbol
  if (event.kind === 'book_ticker') return event.ticker.symbol
  if (event.kind === 'mark') return event.premium.symbol
  return event.kind === 'liquidation' ? event.liquidation.symbol : event.symbol
}
