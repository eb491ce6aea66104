/**
 * Reconciliation: the venue's books against ours.
 */
export {
  type VenueBalance,
  type VenueFill,
  type VenueOrder,
  type VenuePosition,
  type VenueSnapshot,
} from './venue-snapshot.ts'
