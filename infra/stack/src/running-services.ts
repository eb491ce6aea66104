import { SERVICES, type ServiceName } from '@tapedeck/contracts'

/** Services that run, in this process or in their own. */
export interface RunningServices {
  /** Process id of a service; null while it is being restarted. */
  pid(service: ServiceName): number | null
  /** How often a service was started again after it ended by itself. */
  restarts(service: ServiceName): number
  /** Stops ingest first, so that nothing new comes in while the others finish. */
  stop(onStopped?: (part: string) => void): Promise<void>
}

/** Everything that consumes, before what produces. */
export const CONSUMERS: readonly ServiceName[] = SERVICES.filter((name) => name !== 'ingest')
