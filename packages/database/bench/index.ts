/**
 * Measurements of this package, for `npm run bench`.
 *
 * Entry points: `measureCommits`, `measureCopy`; `node bench/run.ts` prints both. Invariant: they bring
 * their own tables, in a schema that nobody else uses.
 */
export { measureCommits, type CommitRate, type CommitTables } from './measure-commits.ts'
export { measureCopy, type CopyRate } from './measure-copy.ts'
