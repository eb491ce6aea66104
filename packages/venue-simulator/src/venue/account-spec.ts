import type { OpenFeeAsset } from '../exchange/index.ts'

/** What an API key may do. `read`: questions and listen keys; `trade`: orders and account settings too. */
export type KeyPermission = 'read' | 'trade'

/**
 * What requests of a key are signed with: a secret that both sides know (HMAC), or a private key of which
 * the venue has the public half: PEM of an Ed25519 key, or of an RSA key of 2048 bits or more.
 */
export type KeyProof =
  | { readonly secret: string; readonly publicKey?: never }
  | { readonly publicKey: string; readonly secret?: never }

/** A further API key of an account. */
export type KeySpec = {
  /** How control, faults and tests name it, e.g. `main`. Unique. */
  readonly account: string
  readonly apiKey: string
  /** `['read', 'trade']` when left out. */
  readonly permissions?: readonly KeyPermission[]
} & KeyProof

/** An account to be opened at the venue, with one API key. More keys: `addKey`. */
export type AccountSpec = KeySpec & {
  /** First deposit in USDT, a decimal string. */
  readonly balance: string
  /** What commissions are paid with, e.g. BNB at 600; USDT when left out. */
  readonly feeAsset?: OpenFeeAsset
}
