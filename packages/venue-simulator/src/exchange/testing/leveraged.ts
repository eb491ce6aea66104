import type { Exchange } from '../index.ts'
import { START, SYMBOL, book, market, must, openExchange } from './open-exchange.ts'

/** A book that nobody walks through. */
export const deep = (exchange: Exchange, time = START): void =>
  exchange.applyMarket(book([[499_990, 90_000]], [[500_010, 90_000]], time))

/** `a` is long 1 BTC at 50001 with 1000 in the wallet, at leverage 100. */
export const leveraged = (isolated = false): Exchange => {
  const exchange = openExchange()
  deep(exchange)
  must(exchange.withdraw('a', '99000'))
  must(exchange.setLeverage('a', SYMBOL, 100))
  if (isolated) must(exchange.setMarginType('a', SYMBOL, 'ISOLATED'))
  must(exchange.placeOrder('a', market('BUY', '1', { clientOrderId: 'open' })))
  exchange.takeEvents()
  return exchange
}
