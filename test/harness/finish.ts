import { type ArchiveDigest, digestArchive } from './archive.ts'
import { type LedgerDigests, digestLedgers } from './digest-ledgers.ts'
import type { Playing, PlayStatus } from './start-playing.ts'

/** What a run left behind, in a form that can be compared with another's. */
export interface Outcome {
  readonly run: PlayStatus
  readonly archive: ArchiveDigest
  readonly ledgers: LedgerDigests
}

/**
 * Waits for the end of the run, stops the services in order, reads the record, and stops the servers.
 * The folder stays until `remove`. Whatever fails, everything has been stopped.
 */
export const finish = async (playing: Playing): Promise<Outcome> => {
  const { stack, dataDir } = playing
  try {
    const run = await playing.ended()
    await stack.services.stop()
    return {
      run,
      archive: await digestArchive(dataDir),
      ledgers: await digestLedgers(stack.roleUrls),
    }
  } finally {
    await stack.stop()
  }
}
