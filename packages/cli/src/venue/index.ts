/**
 * `tapedeck venue`: a Binance-compatible exchange on localhost.
 *
 * Entry points: `runVenue`, `openVenue` (the same without an address, for a session of `tapedeck up`). Invariants: keys of real venues are never looked for; without a file or an
 * environment that says otherwise, keys are made anew for each run.
 */
export { listedOf } from './generated-symbols.ts'
export { runVenue } from './run-venue.ts'
export { openVenue, type OpenedVenue } from './open-venue.ts'
export type { VenueCommand } from './venue-command.ts'
