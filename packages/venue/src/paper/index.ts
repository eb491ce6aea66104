/**
 * The paper venue's query side: reconciliation asks it as it asks a real venue.
 *
 * Entry point: `createPaperQueries`. Orders are not sent here: the paper venue lives inside the
 * execution decider, because its fills are a function of the tape.
 */
export { createPaperQueries, type SnapshotProvider } from './paper-queries.ts'
export { venueSubject } from './venue-subject.ts'
