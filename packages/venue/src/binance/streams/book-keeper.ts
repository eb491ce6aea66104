import { BookSync, type DepthEvent } from '@tapedeck/core'

export type BookKeeperOptions = {
  readonly fetchSnapshot: () => Promise<DepthEvent>
  readonly emit: (events: readonly DepthEvent[]) => void
  /** The chain broke; a snapshot is being fetched. */
  readonly onResync: (reason: string) => void
  readonly waitFirstMs: number
  readonly waitMaxMs: number
}

/**
 * Keeps one book aligned with its diff stream: fetches a snapshot when it must, with growing waits (each
 * costs weight), and passes on only what continues it.
 */
export class BookKeeper {
  readonly #options: BookKeeperOptions
  readonly #sync = new BookSync<DepthEvent>()
  #fetching = false
  #stopped = false

  constructor(options: BookKeeperOptions) {
    this.#options = options
  }

  take(update: DepthEvent): void {
    const { apply, status } = this.#sync.delta(update)
    if (apply.length > 0) this.#options.emit(apply)
    if (status === 'gap')
      this.#options.onResync(`update ${update.firstId} does not follow ${this.#sync.lastId}`)
    if (status !== 'synced') void this.#align()
  }

  /** The connection was lost: what is known of the book is worth nothing. */
  reset(): void {
    this.#sync.reset()
  }

  stop(): void {
    this.#stopped = true
  }

  async #align(): Promise<void> {
    if (this.#fetching) return
    this.#fetching = true
    let wait = this.#options.waitFirstMs
    try {
      while (!this.#stopped && !this.#sync.isSynced) {
        if (await this.#tryOnce()) return
        await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random() / 2)))
        wait = Math.min(wait * 2, this.#options.waitMaxMs)
      }
    } finally {
      this.#fetching = false
    }
  }

  /** True when the book is aligned. An unusable or too old snapshot is tried again like no answer. */
  async #tryOnce(): Promise<boolean> {
    let snapshot: DepthEvent
    try {
      snapshot = await this.#options.fetchSnapshot()
    } catch {
      return false
    }
    if (this.#stopped) return true
    const { apply, status } = this.#sync.snapshot(snapshot.lastId)
    if (status === 'gap') return false
    this.#options.emit([snapshot, ...apply])
    return true
  }
}
