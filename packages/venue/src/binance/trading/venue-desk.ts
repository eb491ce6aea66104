import type { VenueLog } from '../../port/index.ts'
import type { RestClient } from '../rest/index.ts'
import type { WorkingType } from '../binance-venue-options.ts'
import type { OrderIds } from './order-ids.ts'

/** What every operation of the adapter works with. */
export type VenueDesk = {
  /** Name of the venue in what it says. */
  readonly venue: string
  readonly rest: RestClient
  readonly log: VenueLog
  readonly orderIds: OrderIds
  readonly workingType: WorkingType
}
