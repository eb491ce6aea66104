import type { ExecutionConfig, Side } from '@tapedeck/contracts'
import { dec, type Dec } from '../decimal/index.ts'

/** What a fill costs here: domain §5 and S3 §12.3. Percent means percent. */
export type FillModel = {
  /** Milliseconds until an order or a cancel reaches the venue. */
  readonly latencyMs: number
  /** Adverse distance of a market order from the print that fills it; a stop slips twice as much. */
  readonly slippagePercent: number
  readonly makerFeePercent: number
  readonly takerFeePercent: number
  /** A book that is older than this at the moment of a fill is not walked. */
  readonly bookAgeMsMax: number
}

const BOOK_AGE_MS_MAX = 5_000

export const fillModelFrom = (config: ExecutionConfig): FillModel => ({
  latencyMs: config.fill_model.latency_ms,
  slippagePercent: config.fill_model.base_slippage_percent,
  makerFeePercent: config.fees.maker_percent,
  takerFeePercent: config.fees.taker_percent,
  bookAgeMsMax: BOOK_AGE_MS_MAX,
})

/**
 * A price moved against `side` by `percent`, to a whole tick, rounded away from us. Parts per million
 * in integers: a float product would round 100020 up to 100021 now and then. Never below one tick.
 */
export const slip = (ticks: number, side: Side, percent: number): number => {
  const away = Math.ceil((ticks * Math.round(percent * 10_000)) / 1_000_000)
  return side === 'BUY' ? ticks + away : Math.max(1, ticks - away)
}

/** The worse of two prices for whoever trades on `side`. */
export const worse = (side: Side, a: number, b: number): number =>
  side === 'BUY' ? Math.max(a, b) : Math.min(a, b)

/** A fee in the quote asset at 8 decimals, as venues charge it. */
export const feeOf = (tickLots: number, tickLot: Dec, percent: number): Dec =>
  feeAt(tickLots, tickLot, shareOf(percent))

/** A percentage as a share of one. */
export const shareOf = (percent: number): Dec => dec(percent).div(100)

/** As `feeOf`, for whoever reckons many fees at one rate, as a share of one. */
export const feeAt = (tickLots: number, tickLot: Dec, share: Dec): Dec =>
  tickLot.times(tickLots).times(share).toDecimalPlaces(8)
