import type { BarClosed, SetupEventRecorded, SetupEventsConfig } from '@tapedeck/contracts'
import { createSetupEventTracker, createSetupOutcomeTracker } from '@tapedeck/core'
import { exportedEvent, type ExportedEvent } from './export-row.ts'
import { ScanTally } from './scan-counts.ts'

/** An event in the order it was seen; `done` is null while its label is awaited. */
type Place = { readonly seen: SetupEventRecorded; done: ExportedEvent | null }

/**
 * Setup events and their outcomes over bars, by the functions that the services call. Events come out in
 * the order in which they were seen, each as soon as its label and those of all before it are known; no
 * more are held than are seen within the time to live of one attempt.
 */
export class SetupScan {
  readonly tally = new ScanTally()
  readonly #events
  readonly #outcomes = createSetupOutcomeTracker()
  readonly #open = new Map<string, Place>()
  #queue: Place[] = []

  constructor(config: SetupEventsConfig) {
    this.#events = createSetupEventTracker({ config })
  }

  /** Takes a closed bar; gives the events that are complete by it. */
  push(bar: BarClosed): ExportedEvent[] {
    for (const decided of this.#outcomes.onBar(bar)) {
      const place = this.#open.get(decided.setup_event_id)!
      this.#open.delete(decided.setup_event_id)
      this.tally.outcome(decided, place.seen.bar_open_time)
      place.done = exportedEvent(place.seen, decided)
    }
    const watched = this.#events.watch(bar)
    if (watched !== null) this.tally.bar(bar, watched.transition)
    if (watched !== null && watched.event !== null) this.#see(watched.event)
    return this.#drain()
  }

  /** What is left when the data ends: attempts without an outcome have none. */
  finish(): ExportedEvent[] {
    const rest = this.#queue.map(({ seen, done }) => done ?? exportedEvent(seen, null))
    this.#queue = []
    this.#open.clear()
    return rest
  }

  #see(seen: SetupEventRecorded): void {
    const isAttempt = seen.state === 'break_attempt'
    const place: Place = { seen, done: isAttempt ? null : exportedEvent(seen, null) }
    this.#queue.push(place)
    if (!isAttempt) return
    this.#open.set(seen.setup_event_id, place)
    this.#outcomes.onEvent(seen)
  }

  #drain(): ExportedEvent[] {
    const waiting = this.#queue.findIndex(({ done }) => done === null)
    const ready = this.#queue.splice(0, waiting < 0 ? this.#queue.length : waiting)
    return ready.flatMap(({ done }) => done ?? [])
  }
}
