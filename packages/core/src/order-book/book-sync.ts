/** The ids that a depth update carries. `previousId` (`pu`) exists on futures only. */
export type DepthIds = {
  readonly firstId: number
  readonly lastId: number
  readonly previousId: number | null
}

/** What the caller does with an update that it offered. `gap`: drop the book and fetch a snapshot. */
export type SyncResult<T> = {
  readonly apply: readonly T[]
  readonly status: 'synced' | 'waiting' | 'gap'
}

export type SyncPosition<T> = {
  readonly state: 'waiting' | 'aligning' | 'synced'
  readonly lastId: number
  readonly buffer: readonly T[]
}

const BUFFER_MAX = 10_000

/**
 * Continuity of a diff stream and its alignment with a snapshot.
 *
 * - With `previousId` (futures): ids have holes, so an update follows when `previousId` is the last
 *   update's `lastId`. After a snapshot, updates older than it are dropped and the first that is
 *   applied must reach it without a hole before it: `previousId <= snapshot <= lastId`. (The venue's
 *   `U <= snapshot` implies that, since `pu < U`.)
 * - Without (spot): `firstId` is the last `lastId + 1`; the first after a snapshot covers `snapshot + 1`.
 *
 * Updates that come before the snapshot wait in a bounded buffer. Any break returns `gap` once and then
 * waits for the next snapshot.
 */
export class BookSync<T extends DepthIds> {
  #state: SyncPosition<T>['state'] = 'waiting'
  #lastId = 0
  #buffer: T[] = []

  get isSynced(): boolean {
    return this.#state !== 'waiting'
  }

  /** The id that the book stands at; meaningful once synced. */
  get lastId(): number {
    return this.#lastId
  }

  /** A full book arrived. Returns the buffered updates that continue it. */
  snapshot(lastUpdateId: number): SyncResult<T> {
    this.#state = 'aligning'
    this.#lastId = lastUpdateId
    const buffered = this.#buffer
    this.#buffer = []
    const apply: T[] = []
    for (let i = 0; i < buffered.length; i++) {
      const result = this.delta(buffered[i]!)
      if (result.status === 'gap') {
        this.#buffer = buffered.slice(i)
        return { apply, status: 'gap' }
      }
      apply.push(...result.apply)
    }
    return { apply, status: 'synced' }
  }

  /** A change arrived. Old ones are dropped: status `synced`, nothing to apply. */
  delta(update: T): SyncResult<T> {
    if (this.#state === 'waiting') {
      this.#buffer.push(update)
      if (this.#buffer.length > BUFFER_MAX) this.#buffer.shift()
      return { apply: [], status: 'waiting' }
    }
    if (this.#isOld(update)) return { apply: [], status: 'synced' }
    if (!this.#follows(update)) {
      this.reset()
      this.#buffer.push(update)
      return { apply: [], status: 'gap' }
    }
    this.#state = 'synced'
    this.#lastId = update.lastId
    return { apply: [update], status: 'synced' }
  }

  /** Forgets the book (a disconnect, a crossed book): the next snapshot starts over. */
  reset(): void {
    this.#state = 'waiting'
    this.#buffer = []
  }

  #isOld(update: T): boolean {
    if (this.#state === 'aligning' && update.previousId !== null)
      return update.lastId < this.#lastId
    return update.lastId <= this.#lastId
  }

  #follows(update: T): boolean {
    if (update.previousId !== null)
      return this.#state === 'aligning'
        ? update.previousId <= this.#lastId
        : update.previousId === this.#lastId
    return this.#state === 'aligning'
      ? update.firstId <= this.#lastId + 1
      : update.firstId === this.#lastId + 1
  }

  /** Where the chain stands and what waits for a snapshot, for a checkpoint. */
  position(): SyncPosition<T> {
    return { state: this.#state, lastId: this.#lastId, buffer: [...this.#buffer] }
  }

  restore({ state, lastId, buffer }: SyncPosition<T>): void {
    this.#state = state
    this.#lastId = lastId
    this.#buffer = [...buffer]
  }
}
