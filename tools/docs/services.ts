import { analystService } from '@tapedeck/analyst'
import type { ServiceName, TradingConfig } from '@tapedeck/contracts'
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
  type MetricDefinitions,
  type ServiceDefinition,
  describeRest,
} from '@tapedeck/runtime'
import { setupGeneratorService } from '@tapedeck/setup-generator'

/** What a service says about itself without being started. */
export interface Described {
  readonly config: ConfigDefinition
  readonly metrics: MetricDefinitions
  rest(env: Environment, trading: TradingConfig): Promise<string>
}

type Tables = ServiceDefinition extends ServiceDefinition<ConfigDefinition, infer T> ? T : never

const described = <D extends ConfigDefinition, T extends Tables>(
  definition: ServiceDefinition<D, T>,
): Described => ({
  config: definition.config,
  metrics: definition.metrics ?? {},
  rest: async (env, trading) => await describeRest(definition, env, trading),
})

/** All services by name. */
export const DESCRIBED: Readonly<Record<ServiceName, Described>> = {
  ingest: described(ingestService),
  orderflow: described(orderflowService),
  'setup-generator': described(setupGeneratorService),
  risk: described(riskService),
  execution: described(executionService),
  reconciler: described(reconcilerService),
  journal: described(journalService),
  analyst: described(analystService),
  gateway: described(gatewayService),
}
