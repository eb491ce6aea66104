/**
 * What hosts a service: its ports opened, its loop over the tape, its HTTP side, its start and stop.
 *
 * Entry points: `createService` (nothing starts until `start`), `runService` (a `main.ts`). Invariant: the
 * same code hosts one service in a process or all nine.
 */
export { type HostPorts, type Service, createService } from './create-service.ts'
export { describeRest } from './describe-rest.ts'
export { CommandAccepted, CommandReason, injectCommand } from './inject-command.ts'
export { TAPE_METRICS } from './processing-metrics.ts'
export { runService, serviceFromEnvironment } from './run-service.ts'
export type {
  BaseConfig,
  ServiceContext,
  ServiceDefinition,
  ServiceParts,
  ShellOf,
} from './service-definition.ts'
export { TAPEDECK_VERSION } from '@tapedeck/contracts'
export { addTableList, type TableList } from './table-list.ts'
