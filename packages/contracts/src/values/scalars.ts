import { z } from 'zod'

/** Integer milliseconds since 1970-01-01T00:00:00Z. Every time on the tape has this shape. */
export const Millis = z.int().min(0).max(8_640_000_000_000_000)

/** Money, prices and quantities that are sent to a venue or kept in a ledger: never a binary float. */
export const DecimalString = z.string().regex(/^-?\d{1,20}(\.\d{1,18})?$/)

/** A decimal above zero: step sizes, smallest quantities, balances to start from. */
export const PositiveDecimalString = z
  .string()
  .regex(/^(?!0+(\.0+)?$)\d{1,20}(\.\d{1,18})?$/, 'expected a decimal above zero, e.g. 0.001')

/** The venue's own string, e.g. `BTCUSDT`. One token of a subject, so no dots, blanks or wildcards. */
export const Symbol = z.string().regex(/^[A-Z0-9_-]{1,32}$/)

/** Where an instrument trades, e.g. `binance-usdm`. One token of a subject. */
export const Venue = z.string().regex(/^[a-z0-9-]{1,32}$/)

/** The trading account that orders, fills and sessions belong to. One token of a subject. */
export const Account = z.string().regex(/^[a-z0-9-]{1,32}$/)

export const Uuid = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    'expected a UUID in lower case',
  )

/** Ids that people read and type: setups, orders, trades. Safe in URLs, file names and client order ids. */
export const ReadableId = z.string().regex(/^[A-Za-z0-9._:-]{1,96}$/)

/** A price in whole ticks of its instrument. */
export const Ticks = z.int()

/** A quantity in whole lots of its instrument. */
export const Lots = z.int()

export const Side = z.enum(['BUY', 'SELL'])
export type Side = z.infer<typeof Side>

export const PositionSide = z.enum(['LONG', 'SHORT', 'FLAT'])
export type PositionSide = z.infer<typeof PositionSide>

export const Timeframe = z.enum(['15s', '1m', '5m', '15m', '1h', '4h', '1d'])
export type Timeframe = z.infer<typeof Timeframe>

export const TIMEFRAME_MS: Readonly<Record<Timeframe, number>> = {
  '15s': 15_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
}

export const Grade = z.enum(['A', 'B', 'C', 'INVALID'])
export type Grade = z.infer<typeof Grade>

export const TradingState = z.enum(['ACTIVE', 'REDUCING', 'HALTED'])
export type TradingState = z.infer<typeof TradingState>
