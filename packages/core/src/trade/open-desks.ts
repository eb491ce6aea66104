import type { Instrument } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { gridOf, instrumentKey } from '../order/index.ts'
import type { DeskContext } from './desk-context.ts'
import type { OpenIntent } from './execution-decider-port.ts'
import { InstrumentDesk } from './instrument-desk.ts'

/** A desk for each instrument, by venue and symbol; from its snapshot where there is one. */
export const openDesks = (
  instruments: readonly Instrument[],
  context: DeskContext,
  snapshots: ReadonlyMap<string, Json> = new Map(),
): Map<string, InstrumentDesk> =>
  new Map(
    instruments.map((instrument) => {
      const key = instrumentKey(instrument.venue, instrument.symbol)
      return [key, new InstrumentDesk(gridOf(instrument), context, snapshots.get(key))]
    }),
  )

/** Orders of a desk that are not over, with where they are. */
export const intentsOf = (desk: InstrumentDesk): OpenIntent[] => {
  const { venue, symbol } = desk.grid
  return desk.liveOrders().map((order) => ({ venue, symbol, order }))
}
