/**
 * An exchange as JSON: what it is between two calls, and one made of that again.
 *
 * Entry points: `saveExchange`, `restoreExchange`. Invariants: what is restored goes on exactly where what
 * was saved stood; money is exact decimal text; nothing that can be computed from the rest is saved, but for
 * what would take long.
 */
export { restoreExchange } from './restore-exchange.ts'
export { saveExchange } from './save-exchange.ts'
export { EXCHANGE_STATE_VERSION, type SavedExchange } from './saved-exchange.ts'
