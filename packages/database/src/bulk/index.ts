/**
 * Many rows at once: COPY and day partitions, for trades and bars.
 *
 * Entry points: `copyRows` (fails on an existing key), `copyNewRows` (leaves it alone),
 * `copyLines` (rows that are text already), `ensureDayPartitions`, `dropPartitionsBefore`. Invariant: a batch goes in whole or not at all.
 */
export { copyLines, copyNewRows, copyRows } from './copy-rows.ts'
export { copyField, copyText, type CopyValue } from './copy-text.ts'
export { dropPartitionsBefore, ensureDayPartitions } from './day-partitions.ts'
