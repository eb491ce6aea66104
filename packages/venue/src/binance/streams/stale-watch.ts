import type { VenueClock } from '../../port/venue-clock.ts'

export type StaleWatchOptions = {
  readonly streams: readonly string[]
  /** Longest silence of a stream; infinite for one that may never speak. */
  readonly staleMs: (stream: string) => number
  readonly clock: VenueClock
  /** Streams that were silent for longer than they may be, and for how long. */
  readonly onStale: (silent: readonly { stream: string; silentMs: number }[]) => void
}

/** A stream that reconnecting does not revive is waited for ever longer: it must not take others down. */
const PATIENCE_MAX = 64

type Watched = { readonly staleMs: number; heardAt: number; patience: number }

/**
 * Each stream by a bound of its own: a stream on the wrong route is accepted, acknowledged and never
 * delivers, so that a connection that is up proves nothing (binance-ccxt-facts §1.1).
 */
export class StaleWatch {
  readonly #options: StaleWatchOptions
  readonly #watched = new Map<string, Watched>()
  readonly #everyMs: number
  #cancel: (() => void) | null = null

  constructor(options: StaleWatchOptions) {
    this.#options = options
    for (const stream of options.streams) {
      const staleMs = options.staleMs(stream)
      this.#watched.set(stream, { staleMs, heardAt: 0, patience: 1 })
    }
    const shortest = Math.min(...[...this.#watched.values()].map(({ staleMs }) => staleMs))
    this.#everyMs = Math.max(10, shortest / 4)
  }

  /** From now on: the streams have been asked for. */
  begin(): void {
    const now = this.#options.clock.now()
    for (const watched of this.#watched.values()) watched.heardAt = now
    this.end()
    if (Number.isFinite(this.#everyMs)) this.#arm()
  }

  saw(stream: string): void {
    const watched = this.#watched.get(stream)
    if (watched === undefined) return
    watched.heardAt = this.#options.clock.now()
    watched.patience = 1
  }

  end(): void {
    this.#cancel?.()
    this.#cancel = null
  }

  #arm(): void {
    this.#cancel = this.#options.clock.after(this.#everyMs, () => {
      this.#arm()
      this.#check()
    })
  }

  #check(): void {
    const now = this.#options.clock.now()
    const silent: { stream: string; silentMs: number }[] = []
    for (const [stream, watched] of this.#watched) {
      const silentMs = now - watched.heardAt
      if (silentMs <= watched.staleMs * watched.patience) continue
      silent.push({ stream, silentMs: Math.round(silentMs) })
      watched.patience = Math.min(PATIENCE_MAX, watched.patience * 2)
    }
    if (silent.length > 0) this.#options.onStale(silent)
  }
}
