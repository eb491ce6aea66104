import { BookSync, OrderBook, type DepthEvent } from '@tapedeck/core'
import type { VenueClock } from '../../port/venue-clock.ts'
import type { Backoff } from './backoff.ts'

export type BookKeeperOptions = {
  readonly fetchSnapshot: () => Promise<DepthEvent>
  readonly emit: (events: readonly DepthEvent[]) => void
  /** The book is worth nothing from here on; a snapshot is being fetched. */
  readonly onResync: (reason: string) => void
  readonly clock: VenueClock
  readonly backoff: Backoff
}

/**
 * So many snapshots of one book in so long, at weight 20 each: a stream that loses something with every second
 * would ask for one with every second.
 */
const PACED = 3
const PACED_MS = 6_000

/**
 * Keeps one book aligned with its diff stream: fetches a snapshot when it must, with growing waits (each
 * costs weight), and passes on only what continues it. A book that crosses is as broken as one with a hole.
 */
export class BookKeeper {
  readonly #options: BookKeeperOptions
  readonly #sync = new BookSync<DepthEvent>()
  #book = new OrderBook()
  #fetching = false
  #stopped = false
  /** Updates come that wait for a snapshot. */
  #wanted = false
  /** Raised by every reset: a snapshot from before says nothing about the stream after. */
  #era = 0
  /** Snapshots that were asked for, and times that the chain broke: for metrics. */
  snapshots = 0
  resyncs = 0
  /** When the last of them were asked for. */
  #asked: readonly number[] = []

  constructor(options: BookKeeperOptions) {
    this.#options = options
  }

  /** Null while it is not aligned. */
  get book(): OrderBook | null {
    return this.#sync.isSynced ? this.#book : null
  }

  get lastId(): number {
    return this.#sync.lastId
  }

  take(update: DepthEvent): void {
    const { apply, status } = this.#sync.delta(update)
    if (status === 'gap')
      this.#broke(`update ${update.firstId} does not follow ${this.#sync.lastId}`)
    else if (this.#apply(apply)) {
      if (apply.length > 0) this.#options.emit(apply)
    } else {
      this.#sync.reset()
      this.#broke(`update ${update.lastId} crosses the book`)
    }
    if (this.#sync.isSynced) return
    this.#wanted = true
    void this.#align()
  }

  /** The connection was lost: what is known of the book is worth nothing. */
  reset(): void {
    this.#sync.reset()
    this.#wanted = false
    this.#era++
  }

  stop(): void {
    this.#stopped = true
  }

  #broke(reason: string): void {
    this.resyncs++
    this.#options.onResync(reason)
  }

  /** False when it crosses the book. */
  #apply(changes: readonly DepthEvent[]): boolean {
    for (const { bidTicks, bidLots, askTicks, askLots } of changes)
      this.#book.applyDelta(bidTicks, bidLots, askTicks, askLots)
    return changes.length === 0 || !this.#book.isCrossed()
  }

  async #align(): Promise<void> {
    if (this.#fetching) return
    this.#fetching = true
    const { clock, backoff } = this.#options
    const wait = (ms: number): Promise<void> =>
      new Promise<void>((resolve) => clock.after(ms, resolve))
    try {
      while (!this.#stopped && this.#wanted && !this.#sync.isSynced) {
        const paceMs = this.#paceMs()
        if (paceMs > 0) await wait(paceMs)
        else if (await this.#tryOnce()) backoff.reset()
        else await wait(backoff.next())
      }
    } finally {
      this.#fetching = false
    }
  }

  /** How long the next snapshot has to wait. */
  #paceMs(): number {
    const [first] = this.#asked
    if (first === undefined || this.#asked.length < PACED) return 0
    return Math.max(0, first + PACED_MS - this.#options.clock.now())
  }

  /** True when the book is aligned. An unusable or too old snapshot is tried again like no answer. */
  async #tryOnce(): Promise<boolean> {
    const era = this.#era
    let snapshot: DepthEvent
    try {
      this.snapshots++
      this.#asked = [...this.#asked, this.#options.clock.now()].slice(-PACED)
      snapshot = await this.#options.fetchSnapshot()
    } catch {
      return false
    }
    if (this.#stopped || era !== this.#era) return false
    const { apply, status } = this.#sync.snapshot(snapshot.lastId)
    if (status === 'gap') return false
    const { bidTicks, bidLots, askTicks, askLots } = snapshot
    this.#book = new OrderBook()
    this.#book.applySnapshot(bidTicks, bidLots, askTicks, askLots)
    if (this.#book.isCrossed() || !this.#apply(apply)) {
      this.#sync.reset()
      return false
    }
    this.#options.emit([snapshot, ...apply])
    return true
  }
}
