import { READS } from '@tapedeck/contracts'
import { createSetupDecider } from '@tapedeck/core'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { CONFIG, decides } from './config.ts'
import { MIGRATIONS, type Tables, projectOutputs } from './ledger/index.ts'
import { METRICS, createSetupMeter } from './metrics.ts'
import { routes } from './routes/index.ts'

/**
 * Features and closed bars in, graded setups, signals and setup events out. A stream handler; the ledgers
 * follow as projections, and take the labels that the reconciler decides.
 */
export const setupGeneratorService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'setup-generator',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: METRICS,
  decides,
  build: ({ trading, db, metrics, logger }) => {
    const meter = createSetupMeter(metrics, logger)
    return {
      processing: {
        service: 'setup-generator',
        kind: 'stream',
        reads: READS['setup-generator'],
        create: (snapshot) => createSetupDecider(decides(trading), snapshot),
        project: async (tx, outputs, inputs) =>
          await projectOutputs(tx, outputs, inputs, meter.onRefused),
        projectsInputs: ['reconciler.setup_outcome.decided'],
        observe: meter.observe,
      },
      routes: (shell) => routes(db, () => shell?.runId ?? null),
    }
  },
}
