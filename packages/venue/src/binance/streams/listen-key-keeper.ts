import type { VenueClock } from '../../port/venue-clock.ts'
import type { VenueLog } from '../../port/venue-log.ts'
import type { ListenKeyAnswer, ListenKeyCalls } from './account-stream-options.ts'

export type ListenKeyKeeperOptions = {
  readonly calls: ListenKeyCalls
  readonly clock: VenueClock
  readonly log: VenueLog
  /** How often the key is extended. */
  readonly keepAliveMs: number
  /** First and longest wait after an extension that nobody answered. */
  readonly retryFirstMs: number
  readonly retryMaxMs: number
  /** The key that the stream hangs on is dead, or another one took its place. */
  readonly onGone: (reason: string) => void
}

/** What the venue gives a key to live without being extended (binance-ccxt-facts §3.5). */
const KEY_LIFE_MS = 60 * 60_000

/**
 * The listen key of one account. Asked for before each connection: the call gives the living key and
 * extends it, or a new one, so that no dead key is ever dialed again. One call is under way at a time.
 */
export class ListenKeyKeeper {
  readonly #options: ListenKeyKeeperOptions
  #key: string | null = null
  #keptAt = 0
  #asking: Promise<string> | null = null
  #failures = 0
  #stopped = false
  #cancel = (): void => undefined
  /** Every key there ever was, to be hidden in logs. The venue gives the same one as long as it lives. */
  readonly #known = new Set<string>()

  constructor(options: ListenKeyKeeperOptions) {
    this.#options = options
  }

  /** When the venue last said that the key is good, by our clock; null before. */
  get keptAt(): number | null {
    return this.#key === null ? null : this.#keptAt
  }

  /** The living key. Rejects when the venue gives none, or none in time. */
  async ask(): Promise<string> {
    this.#asking ??= this.#create().finally(() => {
      this.#asking = null
    })
    return await this.#asking
  }

  /** Takes the keys out of a text. */
  hide(text: string): string {
    let hidden = text
    for (const key of this.#known) hidden = hidden.replaceAll(key, '***')
    return hidden
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  async #create(): Promise<string> {
    const answer = await this.#options.calls.create()
    if (answer.outcome === 'unknown') throw new Error(`no listen key: ${answer.detail}`)
    const { value } = answer
    if (value.listenKey === null)
      throw new Error(`no listen key: ${value.code} ${value.reason}`.slice(0, 300))
    this.#keep(value.listenKey)
    return value.listenKey
  }

  #keep(key: string): void {
    this.#key = key
    this.#known.add(key)
    this.#keptAt = this.#options.clock.now()
    this.#failures = 0
    this.#schedule(this.#options.keepAliveMs)
  }

  #schedule(ms: number): void {
    this.#cancel()
    if (!this.#stopped) this.#cancel = this.#options.clock.after(ms, () => void this.#extend())
  }

  async #extend(): Promise<void> {
    const extended = this.#key
    if (extended === null || this.#asking !== null) {
      this.#schedule(this.#options.keepAliveMs)
      return
    }
    const answer = await this.#options.calls.extend()
    // Another call has settled it in the meantime.
    if (this.#stopped || this.#key !== extended) return
    if (answer.outcome === 'unknown') this.#failed(answer.detail)
    else this.#extended(extended, answer.value)
  }

  #extended(extended: string, answer: ListenKeyAnswer): void {
    if (answer.listenKey === extended) this.#keep(extended)
    else if (answer.listenKey !== null) {
      this.#known.add(answer.listenKey)
      this.#gone('the venue extended another listen key than ours')
    } else if (answer.code === '-1125') this.#gone('the listen key is gone (-1125)')
    else this.#failed(`${answer.code} ${answer.reason}`)
  }

  /** Tried again soon; when the key must have died in the meantime, it is treated as dead. */
  #failed(detail: string): void {
    const { clock, log, retryFirstMs, retryMaxMs } = this.#options
    const leftMs = this.#keptAt + KEY_LIFE_MS - clock.now()
    const reason = this.hide(detail).slice(0, 200)
    log.warn('the listen key could not be extended', { reason, leftMs: Math.round(leftMs) })
    if (leftMs <= 0) {
      this.#gone('the listen key could not be extended for as long as it lives')
      return
    }
    this.#schedule(Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(this.#failures++, 20)))
  }

  #gone(reason: string): void {
    this.#key = null
    this.#options.onGone(reason)
  }
}
