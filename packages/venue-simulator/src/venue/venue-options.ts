import type { OrderLimits } from '../binance/index.ts'
import type { ExchangeInstrument, ExchangeOptions } from '../exchange/index.ts'
import type { FaultPlan } from '../faults/index.ts'
import type { MarketSource } from '../market/index.ts'
import type { StreamLimits } from '../sockets/index.ts'

/** What a venue is made of. Either a source, or instruments and a start time. */
export type SimulatedVenueOptions = {
  /** Where prices come from; absent: `applyMarket` alone. */
  readonly source?: MarketSource
  /** What is listed; default: the source's instruments with usual bounds and brackets. */
  readonly instruments?: readonly ExchangeInstrument[]
  /** The clock at the beginning, ms; default: the source's. */
  readonly startTime?: number
  /** Decides ids and listen keys. Default 1. */
  readonly seed?: number
  /** What goes wrong from the beginning; default: nothing. */
  readonly faultPlan?: FaultPlan
  /** Request weight by minute and address; 2400 when left out. */
  readonly weightLimit?: number
  /** Orders by ten seconds and minute; 300 and 1200 when left out. */
  readonly orderLimits?: OrderLimits
  readonly streamLimits?: Partial<StreamLimits>
  /** What the control interface wants as `authorization: Bearer ...`; absent: it is open. */
  readonly controlToken?: string
} & Pick<
  ExchangeOptions,
  'makerFeePercent' | 'takerFeePercent' | 'leverage' | 'insuranceFund' | 'maxConditionals'
>
