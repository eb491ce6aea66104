import type { VenueReported } from '@tapedeck/contracts'
import { dec } from '../decimal/index.ts'
import { decimalToSteps } from '../market/index.ts'
import type { LateFill } from './late-fill.ts'
import { valueFee, type OtherFee } from './other-fee.ts'
import type { ReportTools } from './report-tools.ts'

/** A fill as a report or a correction tells it. */
export type ToldFill = NonNullable<VenueReported['fill']> &
  Pick<VenueReported, 'client_order_id' | 'venue_order_id' | 'side'> & {
    /** By the venue's clock; null where it was not told. */
    readonly at: number | null
  }

type Tools = Pick<ReportTools, 'grid' | 'report' | 'priceOf'>

const otherFeeOf = (told: ToldFill, { grid, report, priceOf }: Tools): OtherFee | null => {
  const { fee, fee_asset: asset, fill_id: id } = told
  if (asset === grid.quoteAsset || dec(fee).isZero()) return null
  const paid = valueFee(asset, fee, priceOf(asset))
  if (paid.value === null)
    report(
      `fill ${id}: a fee of ${fee} ${asset} is booked without its value: no price of ${asset} is on the tape or configured`,
    )
  return paid
}

/** A fill in whole ticks and lots, with what was paid for it; null, and said, where it is not on the grid. */
export const readFill = (told: ToldFill, tools: Tools): LateFill | null => {
  const { grid, report } = tools
  const lots = decimalToSteps(told.quantity, grid.lot)
  const exact = decimalToSteps(told.price, grid.tick)
  // The venue's own closings need not lie on the grid.
  const ticks = exact ?? dec(told.price).div(grid.tickSize).round().toNumber()
  if (lots === null || lots <= 0 || ticks <= 0) {
    report(`fill ${told.fill_id}: ${told.quantity} at ${told.price} is not on the grid`)
    return null
  }
  if (exact === null) report(`fill ${told.fill_id}: booked at the nearest tick to ${told.price}`)
  const otherFee = otherFeeOf(told, tools)
  return {
    fillId: told.fill_id,
    clientOrderId: told.client_order_id ?? '',
    venueOrderId: told.venue_order_id ?? '',
    side: told.side,
    lots,
    ticks,
    fee: told.fee_asset === grid.quoteAsset ? told.fee : '0',
    ...(otherFee === null ? {} : { otherFee }),
    liquidity: told.liquidity,
    venueAt: told.at,
  }
}
