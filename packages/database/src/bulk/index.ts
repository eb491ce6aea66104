/**
 * Many rows at once: COPY and day partitions, for trades and bars.
 *
 * Entry points: `copyRows` (fails on an existing key), `copyNewRows` (leaves it alone),
 * `ensureDayPartitions`, `dropPartitionsBefore`. Invariant: a batch goes in whole or not at all.
 */
export { copyNewRows, copyRows } from './copy-rows.ts'
export { copyText, type CopyValue } from './copy-text.ts'
export { dropPartitionsBefore, ensureDayPartitions } from './day-partitions.ts'
