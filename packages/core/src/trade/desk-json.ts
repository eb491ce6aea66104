import type { Json } from '../decider.ts'
import type { FundingClockJson } from './funding-clock.ts'
import type { HoldingsJson } from './holdings.ts'
import type { OrderDeskJson } from './order-desk.ts'
import type { ReportBookJson } from './report-book.ts'

/** An instrument's desk as it lies in checkpoints. */
export type DeskJson = HoldingsJson & {
  now: number
  engine: Json
  orders: OrderDeskJson
  funding: FundingClockJson
  /** What a live venue told; absent on paper. */
  reports?: ReportBookJson
  /** Its last mark, which fees in its base asset are valued at. Live venues only. */
  mark?: number | null
}
