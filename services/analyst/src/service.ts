import { READS } from '@tapedeck/contracts'
import { createAnalystDecider } from '@tapedeck/core'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { CONFIG, decides } from './config.ts'
import { METRICS, observeOutputs } from './metrics.ts'
import { routes } from './routes.ts'
import { MIGRATIONS, type Tables, projectOutputs } from './store.ts'

/** A review of each closed trade, from recorded numbers only. A durable handler; it never orders anything. */
export const analystService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'analyst',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: METRICS,
  decides,
  build: ({ trading, db, metrics }) => ({
    processing: {
      service: 'analyst',
      kind: 'durable',
      reads: READS.analyst,
      create: (snapshot) => createAnalystDecider(decides(trading), snapshot),
      project: projectOutputs,
      observe: observeOutputs(metrics),
    },
    routes: () => routes(db),
  }),
}
