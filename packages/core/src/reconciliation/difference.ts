import type { CorrectionRequested, FindingKind, Instrument } from '@tapedeck/contracts'

/** A correction before it has its ids. */
export type CorrectionDraft = Pick<CorrectionRequested, 'correction'> &
  Partial<
    Pick<
      CorrectionRequested,
      | 'trade_id'
      | 'client_order_id'
      | 'side'
      | 'quantity'
      | 'price'
      | 'fill_id'
      | 'fee'
      | 'fee_asset'
    >
  >

/** One thing in which the venue's books and ours differ. */
export type Difference = {
  readonly kind: FindingKind
  readonly venue: string
  readonly symbol: string
  /** What it stands for: the same difference seen again has the same key, and its ids are hashes of it. */
  readonly key: string
  readonly ours: string
  readonly theirs: string
  readonly action: string
  readonly corrections: readonly CorrectionDraft[]
  /** What was asked for about it came to nothing: it is asked for again, although it stands. */
  readonly askAgain?: boolean
  /** A fill of others. When it stands although it was asked for, it does not explain the rest. */
  readonly ofOthers?: boolean
}

export const difference = (
  kind: FindingKind,
  instrument: Instrument,
  what: string,
  told: Pick<Difference, 'ours' | 'theirs' | 'action'>,
  corrections: readonly CorrectionDraft[],
): Difference => ({
  kind,
  venue: instrument.venue,
  symbol: instrument.symbol,
  key: `${kind}|${instrument.venue}|${instrument.symbol}|${what}`,
  ...told,
  corrections,
})
