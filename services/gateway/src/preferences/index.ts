/**
 * Small documents that people and programs keep here, each for itself, such as the layout of a page.
 *
 * Entry point: `addPreferenceRoutes`. Invariants: a caller sees only its own; nothing is overwritten that
 * the caller has not read; one that was never set is null at version 0.
 */
export { addPreferenceRoutes } from './preference-routes.ts'
