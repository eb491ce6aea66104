/**
 * Reconciliation: the venue's books against ours (S3 §4.4, domain §6).
 *
 * Entry points: `createReconcilerDecider` (when to look, what to report), `compareBooks` (every kind of
 * difference, pure). Invariants: ids of findings and corrections are hashes of what they stand for, so
 * that doing it twice does nothing twice; a difference counts on the first look of a run at once, and
 * later only when another look still shows it that was taken after our books had read all that the tape held at
 * the first one, because orders and fills are on their way all the time and books can be behind;
 * missed fills come first, since they may explain everything else; what is not ours is never touched. What
 * became of break attempts (`SetupOutcomes`) is decided from the tape alone, whether or not a venue answers.
 */
export {
  type VenueBalance,
  type VenueFill,
  type VenueOrder,
  type VenuePosition,
  type VenueSnapshot,
} from './venue-snapshot.ts'
export { OurBooks, type OurBooksJson } from './our-books.ts'
export { compareBooks } from './compare-books.ts'
export type { CorrectionDraft, Difference } from './difference.ts'
export {
  createReconcilerDecider,
  type Reconciler,
  type ReconcilerConfig,
} from './reconciler-decider.ts'
export type { LookTrigger } from './reconciler-state.ts'
export { SetupOutcomes } from './setup-outcomes.ts'
export { fromVenueSeen, toVenueSeen } from './venue-seen.ts'
export {
  lookAtBooks,
  mergeSnapshots,
  narrowSnapshot,
  reconcileWith,
  symbolsByVenue,
  type SymbolsByVenue,
} from './venue-look.ts'
