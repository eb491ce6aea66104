import { z } from 'zod'
import { DecimalString, PositiveDecimalString, Symbol, Venue } from '../values/scalars.ts'

/** Names of assets are letters and digits of any script, as venues list them. */
const Asset = z
  .string()
  .regex(/^[\p{L}\p{N}_-]{1,20}$/u, 'expected 1 to 20 letters or digits, e.g. BTC')

/** One traded instrument: its grid and filters where no venue tells them, and its thresholds. */
export const InstrumentConfig = z
  .strictObject({
    venue: Venue.describe('Where it trades, e.g. binance-usdm'),
    symbol: Symbol.describe("The venue's own string, e.g. BTCUSDT"),
    base_asset: Asset.describe('What is bought and sold'),
    quote_asset: Asset.describe('What it is paid in'),
    tick_size: PositiveDecimalString.describe('Smallest price step'),
    lot_size: PositiveDecimalString.describe('Smallest quantity step'),
    min_quantity: PositiveDecimalString.describe('Smallest quantity of an order'),
    min_notional: DecimalString.describe('Smallest value of an order, in the quote asset'),
    max_leverage: z
      .number()
      .min(1)
      .max(125)
      .default(10)
      .describe('Highest leverage the venue allows here'),
    profile_bin_ticks: z
      .int()
      .min(1)
      .max(100_000)
      .describe('Ticks per bin of volume profile and footprint (BTCUSDT: 10 USDT)'),
    min_absorption_volume: z
      .number()
      .positive()
      .describe('Absorbed volume, in the base asset, from which a trap can form'),
    footprint_imbalance_floor: z
      .number()
      .min(0)
      .default(0)
      .describe('Smallest volume of a footprint cell that counts for imbalance, in the base asset'),
    correlation_group: z
      .string()
      .regex(/^[\p{L}\p{N}_. -]{0,40}$/u, 'expected at most 40 letters or digits')
      .default('none')
      .describe('Instruments of one group count together against the group limit; none = no group'),
  })
  .describe('An instrument and its thresholds')
export type InstrumentConfig = z.infer<typeof InstrumentConfig>
