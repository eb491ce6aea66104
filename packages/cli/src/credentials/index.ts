/** Keys of a venue: sealed into a file, checked. Entry points: `sealToFile`, `checkEnvironment`. Never prints one. */
export { checkEnvironment } from './check-credentials.ts'
export { sealToFile } from './seal-credentials.ts'
