import { READS } from '@tapedeck/contracts'
import { type OrderFlowDecider, createOrderFlowDecider } from '@tapedeck/core'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { CONFIG, decides } from './config.ts'
import { METRICS, observeOutputs } from './metrics.ts'
import { routes } from './routes.ts'
import { MIGRATIONS, type Tables, projectOutputs } from './store.ts'

/** Market data in, measures and detections out. A stream handler: state in memory, outputs straight to the tape. */
export const orderflowService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'orderflow',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: METRICS,
  decides,
  build: ({ trading, metrics }) => ({
    processing: {
      service: 'orderflow',
      kind: 'stream',
      reads: READS.orderflow,
      create: (snapshot) => createOrderFlowDecider(decides(trading), snapshot),
      project: projectOutputs,
      observe: observeOutputs(metrics),
    },
    routes: (shell) => routes(() => shell?.brain as OrderFlowDecider),
  }),
}
