import type { VenueClock, VenueLog } from '../../port/index.ts'
import type { Credentials } from '../credentials/index.ts'

export type KeyGuardOptions = {
  readonly clock: VenueClock
  readonly log: VenueLog
  /** The key in use. */
  readonly credentials: Credentials | null
  /** Looks whether there is another key by now: the same source as at the start, read again. May throw. */
  readonly reread?: () => Credentials | null
  /** Signs with these from now on. */
  readonly use: (credentials: Credentials) => void
}

type Refusal = {
  readonly words: string
  readonly at: number
  /** It was refused for trading; questions may be answered all the same. */
  readonly forTrading: boolean
}

/** Files are not read more often than this. */
const REREAD_EVERY_MS = 2_000
/** How often they are read while the key is refused, whether or not anything is asked of the venue. */
const LOOK_EVERY_MS = 5_000
/** Then one entry may find out whether the key is good again: permissions come back without a word. */
const HOLD_MS = 60_000

const isSame = (a: Credentials | null, b: Credentials): boolean =>
  a !== null && a.apiKey.reveal() === b.apiKey.reveal() && a.secret.reveal() === b.secret.reveal()

/**
 * What becomes of a key that the venue no longer takes: entries are held back, everything that lowers risk
 * goes on being tried, and the key that an operator has put in its place is picked up.
 */
export class KeyGuard {
  readonly #options: KeyGuardOptions
  #current: Credentials | null
  /** Raised with each key: what came of a call with an older one says nothing about this. */
  generation = 0
  #refusal: Refusal | null = null
  #readAt = -Infinity
  #rereadProblem: string | null = null
  #cancelLook: (() => void) | null = null

  constructor(options: KeyGuardOptions) {
    this.#options = options
    this.#current = options.credentials
  }

  /** What the venue said when it refused the key; null while it takes it. */
  get problem(): string | null {
    return this.#refusal?.words ?? null
  }

  /** Whether an entry need not be sent: the key was refused a moment ago, and is still the same. */
  holdsEntries(): boolean {
    if (this.#refusal === null) return false
    if (this.#options.clock.now() - this.#refusal.at >= HOLD_MS) return false
    return !this.#findsAnother()
  }

  /** The venue took the key, for trading or for a question. */
  accepted(forTrading: boolean): void {
    if (this.#refusal === null || (this.#refusal.forTrading && !forTrading)) return
    this.#refusal = null
    this.stop()
    this.#options.log.info('the venue takes the key again', {})
  }

  /** Looks for another key no more by itself. */
  stop(): void {
    this.#cancelLook?.()
    this.#cancelLook = null
  }

  /** The venue did not take the key of that generation. True: another one is in use by now. */
  refused(forTrading: boolean, words: string, generation: number): boolean {
    if (generation !== this.generation) return true
    const { clock, log } = this.#options
    if (this.#refusal === null)
      log.warn('the venue refuses the key: no entry is sent, what rests at the venue stays', {
        words,
      })
    this.#refusal = {
      words,
      at: clock.now(),
      forTrading: forTrading && (this.#refusal?.forTrading ?? true),
    }
    return this.#findsAnother() || this.#lookLater()
  }

  /** False, as there is nothing yet. */
  #lookLater(): false {
    if (this.#options.reread === undefined || this.#cancelLook !== null) return false
    this.#cancelLook = this.#options.clock.after(LOOK_EVERY_MS, () => {
      this.#cancelLook = null
      if (this.#refusal !== null && !this.#findsAnother()) this.#lookLater()
    })
    return false
  }

  #findsAnother(): boolean {
    const { clock, reread, use, log } = this.#options
    if (reread === undefined || clock.now() - this.#readAt < REREAD_EVERY_MS) return false
    this.#readAt = clock.now()
    let found: Credentials | null
    try {
      found = reread()
      this.#rereadProblem = null
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      if (problem !== this.#rereadProblem) log.warn('the key cannot be read again', { problem })
      this.#rereadProblem = problem
      return false
    }
    if (found === null || isSame(this.#current, found)) return false
    this.#current = found
    this.generation++
    this.#refusal = null
    this.stop()
    use(found)
    log.info('another key was found, and is used from now on', {})
    return true
  }
}
