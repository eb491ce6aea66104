import { READS } from '@tapedeck/contracts'
import { type ExecutionDecider, createExecutionDecider, venueSnapshot } from '@tapedeck/core'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { venueSubject } from '@tapedeck/venue'
import { CONFIG, decides } from './config.ts'
import { MIGRATIONS, type Tables } from './migrations.ts'
import { projectOutputs } from './project-outputs.ts'
import { routes } from './routes.ts'

/** Approvals in, orders and trades out. A durable handler: an order's intent is committed before it is sent. */
export const executionService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'execution',
  config: CONFIG,
  migrations: MIGRATIONS,
  decides,
  build: (context) => {
    const { account } = context.trading.execution
    let leave: (() => void) | null = null
    return {
      processing: {
        service: 'execution',
        kind: 'durable',
        reads: READS.execution,
        create: (snapshot) =>
          createExecutionDecider({ execution: context.trading.execution }, snapshot),
        project: projectOutputs,
      },
      routes: (shell) => routes(context, shell),
      // The paper venue lives in the decider; whoever wants to know its books asks here.
      start: (shell) => {
        const brain = () => shell!.brain as ExecutionDecider
        leave = context.bus.respond(venueSubject(account), () =>
          Promise.resolve(new TextEncoder().encode(JSON.stringify(venueSnapshot(brain())))),
        )
        return Promise.resolve()
      },
      stop: () => {
        leave?.()
        return Promise.resolve()
      },
    }
  },
}
