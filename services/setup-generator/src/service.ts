import { READS } from '@tapedeck/contracts'
import { createSetupDecider } from '@tapedeck/core'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { CONFIG, decides } from './config.ts'
import { METRICS, observeOutputs } from './metrics.ts'
import { routes } from './routes.ts'
import { MIGRATIONS, type Tables, projectOutputs } from './store.ts'

/** Features in, graded setups and signals out. A stream handler; the ledgers follow as projections. */
export const setupGeneratorService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'setup-generator',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: METRICS,
  decides,
  build: ({ trading, db, metrics }) => ({
    processing: {
      service: 'setup-generator',
      kind: 'stream',
      reads: READS['setup-generator'],
      create: (snapshot) => createSetupDecider(decides(trading), snapshot),
      project: projectOutputs,
      observe: observeOutputs(metrics),
    },
    routes: () => routes(db),
  }),
}
