/** What the public learns of one symbol, in whole ticks and lots; times by the venue's clock, ms. */
export type PublicTrade = {
  readonly kind: 'trade'
  readonly symbol: string
  /** The venue's own, rising by one a symbol. */
  readonly id: number
  readonly priceTicks: number
  readonly lots: number
  readonly time: number
  readonly buyerIsMaker: boolean
  /** Prints outside the market (liquidation taken over by the fund, deleveraging) are in no aggregate. */
  readonly outside: boolean
}

/** Changed levels with absolute quantities, 0 where a level is gone. */
export type PublicDepth = {
  readonly kind: 'depth'
  readonly symbol: string
  readonly firstId: number
  readonly lastId: number
  /** `lastId` of the change before. */
  readonly previousId: number
  readonly time: number
  readonly bids: readonly (readonly [ticks: number, lots: number])[]
  readonly asks: readonly (readonly [ticks: number, lots: number])[]
}

/** Decimal strings. */
export type PublicMark = {
  readonly kind: 'mark'
  readonly symbol: string
  readonly time: number
  readonly markPrice: string
  readonly indexPrice: string
  readonly fundingRate: string
  readonly nextFundingTime: number
}

/** An order of the liquidation engine. */
export type PublicLiquidation = {
  readonly kind: 'liquidation'
  readonly symbol: string
  readonly time: number
  readonly side: 'BUY' | 'SELL'
  readonly priceTicks: number
  readonly averagePrice: string
  readonly lots: number
  readonly lastLots: number
  readonly filledLots: number
  readonly status: string
}

export type PublicNews = PublicTrade | PublicDepth | PublicMark | PublicLiquidation
