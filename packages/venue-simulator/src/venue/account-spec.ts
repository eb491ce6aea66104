/** What an API key may do. `read`: questions and listen keys; `trade`: orders and account settings too. */
export type KeyPermission = 'read' | 'trade'

/** An account to be opened at the venue, with one API key. More keys: `addKey`. */
export type AccountSpec = {
  /** How control, faults and tests name it, e.g. `main`. Unique. */
  readonly account: string
  readonly apiKey: string
  readonly secret: string
  /** First deposit in USDT, a decimal string. */
  readonly balance: string
  /** `['read', 'trade']` when left out. */
  readonly permissions?: readonly KeyPermission[]
}

/** A further API key of an account. */
export type KeySpec = Omit<AccountSpec, 'balance'>
