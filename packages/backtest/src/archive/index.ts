/**
 * Reads what the journal archived (services/journal/src/archive.ts), without any server.
 *
 * Entry points: `listArchiveRuns`, `readArchiveRun` (messages in tape order), `recordedConfigs`,
 * `openArchiveTape` (its market data as a tape).
 * Invariants: every byte is checked before anything of a member is yielded; damage is located (file,
 * byte offset of the member, tape sequences) and never passed over in silence; memory holds one member.
 */
export { damageText, type ArchiveDamage, type DamageKind } from './archive-damage.ts'
export { listArchiveRuns, type ArchiveRun } from './archive-run.ts'
export { readArchiveRun, type ReadArchiveOptions } from './read-archive-run.ts'
export type { ArchivePlace, ArchivedMessage } from './read-lines.ts'
export { recordedConfigs, type RecordedConfig } from './recorded-configs.ts'
export { openArchiveTape } from './archive-tape.ts'
export { MARKET_TYPES, MarketEvents } from './market-events.ts'
