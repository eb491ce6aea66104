import { READS } from '@tapedeck/contracts'
import type { VenueSnapshot } from '@tapedeck/core'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { createPaperQueries, venueSubject } from '@tapedeck/venue'
import { CONFIG, decides } from './config.ts'
import { LookingBrain } from './looking-brain.ts'
import { METRICS, createReconcilerMeter } from './metrics.ts'
import { MIGRATIONS, type Tables, projectOutputs } from './store.ts'
import { routes } from './routes.ts'

const ANSWER_MS_MAX = 2_000

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
    const snapshot = async (): Promise<VenueSnapshot> => {
      const answer = await bus.request(
        venueSubject(config.account),
        new Uint8Array(),
        ANSWER_MS_MAX,
      )
      return JSON.parse(new TextDecoder().decode(answer)) as VenueSnapshot
    }
    return {
      processing: {
        service: 'reconciler',
        kind: 'durable',
        reads: READS.reconciler,
        create: (saved) =>
          new LookingBrain(
            {
              config,
              venue: (name) => createPaperQueries(name, snapshot),
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
