import type { Instrument, Timeframe } from '@tapedeck/contracts'
import type { ArrowColumn } from '@tapedeck/columnar'

/** Version of the folder's layout: of the manifest, of names and columns of the files. */
export const TAPE_VERSION = 1

/** Rows of a full record batch. */
export const BATCH_ROWS = 65_536
/** A batch of long rows (books) ends earlier. */
export const BATCH_BYTES = 8 * 1024 * 1024

export type EventKind = 'depth' | 'quotes' | 'marks' | 'feed' | 'clock'
/** What a file holds: prints, one kind of other events, or the bars of one timeframe. */
export type FileKind = 'trades' | EventKind | `bars-${Timeframe}`

const int64 = (name: string, nullable = false): ArrowColumn => ({ name, type: 'int64', nullable })
const time = (name: string, nullable = false): ArrowColumn => ({
  name,
  type: 'timestamp_ms',
  nullable,
})
const list = (name: string): ArrowColumn => ({ name, type: 'int64_list' })
const bool = (name: string): ArrowColumn => ({ name, type: 'bool' })
const float = (name: string, nullable = false): ArrowColumn => ({ name, type: 'float64', nullable })
const text = (name: string): ArrowColumn => ({ name, type: 'string' })

/**
 * `order` is the row's place in the source, across symbols and kinds. `at` is the latest time that the
 * source had told when the row came; prints have their own `time` alone.
 */
const placed = [int64('order'), time('at')]

const TRADES = [
  int64('order'),
  int64('id'),
  int64('price_ticks'),
  int64('quantity_lots'),
  time('time'),
  bool('buyer_is_maker'),
  bool('excluded'),
]

const BARS = [
  ...placed,
  time('open_time'),
  int64('open_ticks'),
  int64('high_ticks'),
  int64('low_ticks'),
  int64('close_ticks'),
  int64('volume_lots'),
  int64('buy_lots'),
  int64('sell_lots'),
  int64('min_delta_lots'),
  int64('max_delta_lots'),
  int64('trades'),
  float('excess'),
  bool('carried'),
  bool('tainted'),
]

const EVENTS: Readonly<Record<EventKind, readonly ArrowColumn[]>> = {
  depth: [
    ...placed,
    bool('snapshot'),
    int64('first_id'),
    int64('last_id'),
    int64('previous_id', true),
    time('time', true),
    list('bid_ticks'),
    list('bid_lots'),
    list('ask_ticks'),
    list('ask_lots'),
  ],
  quotes: [
    ...placed,
    int64('update_id'),
    int64('bid_ticks'),
    int64('bid_lots'),
    int64('ask_ticks'),
    int64('ask_lots'),
  ],
  marks: [
    ...placed,
    time('time'),
    float('mark_price'),
    float('index_price', true),
    float('funding_rate'),
    time('next_funding_time'),
  ],
  feed: [
    ...placed,
    text('channel'),
    text('status'),
    text('reason'),
    int64('missing_from', true),
    int64('missing_to', true),
  ],
  clock: [...placed, time('time')],
}

export const columnsOf = (kind: FileKind): readonly ArrowColumn[] => {
  if (kind === 'trades') return TRADES
  return kind in EVENTS ? EVENTS[kind as EventKind] : BARS
}

const DAY_MS = 86_400_000

/** The UTC day of a file, of bars the year: `2024-08-08`, `2024`. */
export const periodOf = (kind: FileKind, at: number): string =>
  new Date(at).toISOString().slice(0, kind.startsWith('bars-') ? 4 : 10)

/** When the period that holds `at` ends, ms. */
export const periodEnd = (kind: FileKind, at: number): number =>
  kind.startsWith('bars-')
    ? Date.UTC(new Date(at).getUTCFullYear() + 1)
    : at - (at % DAY_MS) + DAY_MS

export const pathOf = (symbol: string, kind: FileKind, period: string): string =>
  `${symbol}/${kind}-${period}.arrow`

/** What each file says of itself, for whoever has the file alone. */
export const metadataOf = (instrument: Instrument, kind: FileKind): Record<string, string> => ({
  tapedeck_tape: String(TAPE_VERSION),
  kind,
  venue: instrument.venue,
  symbol: instrument.symbol,
  tick_size: instrument.tick_size,
  lot_size: instrument.lot_size,
})
