import { z } from 'zod'
import { Lots, Millis, Symbol, Ticks, Timeframe, Venue } from '../values/scalars.ts'
import { Instrument } from './instrument.ts'

const on = { venue: Venue, symbol: Symbol }

/** A run begins: one market, played from one source. Services reset what they measured of another run. */
export const RunStarted = z.object({
  /** live = a venue's streams; generated = the seeded market; recording = files being replayed. */
  kind: z.enum(['live', 'generated', 'recording']),
  source: z.string().min(1).max(400),
  instruments: z.array(Instrument).min(1).max(64),
  lockstep: z.boolean(),
})
export type RunStarted = z.infer<typeof RunStarted>

export const RunEnded = z.object({
  reason: z.enum(['source_exhausted', 'stopped', 'failed']),
  detail: z.string().max(1000),
  trades: z.int().min(0),
  duplicates: z.int().min(0),
  late: z.int().min(0),
  missing: z.int().min(0),
  rejected: z.int().min(0),
})
export type RunEnded = z.infer<typeof RunEnded>

/**
 * Public prints in columns, one symbol. Row `i` of every column belongs together. Ids rise strictly;
 * times never fall. `maker[i]` is 1 when the buyer was the maker (an aggressive sell).
 */
export const Trades = z.object({
  ...on,
  tick_size: z.string(),
  lot_size: z.string(),
  first_id: z.int().min(0),
  last_id: z.int().min(0),
  /** Ids missing between the batch before and this one; 0 when the tape is whole here. */
  gap: z.int().min(0),
  id: z.array(z.int()),
  price_ticks: z.array(Ticks),
  quantity_lots: z.array(Lots),
  time: z.array(Millis),
  maker: z.array(z.union([z.literal(0), z.literal(1)])),
  /** Prints that are recorded but measure nothing (insurance fund, ADL): positions in the columns. */
  excluded: z.array(z.int().min(0)),
})
export type Trades = z.infer<typeof Trades>

/** A change of the order book, or all of it (`snapshot`). Quantity 0 removes the level. */
export const Depth = z.object({
  ...on,
  tick_size: z.string(),
  lot_size: z.string(),
  snapshot: z.boolean(),
  first_update_id: z.int(),
  last_update_id: z.int(),
  time: Millis,
  bid_ticks: z.array(Ticks),
  bid_lots: z.array(Lots),
  ask_ticks: z.array(Ticks),
  ask_lots: z.array(Lots),
})
export type Depth = z.infer<typeof Depth>

/** A closed bar. `vwap` is in quote units; everything else in ticks and lots. */
export const BarClosed = z.object({
  ...on,
  timeframe: Timeframe,
  open_time: Millis,
  close_time: Millis,
  tick_size: z.string(),
  lot_size: z.string(),
  open_ticks: Ticks,
  high_ticks: Ticks,
  low_ticks: Ticks,
  close_ticks: Ticks,
  volume_lots: Lots,
  buy_lots: Lots,
  sell_lots: Lots,
  delta_lots: Lots,
  min_delta_lots: Lots,
  max_delta_lots: Lots,
  trades: z.int().min(0),
  vwap: z.number(),
  /** True when carried forward over a period without trades. */
  carried: z.boolean(),
  /** True when trades are known to be missing inside. */
  tainted: z.boolean(),
})
export type BarClosed = z.infer<typeof BarClosed>

export const Mark = z.object({
  ...on,
  mark_price: z.number(),
  index_price: z.number().nullable(),
  /** Fraction per funding interval, e.g. 0.0001. */
  funding_rate: z.number(),
  next_funding_time: Millis,
})
export type Mark = z.infer<typeof Mark>

/** Market time reached `at`. Once a second; a `jump` says that more than an hour passed in silence. */
export const Clock = z.object({ at: Millis, jump: z.boolean() })
export type Clock = z.infer<typeof Clock>

export const FeedStatus = z.object({
  ...on,
  channel: z.enum(['trades', 'depth', 'mark']),
  status: z.enum(['up', 'gap', 'resync', 'stale', 'down']),
  reason: z.string().max(400),
  /** Ids lost for good or until repaired, when the status is `gap`. */
  missing_from: z.int().nullable(),
  missing_to: z.int().nullable(),
})
export type FeedStatus = z.infer<typeof FeedStatus>
