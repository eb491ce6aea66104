import { READS } from '@tapedeck/contracts'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { CONFIG, decides } from './config.ts'
import { lookByAdapter, lookOnPaper } from './look-by-request.ts'
import { LookingBrain } from './looking-brain.ts'
import { METRICS, createReconcilerMeter } from './metrics.ts'
import { MIGRATIONS, type Tables, projectOutputs } from './store.ts'
import { routes } from './routes.ts'

/** Our books against the venue's, on start and on a cadence. A durable handler. */
export const reconcilerService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'reconciler',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: METRICS,
  decides,
  build: ({ trading, bus, db, clock, stopping, health, metrics }) => {
    const config = decides(trading)
    const meter = createReconcilerMeter(metrics, clock)
    const lookFor = 'venue' in config && config.venue !== undefined ? lookByAdapter : lookOnPaper
    return {
      processing: {
        service: 'reconciler',
        kind: 'durable',
        reads: READS.reconciler,
        create: (saved) =>
          new LookingBrain(
            {
              config,
              look: lookFor(bus, config.account),
              clock,
              stopping,
              onLook: (answered, detail) => {
                health.set('venue', answered, detail)
                if (answered) meter.looked()
              },
              onOpenAttempts: meter.following,
            },
            saved,
          ),
        project: projectOutputs,
        observe: meter.observe,
      },
      routes: () => routes(db),
    }
  },
}
