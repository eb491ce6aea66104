/**
 * Can Tapedeck run here, and trade there? Entry points: `runDoctor` (this machine), `runVenueDoctor` (a venue).
 * Invariant: looks only; nothing is fetched, started, placed or set.
 */
export { runDoctor } from './run-doctor.ts'
export { runVenueDoctor } from './venue-doctor.ts'
