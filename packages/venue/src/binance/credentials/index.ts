/**
 * Keys: where they come from, how they are kept, and that they are never shown.
 *
 * Entry points: `Secret` (prints as `[secret]`), `keyProblem` (placeholders). Invariant: the text of a key
 * is in a `Secret`, in the file that the user named, or in the request that it signs, and nowhere else.
 */
export { Secret, type Credentials } from './secret.ts'
export { keyProblem } from './key-problem.ts'
export { SecretHider } from './secret-hider.ts'
export { createHidingLog } from './hiding-log.ts'
