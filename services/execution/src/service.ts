import { READS } from '@tapedeck/contracts'
import { type ExecutionDecider, createExecutionDecider, venueSnapshot } from '@tapedeck/core'
import type { Database } from '@tapedeck/database'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { venueSubject } from '@tapedeck/venue'
import { CONFIG, decides } from './config.ts'
import { readLiveSettings } from './live-settings.ts'
import { LiveVenue } from './live-venue.ts'
import { ExecutionMeter, type HeldPosition, METRICS } from './metrics.ts'
import { MIGRATIONS, type Tables } from './migrations.ts'
import { projectOutputs } from './project-outputs.ts'
import { reportProblems } from './report-problems.ts'
import { routes } from './routes.ts'
import { VENUE_METRICS } from './venue-meter.ts'

/** The positions of a run, as the tables hold them. */
const positionsOf = async (
  { kysely }: Database<Tables>,
  runId: string | null,
): Promise<HeldPosition[]> =>
  runId === null
    ? []
    : await kysely
        .selectFrom('position')
        .select(['account', 'symbol', 'side', 'protected'])
        .where('run_id', '=', runId)
        .execute()

/** Approvals in, orders and trades out. A durable handler: an order's intent is committed before it is sent. */
export const executionService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'execution',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: { ...METRICS, ...VENUE_METRICS },
  decides,
  build: (context) => {
    const { account } = context.trading.execution
    const meter = new ExecutionMeter(context.metrics)
    const settings = readLiveSettings(context.config, context.trading)
    const live = settings === null ? null : new LiveVenue(context, settings)
    let leave: (() => void) | null = null
    return {
      processing: {
        service: 'execution',
        kind: 'durable',
        reads: READS.execution,
        create: (snapshot) =>
          reportProblems(
            createExecutionDecider({ execution: context.trading.execution }, snapshot),
            (problem) => {
              meter.problem()
              context.logger.warn({ event: 'execution_problem', problem }, 'a step was refused')
            },
          ),
        project: projectOutputs,
        observe: (message, told) => {
          meter.observe(message, told)
          live?.observe(message, told)
        },
      },
      routes: (shell) => routes(context, shell),
      // The paper venue lives in the decider; whoever wants to know its books asks here.
      start: async (shell) => {
        live?.start(shell!)
        const brain = () => shell!.brain as ExecutionDecider
        if (live === null)
          leave = context.bus.respond(venueSubject(account), () =>
            Promise.resolve(new TextEncoder().encode(JSON.stringify(venueSnapshot(brain())))),
          )
        meter.restore(await positionsOf(context.db, shell!.runId))
      },
      stop: async () => {
        leave?.()
        await live?.stop()
      },
    }
  },
}
