import { decimalToSteps, parseStep, type DepthEvent, type MarketEvent } from '@tapedeck/core'
import type { Exchange, LevelView } from '../exchange/index.ts'

const LEVELS = 1000

/** Levels moved by a share, on the grid, one lot at least; what falls together is one level. */
const moved = (
  levels: readonly LevelView[],
  share: number,
  steps: {
    readonly tick: ReturnType<typeof parseStep>
    readonly lot: ReturnType<typeof parseStep>
  },
): { readonly ticks: number[]; readonly lots: number[] } => {
  const byTicks = new Map<number, number>()
  for (const [price, quantity] of levels) {
    const ticks = Math.max(1, Math.round((decimalToSteps(price, steps.tick) ?? 1) * (1 + share)))
    byTicks.set(ticks, (byTicks.get(ticks) ?? 0) + (decimalToSteps(quantity, steps.lot) ?? 0))
  }
  return { ticks: [...byTicks.keys()], lots: [...byTicks.values()] }
}

/**
 * A price that jumps by a share: the whole book is elsewhere at once, the next print is there, and so is the
 * mark. What rested in between is gone through. Empty for a symbol without a book.
 */
export const priceJump = (
  exchange: Exchange,
  symbol: string,
  share: number,
): readonly MarketEvent[] => {
  const instrument = exchange.instrument(symbol)
  const book = exchange.book(symbol, LEVELS)
  const premium = exchange.premiumIndex(symbol)
  if (instrument === null || book === null) return []
  const steps = { tick: parseStep(instrument.tickSize), lot: parseStep(instrument.stepSize) }
  const bids = moved(book.bids, share, steps)
  const asks = moved(book.asks, share, steps)
  const at = share > 0 ? asks.ticks[0] : bids.ticks[0]
  if (at === undefined) return []
  const { time } = exchange
  const depth: DepthEvent = {
    kind: 'depth',
    symbol,
    snapshot: true,
    firstId: book.lastUpdateId + 1,
    lastId: book.lastUpdateId + 1,
    previousId: book.lastUpdateId,
    time,
    bidTicks: bids.ticks,
    bidLots: bids.lots,
    askTicks: asks.ticks,
    askLots: asks.lots,
  }
  const print: MarketEvent = {
    kind: 'trade',
    symbol,
    id: (exchange.trades(symbol, 1).at(-1)?.id ?? 0) + 1,
    priceTicks: at,
    quantityLots: 1,
    time,
    maker: share > 0 ? 0 : 1,
    excluded: false,
  }
  if (premium === null) return [depth, print]
  return [
    depth,
    {
      kind: 'mark',
      symbol,
      time,
      markPrice: Number(premium.markPrice) * (1 + share),
      indexPrice: Number(premium.indexPrice) * (1 + share),
      fundingRate: Number(premium.fundingRate),
      nextFundingTime: premium.nextFundingTime,
    },
    print,
  ]
}
