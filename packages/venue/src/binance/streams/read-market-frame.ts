import type { MarketEvent } from '@tapedeck/core'
import {
  FrameScanner,
  readSighted,
  sight,
  type InstrumentGrid,
  type ScannedStream,
} from '../market/index.ts'
import { FrameProblem, parseFrame } from './frame-problem.ts'
import type { ReadFrame } from './stream-socket.ts'

/** What orders an event in its own stream: trade id, last update id, or time. Null: nothing does. */
const sequenceOf = (event: MarketEvent): number | null => {
  if (event.kind === 'trade') return event.id
  if (event.kind === 'depth') return event.lastId
  if (event.kind === 'quote') return event.updateId
  return event.kind === 'mark' ? event.time : null
}

/** A frame, parsed as JSON. Throws for what cannot be read. */
const parseMarketFrame = (
  text: string,
  grids: ReadonlyMap<string, InstrumentGrid>,
): ReadFrame<MarketEvent> => {
  const message = parseFrame(text)
  const stream = message['stream']
  if (typeof stream !== 'string') {
    if (message['id'] !== undefined || message['error'] !== undefined) return { answer: message }
    throw new FrameProblem('not_a_message', 'neither a stream nor an answer')
  }
  const sighted = sight(message)
  if (sighted === null) {
    const type = (message['data'] as Record<string, unknown>)['e']
    throw new FrameProblem('unknown_event', `event ${JSON.stringify(type) ?? 'of no type'}`)
  }
  const grid = sighted.symbol === null ? undefined : grids.get(sighted.symbol)
  if (grid === undefined)
    throw new FrameProblem('unknown_event', `symbol ${sighted.symbol ?? 'missing'} is not ours`)
  const value = readSighted(sighted, grid)
  return { message: { stream, id: sequenceOf(value), value } }
}

/**
 * A reader of a combined market stream on the grids of the instruments that were asked for: frequent frames
 * straight from their text, all others as JSON. It throws for what cannot be read: `FrameProblem` for the
 * frame, `RECORDING_INVALID` for a field.
 */
export const marketFrameReader = (
  streams: ReadonlyMap<string, ScannedStream>,
  grids: ReadonlyMap<string, InstrumentGrid>,
): ((text: string) => ReadFrame<MarketEvent>) => {
  const scanner = new FrameScanner(streams)
  return (text) => {
    const scanned = scanner.scan(text)
    if (scanned === null) return parseMarketFrame(text, grids)
    const { stream, event } = scanned
    return { message: { stream, id: sequenceOf(event), value: event } }
  }
}
