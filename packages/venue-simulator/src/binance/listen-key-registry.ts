import { createHash } from 'node:crypto'
import type { ListenKeys } from '../sockets/listen-keys.ts'
import { API_ERRORS } from './api-error.ts'

/** How long a listen key lives after it was made or extended. */
export const LISTEN_KEY_MS = 3_600_000

type Held = { readonly listenKey: string; expiresAt: number }
export type SavedListenKeys = {
  readonly made: number
  readonly held: readonly (readonly [account: string, listenKey: string, expiresAt: number])[]
}
export type ExpiredKey = { readonly account: string; readonly listenKey: string }

/**
 * Listen keys, one an account (binance-ccxt-facts §3.5). Their text follows from a seed and how many there
 * were, so that the same session has the same keys.
 */
export class ListenKeyRegistry implements ListenKeys {
  readonly #seed: number
  readonly #byAccount = new Map<string, Held>()
  readonly #accounts = new Map<string, string>()
  #made = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  accountOf(listenKey: string): string | null {
    return this.#accounts.get(listenKey) ?? null
  }

  /** The live key of an account; null when it has none. */
  keyOf(account: string): string | null {
    return this.#byAccount.get(account)?.listenKey ?? null
  }

  /** The account's live key with its time extended, or a new one. */
  open(account: string, time: number): string {
    const held = this.#byAccount.get(account)
    const expiresAt = time + LISTEN_KEY_MS
    if (held !== undefined) {
      held.expiresAt = expiresAt
      return held.listenKey
    }
    const listenKey = this.#newKey()
    this.#byAccount.set(account, { listenKey, expiresAt })
    this.#accounts.set(listenKey, account)
    return listenKey
  }

  /** Throws -1125 when there is none to extend. */
  extend(account: string, time: number): string {
    if (!this.#byAccount.has(account)) throw API_ERRORS.noListenKey()
    return this.open(account, time)
  }

  /** The key that is over now; null when there was none. */
  close(account: string): ExpiredKey | null {
    const held = this.#byAccount.get(account)
    if (held === undefined) return null
    this.#byAccount.delete(account)
    this.#accounts.delete(held.listenKey)
    return { account, listenKey: held.listenKey }
  }

  end(listenKey: string): void {
    const account = this.accountOf(listenKey)
    if (account !== null) this.close(account)
  }

  /** Keys whose hour is over by `time`, oldest first; they are dead from now on. */
  expire(time: number): readonly ExpiredKey[] {
    return [...this.#byAccount]
      .filter(([, { expiresAt }]) => expiresAt <= time)
      .toSorted(([, a], [, b]) => a.expiresAt - b.expiresAt)
      .flatMap(([account]) => this.close(account) ?? [])
  }

  /** When the next one is over; null when there is none. */
  get due(): number | null {
    let due: number | null = null
    for (const { expiresAt } of this.#byAccount.values())
      due = due === null ? expiresAt : Math.min(due, expiresAt)
    return due
  }

  snapshot(): SavedListenKeys {
    const held = [...this.#byAccount].map(
      ([account, { listenKey, expiresAt }]) => [account, listenKey, expiresAt] as const,
    )
    return { made: this.#made, held }
  }

  restore({ made, held }: SavedListenKeys): void {
    this.#made = made
    for (const [account, listenKey, expiresAt] of held) {
      this.#byAccount.set(account, { listenKey, expiresAt })
      this.#accounts.set(listenKey, account)
    }
  }

  #newKey(): string {
    const bytes = createHash('sha512')
      .update(`listen key ${this.#seed} ${this.#made++}`)
      .digest()
    return bytes
      .toString('base64')
      .replaceAll(/[^A-Za-z0-9]/g, 'k')
      .slice(0, 64)
  }
}
