import type { VenueClock } from '../port/venue-clock.ts'

export type MarketSilenceOptions = {
  readonly clock: VenueClock
  /** The time that decisions run by, as it has come by the tape, while something waits for it; else null. */
  readonly timeAtStake: () => number | null
  /** It may stand still for so long before it is carried on. Milliseconds. */
  readonly silenceMs: number
  /** Puts on the tape that it is so late by now. */
  readonly tell: (at: number) => void
}

const EVERY_MS = 250
/** What happened in the silence is dated to its beginning: in one leap its bounds would be over before they began. */
const STEP_MS_MAX = 1_000

/**
 * Carries market time on by our own clock while the market tells none and something is open at the venue, so that
 * what protects it is not late by more than the silence that is allowed. Only how long it lasts is measured here:
 * neither our clock nor the venue's need be right.
 */
export class MarketSilence {
  readonly #options: MarketSilenceOptions
  /** Where market time stood when it last went on without us, and when that was seen by our clock. */
  #stood: { readonly at: number; readonly seenAt: number } | null = null
  /** Up to where it was carried. */
  #carried = 0
  #cancel: (() => void) | null = null

  constructor(options: MarketSilenceOptions) {
    this.#options = options
  }

  start(): void {
    this.#cancel = this.#options.clock.after(EVERY_MS, () => {
      this.start()
      this.#look()
    })
  }

  stop(): void {
    this.#cancel?.()
  }

  #look(): void {
    const { clock, timeAtStake, silenceMs, tell } = this.#options
    const at = timeAtStake()
    const now = clock.now()
    if (at === null) {
      this.#stood = null
      return
    }
    if (this.#stood === null || at > this.#carried) {
      this.#stood = { at, seenAt: now }
      this.#carried = at
      return
    }
    const silentMs = now - this.#stood.seenAt
    if (silentMs < silenceMs) return
    this.#carried = Math.min(this.#stood.at + Math.round(silentMs), this.#carried + STEP_MS_MAX)
    tell(this.#carried)
  }
}
