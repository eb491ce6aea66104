import type { KeyPermission, KeySpec } from '../venue/account-spec.ts'

export type ApiKey = {
  readonly account: string
  readonly secret: string
  readonly permissions: readonly KeyPermission[]
}

/** What a key may look like; what does not is -2014. */
export const KEY_FORMAT = /^[A-Za-z0-9_-]{1,128}$/

const ALL: readonly KeyPermission[] = ['read', 'trade']

/** Keys of all accounts. */
export class ApiKeys {
  readonly #keys = new Map<string, ApiKey>()

  /** Throws a RangeError for a key that exists, an ill-formed one, and an empty secret. */
  add({ account, apiKey, secret, permissions = ALL }: KeySpec): void {
    if (!KEY_FORMAT.test(apiKey))
      throw new RangeError(`API key of ${account}: expected 1 to 128 letters, digits, _ and -`)
    if (secret === '') throw new RangeError(`secret of ${account}: expected some text`)
    if (this.#keys.has(apiKey)) throw new RangeError(`API key of ${account}: is in use already`)
    this.#keys.set(apiKey, { account, secret, permissions })
  }

  has(apiKey: string): boolean {
    return this.#keys.has(apiKey)
  }

  find(apiKey: string): ApiKey | null {
    return this.#keys.get(apiKey) ?? null
  }
}
