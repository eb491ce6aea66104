/**
 * One true picture of what goes on, for people and for the CLI.
 *
 * Entry points: `createStatus`, `addStatusRoutes`. Invariants: what is not known is null and never guessed; what
 * a generated market or a recording shows says so; nothing here decides anything.
 */
export { createStatus, type StatusSource } from './create-status.ts'
export { addStatusRoutes } from './status-routes.ts'
export { Status } from './status-schema.ts'
