import { z } from 'zod'
import { DecimalString, PositiveDecimalString, Symbol, Venue } from '../values/scalars.ts'

/** What is traded, and the grid on which its prices and quantities lie. */
export const Instrument = z.object({
  venue: Venue,
  symbol: Symbol,
  base_asset: z.string().min(1).max(20),
  quote_asset: z.string().min(1).max(20),
  tick_size: PositiveDecimalString,
  lot_size: PositiveDecimalString,
  min_quantity: PositiveDecimalString,
  min_notional: DecimalString,
  max_leverage: z.number().min(1).max(125),
})
export type Instrument = z.infer<typeof Instrument>
