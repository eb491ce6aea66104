import type { Timeframe } from '@tapedeck/contracts'
import type { ArrowBatch } from '@tapedeck/columnar'
import type { MarketEvent } from '@tapedeck/core'
import { barBuffers, barValues } from './bar-rows.ts'
import { depthBuffers, depthValues, quoteBuffers, quoteValues } from './book-rows.ts'
import {
  clockBuffers,
  clockValues,
  feedBuffers,
  feedValues,
  markBuffers,
  markValues,
} from './context-rows.ts'
import type { RowBuffers, RowValues } from './row-buffers.ts'
import { columnsOf, type FileKind } from './tape-layout.ts'

/** Every kind of file but prints. */
export type EventFileKind = Exclude<FileKind, 'trades'>

const BUFFERS = {
  depth: depthBuffers,
  quotes: quoteBuffers,
  marks: markBuffers,
  feed: feedBuffers,
  clock: clockBuffers,
  bars: barBuffers,
}
const VALUES = {
  depth: depthValues,
  quotes: quoteValues,
  marks: markValues,
  feed: feedValues,
  clock: clockValues,
}

const familyOf = (kind: EventFileKind): keyof typeof BUFFERS =>
  kind.startsWith('bars-') ? 'bars' : (kind as keyof typeof BUFFERS)

/** Buffers for rows of a kind; `push` takes events of that kind alone. */
export const rowBuffers = (kind: EventFileKind): RowBuffers<MarketEvent> => {
  const buffers = BUFFERS[familyOf(kind)]() as RowBuffers<never>
  if (buffers.columns.length !== columnsOf(kind).length)
    throw new RangeError(`${kind}: ${buffers.columns.length} buffers`)
  return buffers as unknown as RowBuffers<MarketEvent>
}

/** The events of a batch, by row. */
export const rowValues = (
  kind: EventFileKind,
  batch: ArrowBatch,
  symbol: string,
): RowValues<MarketEvent> => {
  const family = familyOf(kind)
  if (family === 'bars') return barValues(batch, symbol, kind.slice('bars-'.length) as Timeframe)
  return VALUES[family](batch, symbol)
}

/** The kind of file that an event goes into. */
export const fileKindOf = (event: Exclude<MarketEvent, { kind: 'trade' }>): EventFileKind => {
  if (event.kind === 'bar') return `bars-${event.timeframe}`
  if (event.kind === 'quote') return 'quotes'
  return event.kind === 'mark' ? 'marks' : event.kind
}
