import type { TradingConfig } from '@tapedeck/contracts'
import { inExitOrder, type ClosedTrade } from '@tapedeck/core'
import type { FeedSink, MarketSource } from '../engine/index.ts'
import type { BacktestContext } from './trade-context.ts'
import { TradeWatch } from './watch-trade.ts'

/** The best, the worst, and the rest evenly over time: what a person would look at first. */
const choose = (trades: readonly ClosedTrade[], most: number): ClosedTrade[] => {
  if (trades.length <= most) return [...trades]
  const byResult = trades.toSorted((a, b) => a.net_pnl - b.net_pnl)
  const extremes = Math.floor(most / 4)
  const chosen = new Set([
    ...byResult.slice(0, extremes),
    ...byResult.slice(byResult.length - extremes),
  ])
  const rest = trades.filter((trade) => !chosen.has(trade))
  const evenly = most - chosen.size
  for (let index = 0; index < evenly; index++)
    chosen.add(rest[Math.floor((index * rest.length) / evenly)]!)
  return inExitOrder([...chosen])
}

const watchesOf = (
  { instruments }: Pick<MarketSource, 'instruments'>,
  trading: TradingConfig,
  trades: readonly ClosedTrade[],
): TradeWatch[] =>
  trades.flatMap((trade) => {
    const traded = instruments.find(({ symbol }) => symbol === trade.symbol)
    const instrument = trading.instruments.find(
      ({ symbol, venue }) => symbol === trade.symbol && venue === traded?.venue,
    )
    return instrument === undefined ? [] : [new TradeWatch(trade, instrument, trading)]
  })

/** Shows prints to those who watch their symbol. */
const sinkFor = (watches: readonly TradeWatch[]): FeedSink => ({
  trades: ({ symbol, id, priceTicks, quantityLots, time, maker, excluded }, from, to) => {
    for (const watch of watches)
      if (watch.symbol === symbol)
        for (let row = from; row < to; row++)
          if (excluded?.[row] !== 1)
            watch.print(
              id[row]!,
              priceTicks[row]!,
              quantityLots[row]!,
              time[row]!,
              maker[row] === 1 ? 1 : 0,
            )
  },
  event: (event) => {
    if (event.kind !== 'trade' || event.excluded) return
    for (const watch of watches)
      if (watch.symbol === event.symbol)
        watch.print(event.id, event.priceTicks, event.quantityLots, event.time, event.maker)
  },
})

const withoutPause = (): null => null

/**
 * Reads the market again around trades: bars of a minute, and the footprints of the entry's minute and its
 * neighbors. Costs nothing during the run. A tape is read around each trade alone, a recording from end to end once.
 * `most` trades at most (default 40), the best and worst among them.
 */
export const collectContext = async (
  market: Pick<MarketSource, 'instruments' | 'from' | 'feed'>,
  trading: TradingConfig,
  trades: readonly ClosedTrade[],
  most = 40,
): Promise<BacktestContext> => {
  const chosen = choose(inExitOrder(trades), most)
  const watches = watchesOf(market, trading, chosen)
  if (market.from === null) {
    if (watches.length > 0) await market.feed({}, sinkFor(watches), withoutPause)
  } else
    for (const watch of watches)
      await market.feed({ from: watch.from, to: watch.to }, sinkFor([watch]), withoutPause)
  return {
    format: 'tapedeck-context',
    version: 1,
    trades: watches.map((watch) => watch.finish()),
    chosen:
      chosen.length === trades.length
        ? null
        : `${chosen.length} of ${trades.length} trades: the best, the worst, and others evenly over time`,
  }
}
