/**
 * What the end-to-end tests share: a stack of its own in a temporary folder, recordings to play, and
 * ways to say that two stacks did the same.
 *
 * Entry points: `startPlaying` (servers and nine services playing files), `finish` (stop, and read what
 * was left behind), `archiveLines` and `digestLedgers` (the record as text), `tradedSession` (a short
 * market with trades), `sharedRecording` (real recordings, where they are present). Invariants: nothing
 * is taken from the environment, everything listens on free ports, and nothing is left behind.
 */
export { openTape, type DeadLetter, type OpenTape } from './open-tape.ts'
export { archiveLines, digestArchive, firstDifference, type ArchiveDigest } from './archive.ts'
export { chosenMoments, type Moment } from './chosen-moments.ts'
export { digestLedgers, type LedgerDigests } from './digest-ledgers.ts'
export { finish, type Outcome } from './finish.ts'
export { startPlaying, type Playing, type PlayOptions, type PlayStatus } from './start-playing.ts'
export { recordingLines, SHIPPED_RECORDING, sharedRecording, withRecordings } from './recordings.ts'
export { playWithBlows, type Blow, type Survived } from './play-with-blows.ts'
export { writeRestlessConfig, writeRestlessSession } from './restless-session.ts'
export { seededRandom } from './seeded-random.ts'
export { TRADED_MINUTES, writeTradedSession } from './traded-session.ts'
export { withUndisturbed, type Undisturbed } from './undisturbed.ts'
export { watchTape } from './watch-tape.ts'
