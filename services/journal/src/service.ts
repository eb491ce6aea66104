import { READS } from '@tapedeck/contracts'
import { createJournalDecider } from '@tapedeck/core'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { TapeArchive } from './archive.ts'
import { CONFIG, decides } from './config.ts'
import { METRICS, createJournalMeter } from './metrics.ts'
import { MIGRATIONS, type Tables } from './migrations.ts'
import { projectTrades } from './project-trades.ts'
import { recordEvents } from './record-events.ts'
import { routes } from './routes.ts'

/** Everything on the tape, kept for good. A durable handler: each batch and its ledger rows are one transaction. */
export const journalService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'journal',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: METRICS,
  decides,
  build: ({ config, trading, db, metrics }) => {
    const { account } = trading.execution
    const archive = new TapeArchive(config.TAPEDECK_ARCHIVE_DIR, trading)
    const meter = createJournalMeter(metrics)
    return {
      processing: {
        service: 'journal',
        kind: 'durable',
        reads: READS.journal,
        projectsInputs: true,
        create: (snapshot) => createJournalDecider({ account }, snapshot),
        project: async (tx, _outputs, inputs) => {
          await recordEvents(tx, inputs)
          await projectTrades(tx, inputs)
          meter.archived(await archive.append(tx, inputs))
        },
        observe: meter.observe,
      },
      routes: () => routes(db),
    }
  },
}
