import { setTimeout as sleep } from 'node:timers/promises'
import type { MarketEvent } from '@tapedeck/core'

export type PaceOptions = {
  /** Event time per wall time: 1 plays as it happened, 60 a minute a second. */
  readonly speed: number
  readonly signal: AbortSignal
  /** Longest wait for one event; a longer silence is cut to it. Default 5 s. */
  readonly waitMaxMs?: number
}

const timeOf = (event: MarketEvent): number | null => {
  if (event.kind === 'quote' || event.kind === 'feed') return null
  return event.kind === 'bar' ? event.bar.openTime : event.time
}

/**
 * Holds a source back to event time, for people to watch. It decides when events come, never which or
 * in what order, so it changes nothing on the tape but `recorded_at`. Ends when the signal aborts.
 */
export async function* paced(
  source: AsyncIterable<readonly MarketEvent[]>,
  { speed, signal, waitMaxMs = 5000 }: PaceOptions,
): AsyncGenerator<readonly MarketEvent[], void, undefined> {
  let start: { event: number; wall: number } | null = null
  for await (const events of source) {
    if (signal.aborted) return
    let from = 0
    for (let i = 0; i < events.length; i++) {
      const time = timeOf(events[i]!)
      if (time === null) continue
      const now = performance.now()
      start ??= { event: time, wall: now }
      const wait = start.wall + (time - start.event) / speed - now
      if (wait < 1) continue
      if (i > from) yield events.slice(from, i)
      from = i
      if (wait > waitMaxMs) start = { event: time, wall: now + waitMaxMs }
      await sleep(Math.min(wait, waitMaxMs), undefined, { signal }).catch(() => null)
      if (signal.aborted) return
    }
    if (from < events.length) yield from === 0 ? events : events.slice(from)
  }
}
