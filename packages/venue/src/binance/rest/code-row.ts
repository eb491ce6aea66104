/**
 * What a code of the venue means for whatever was asked.
 * - `refused`: it was not done, and asking again changes nothing.
 * - `not_placed`: it was not done, and the same may be asked later.
 * - `unknown`: it may have been done.
 */
export type Verdict = 'refused' | 'not_placed' | 'unknown'

/** What else a code tells us to do. */
export type Consequence =
  | 'resync_clock'
  | 'pause'
  | 'pause_orders'
  /** An open order has this id already. */
  | 'duplicate'
  /** There is no such order, or none that is open. */
  | 'gone'
  /** It is as it should be already. */
  | 'unchanged'
  /** The listen key. */
  | 'key_gone'
  /** The API key may not do this, or not from this address: it was revoked, replaced, or never had the permission. */
  | 'key_refused'

export type CodeRow = {
  readonly code: number
  readonly verdict: Verdict
  readonly consequence: Consequence | null
  readonly meaning: string
}

export const row = (
  code: number,
  verdict: Verdict,
  meaning: string,
  consequence: Consequence | null = null,
): CodeRow => ({ code, verdict, consequence, meaning })
