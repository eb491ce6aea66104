import type { MarketEvent } from '@tapedeck/core'

const EVENTS_MAX = 10_000
/** How long, on the wall, the events of a piece may lie apart when playback keeps a pace. */
const WALL_MS_MAX = 20

const timeOf = (event: MarketEvent): number | null => {
  if (event.kind === 'bar') return event.bar.openTime
  return 'time' in event ? event.time : null
}

/**
 * Cuts what a source yields into what is composed at once. A checkpoint can stand between two pieces
 * only, and a paced playback waits between them; the tape is the same however they are cut. `speed`
 * Infinity makes pieces as large as they may be.
 */
export function* inPieces(
  events: readonly MarketEvent[],
  speed: number,
): Generator<readonly MarketEvent[]> {
  const marketMsMax = WALL_MS_MAX * speed
  let from = 0
  let start: number | null = null
  for (let i = 0; i < events.length; i++) {
    const time = speed === Infinity ? null : timeOf(events[i]!)
    const isLate = time !== null && start !== null && time - start >= marketMsMax
    if (i > from && (isLate || i - from >= EVENTS_MAX)) {
      yield events.slice(from, i)
      from = i
      start = null
    }
    start ??= time
  }
  if (from === 0) yield events
  else yield events.slice(from)
}
