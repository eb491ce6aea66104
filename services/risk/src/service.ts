import { READS } from '@tapedeck/contracts'
import { type Json, createRiskDecider } from '@tapedeck/core'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { CONFIG, decides } from './config.ts'
import { Latest, rememberLatest } from './latest.ts'
import { METRICS, createRiskMeter } from './metrics.ts'
import { routes } from './routes.ts'
import { MIGRATIONS, type Tables, projectOutputs } from './store.ts'

/** Signals in, approvals and denials out. A stream handler; decisions and sessions follow as projections. */
export const riskService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'risk',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: METRICS,
  decides,
  build: (context) => {
    let latest = new Latest()
    const meter = createRiskMeter(context.metrics)
    const brainOf = (snapshot: Json | undefined) =>
      createRiskDecider(decides(context.trading), snapshot)
    return {
      processing: {
        service: 'risk',
        kind: 'stream',
        reads: READS.risk,
        create: (snapshot) =>
          rememberLatest(brainOf, snapshot, (known) => {
            latest = known
          }),
        project: projectOutputs,
        observe: (message, { isNew }) => {
          if (isNew) meter.count(message)
          meter.show(latest)
        },
      },
      routes: (shell) => routes(context, shell, () => latest),
      // What stood in the checkpoint is told to nobody again.
      start: () => {
        meter.show(latest)
        return Promise.resolve()
      },
    }
  },
}
