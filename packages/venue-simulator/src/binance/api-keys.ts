import type { KeyPermission, KeySpec } from '../venue/account-spec.ts'
import { createKeyVerifier, type KeyVerifier } from './key-verifier.ts'

export type ApiKey = {
  readonly account: string
  readonly apiKey: string
  readonly verifier: KeyVerifier
  readonly permissions: readonly KeyPermission[]
}

/** What a key may look like; what does not is -2014. */
export const KEY_FORMAT = /^[A-Za-z0-9_-]{1,128}$/

const ALL: readonly KeyPermission[] = ['read', 'trade']

/** Keys of all accounts. */
export class ApiKeys {
  readonly #keys = new Map<string, ApiKey>()
  readonly #specs = new Map<string, KeySpec>()

  /** Throws a RangeError for a key that exists, an ill-formed one, and what nothing can be signed with. */
  add(spec: KeySpec): void {
    const { account, apiKey, permissions = ALL } = spec
    if (!KEY_FORMAT.test(apiKey))
      throw new RangeError(`API key of ${account}: expected 1 to 128 letters, digits, _ and -`)
    if (this.#keys.has(apiKey)) throw new RangeError(`API key of ${account}: is in use already`)
    this.#keys.set(apiKey, { account, apiKey, verifier: createKeyVerifier(spec), permissions })
    this.#specs.set(apiKey, spec)
  }

  /** Every key as it can be added again: with its secret. */
  snapshot(): readonly KeySpec[] {
    return [...this.#specs.values()].map((spec) => {
      const { account, apiKey, permissions = ALL } = spec
      return spec.secret === undefined
        ? { account, apiKey, permissions, publicKey: spec.publicKey }
        : { account, apiKey, permissions, secret: spec.secret }
    })
  }

  /** Deletes a key, as its owner may at any time. False when the account has no such key. */
  remove(account: string, apiKey: string): boolean {
    if (this.#keys.get(apiKey)?.account !== account) return false
    this.#specs.delete(apiKey)
    return this.#keys.delete(apiKey)
  }

  has(apiKey: string): boolean {
    return this.#keys.has(apiKey)
  }

  find(apiKey: string): ApiKey | null {
    return this.#keys.get(apiKey) ?? null
  }
}
