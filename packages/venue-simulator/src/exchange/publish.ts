import type { ExchangeState } from './exchange-state.ts'
import type { AggregateTrade } from './market/market-types.ts'
import type { SymbolMarket } from './market/symbol-market.ts'

/** Puts a trade on the public tape and tells it. Returns its id. */
export const publishTrade = (
  state: ExchangeState,
  market: SymbolMarket,
  print: {
    readonly ticks: number
    readonly lots: number
    readonly buyerIsMaker: boolean
    readonly excluded: boolean
  },
): number => {
  const trade = market.tape.record({ ...print, time: state.now }, aggregateTeller(state))
  state.log.tell(state.now, { kind: 'trade', trade })
  if (!print.excluded) {
    market.lastTicks = print.ticks
    if (market.mark === null) for (const account of market.holders) state.recheck.add(account)
    if (market.armed.size > 0 && market.unseen.at(-1) !== print.ticks)
      market.unseen.push(print.ticks)
  }
  return trade.id
}

const aggregateTeller =
  (state: ExchangeState) =>
  (trade: AggregateTrade): void =>
    state.log.tell(state.now, { kind: 'aggregate_trade', trade })

/** The window is over: what was traded last in it makes an aggregate. */
export const endAggregate = (state: ExchangeState, market: SymbolMarket): void => {
  market.tape.endAggregate(aggregateTeller(state))
}

/** Tells what became of the book since the last time. */
export const publishBook = (state: ExchangeState, market: SymbolMarket): void => {
  const change = market.published.flush()
  if (change === null) return
  const { touchMoved, ...levels } = change
  state.log.tell(state.now, { kind: 'depth', symbol: market.rules.symbol, ...levels })
  if (touchMoved)
    state.log.tell(state.now, {
      kind: 'book_ticker',
      ticker: market.published.ticker(state.now),
    })
}
