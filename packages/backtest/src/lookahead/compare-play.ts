import { markOf, StatementLog, textOf } from './statement-log.ts'
import type { Hear, Subject } from './subject.ts'

/** What was said in a play, by `what`: each has an order of its own, and none among each other. */
export type PlayLog = ReadonlyMap<string, StatementLog>

/** A statement of a clean play: the place among those of its `what`. */
export type Place = { readonly what: string; readonly index: number }

export type Said = { readonly at: number; readonly what: string; readonly body: unknown }

/** The earliest statement that is not as it was, and what was said in its place; `null` when nothing was. */
export type Difference = Place & { readonly said: Said | null }

export type Compared = { readonly compared: number; readonly difference: Difference | null }

export const countOf = (log: PlayLog): number =>
  log.values().reduce((sum, { count }) => sum + count, 0)

const copy = (body: unknown): unknown => JSON.parse(JSON.stringify(body ?? null)) as unknown

/** Plays, and keeps when each statement was so and the mark of it. */
export const recordPlay = async <Data>(subject: Subject<Data>, data: Data): Promise<PlayLog> => {
  const logs = new Map<string, StatementLog>()
  await subject.play(data, (at, what, body) => {
    let log = logs.get(what)
    if (log === undefined) logs.set(what, (log = new StatementLog()))
    log.add(at, markOf(textOf(at, what, body)))
  })
  return logs
}

/** The statements of one `what`, gone through once more. */
class Reading {
  readonly log: StatementLog
  readonly #what: string
  readonly #until: number
  #index: number
  compared = 0
  said: Said | null = null

  constructor(log: StatementLog, what: string, until: number) {
    this.log = log
    this.#what = what
    this.#until = until
    this.#index = log.nextUntil(0, until)
  }

  hear(at: number, body: unknown): void {
    if (at > this.#until || this.said !== null) return
    const [what, index, log] = [this.#what, this.#index, this.log]
    if (index < log.count && log.markAt(index) === markOf(textOf(at, what, body))) {
      this.compared++
      this.#index = log.nextUntil(index + 1, this.#until)
    } else this.said = { at, what, body: copy(body) }
  }

  /** When it first differs, and where; null when all of it was said again and nothing else. */
  difference(): (Difference & { readonly at: number }) | null {
    const [what, index, said] = [this.#what, this.#index, this.said]
    const lost = index < this.log.count ? this.log.timeAt(index) : Infinity
    const at = Math.min(lost, said?.at ?? Infinity)
    return at === Infinity ? null : { what, index, said, at }
  }
}

/**
 * Plays and compares with the log everything that was so at or before `until`: the statements of each `what` one by
 * one in their order. Which of two kinds of statements stands first on a tape says when they were handled, not what
 * was known, and a future may change that.
 */
export const comparePlay = async <Data>(
  subject: Subject<Data>,
  data: Data,
  log: PlayLog,
  until: number,
): Promise<Compared> => {
  const readings = new Map(
    log.entries().map(([what, one]) => [what, new Reading(one, what, until)]),
  )
  const hear: Hear = (at, what, body) => {
    let reading = readings.get(what)
    if (reading === undefined)
      readings.set(what, (reading = new Reading(new StatementLog(), what, until)))
    reading.hear(at, body)
  }
  await subject.play(data, hear)
  const all = [...readings.values()]
  const [first] = all
    .map((reading) => reading.difference())
    .filter((one) => one !== null)
    .toSorted((a, b) => a.at - b.at)
  return {
    compared: all.reduce((sum, { compared }) => sum + compared, 0),
    difference: first ?? null,
  }
}

/** Plays the clean data once more for the words of statements; one that it does not say again is `undefined`. */
export const recallPlay = async <Data>(
  subject: Subject<Data>,
  data: Data,
  places: readonly Place[],
): Promise<(Said | undefined)[]> => {
  const found: (Said | undefined)[] = places.map(() => undefined)
  const passed = new Map<string, number>()
  await subject.play(data, (at, what, body) => {
    const index = passed.get(what) ?? 0
    passed.set(what, index + 1)
    for (const [i, place] of places.entries())
      if (place.what === what && place.index === index) found[i] = { at, what, body: copy(body) }
  })
  return found
}
