import type { VenueReported } from '@tapedeck/contracts'
import type { VenueClock } from '../port/venue-clock.ts'
import type { VenueLog } from '../port/venue-log.ts'
import { sleep } from './sleep.ts'

export type ReportQueueOptions = {
  readonly report: (report: VenueReported) => Promise<void>
  readonly clock: VenueClock
  readonly log: VenueLog
}

const REMEMBERED_MAX = 10_000
const RETRY_MS = 1_000
/** News that is not about our orders is not kept beyond this, while nobody takes reports. */
const WAITING_MAX = 5_000

/** Reports on their way to the tape: one at a time, in order, each until it is taken. */
export class ReportQueue {
  readonly #options: ReportQueueOptions
  readonly #told = new Set<string>()
  readonly #waiting: VenueReported[] = []
  #running: Promise<void> | null = null
  #stopped = false

  constructor(options: ReportQueueOptions) {
    this.#options = options
  }

  /** True when everything that was told has been taken. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** False when it was told before, or when there is no room for news that is not about an order of ours. */
  push(report: VenueReported, ours: boolean): boolean {
    const id = report.report_id
    if (this.#stopped || this.#told.has(id)) return false
    if (!ours && this.#waiting.length >= WAITING_MAX) {
      this.#options.log.warn('a report was dropped: nobody takes them', { report: report.report })
      return false
    }
    this.#told.add(id)
    if (this.#told.size > REMEMBERED_MAX)
      for (const oldest of this.#told) {
        this.#told.delete(oldest)
        break
      }
    this.#waiting.push(report)
    this.#running ??= this.#run()
    return true
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      try {
        await this.#options.report(next)
        this.#waiting.shift()
      } catch (error) {
        if (this.#stopped) break
        this.#options.log.warn('a report was not taken, and is tried again', {
          report_id: next.report_id,
          error: error instanceof Error ? error.message : String(error),
        })
        await sleep(this.#options.clock, RETRY_MS)
      }
    }
    this.#running = null
  }

  /** Takes no more, and tries what waits to the end, each once more at most. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }
}
