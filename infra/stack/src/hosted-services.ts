import { analystService } from '@tapedeck/analyst'
import type { ServiceName } from '@tapedeck/contracts'
import type { BaseTables, Migrations } from '@tapedeck/database'
import { executionService } from '@tapedeck/execution'
import { gatewayService } from '@tapedeck/gateway'
import { ingestService } from '@tapedeck/ingest'
import { journalService } from '@tapedeck/journal'
import { orderflowService } from '@tapedeck/orderflow'
import { reconcilerService } from '@tapedeck/reconciler'
import { riskService } from '@tapedeck/risk'
import {
  type ConfigDefinition,
  type Environment,
  type HostPorts,
  type Service,
  type ServiceDefinition,
  serviceFromEnvironment,
} from '@tapedeck/runtime'
import { setupGeneratorService } from '@tapedeck/setup-generator'

/** A service as the stack sees it: what its schema needs, and how to build it. */
export interface Hosted {
  readonly migrations: Migrations
  build(env: Environment, ports: HostPorts): Service
}

const hosted = <D extends ConfigDefinition, Tables extends BaseTables>(
  definition: ServiceDefinition<D, Tables>,
): Hosted => ({
  migrations: definition.migrations,
  build: (env, ports) => serviceFromEnvironment(definition, env, ports),
})

/** All nine, by name. */
export const HOSTED: Readonly<Record<ServiceName, Hosted>> = {
  ingest: hosted(ingestService),
  orderflow: hosted(orderflowService),
  'setup-generator': hosted(setupGeneratorService),
  risk: hosted(riskService),
  execution: hosted(executionService),
  reconciler: hosted(reconcilerService),
  journal: hosted(journalService),
  analyst: hosted(analystService),
  gateway: hosted(gatewayService),
}
