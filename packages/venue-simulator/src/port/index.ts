/**
 * The venue port upon the exchange, without REST and sockets between: paper trading with a whole exchange.
 *
 * Entry point: `createPaperVenue`. Invariant: answers and events are those that the Binance adapter gives
 * over the simulated venue (`packages/venue-simulator/test/acceptance`).
 */
export { createPaperVenue, type PaperVenue, type PaperVenueOptions } from './paper-venue.ts'
