import type { MarketEvent } from '@tapedeck/core'
import { readSighted, sight, type InstrumentGrid } from '../market/index.ts'
import { FrameProblem, parseFrame } from './frame-problem.ts'
import type { ReadFrame } from './stream-socket.ts'

/** What orders an event in its own stream: trade id, last update id, or time. Null: nothing does. */
const sequenceOf = (event: MarketEvent): number | null => {
  if (event.kind === 'trade') return event.id
  if (event.kind === 'depth') return event.lastId
  if (event.kind === 'quote') return event.updateId
  return event.kind === 'mark' ? event.time : null
}

/**
 * Reads a frame of a combined market stream on the grids of the instruments that were asked for. Throws
 * for what cannot be read: `FrameProblem` for the frame, `RECORDING_INVALID` for a field.
 */
export const readMarketFrame = (
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
