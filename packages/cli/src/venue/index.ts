/**
 * `tapedeck venue`: a Binance-compatible exchange on localhost.
 *
 * Entry points: `runVenue`. Invariants: keys of real venues are never looked for; without a file or an
 * environment that says otherwise, keys are made anew for each run.
 */
export { runVenue } from './run-venue.ts'
export type { VenueCommand } from './venue-command.ts'
