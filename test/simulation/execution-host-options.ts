import type { ExecutionConfig } from '@tapedeck/contracts'
import type { Random } from '@tapedeck/core'
import type { VenueLog } from '@tapedeck/venue'
import type { InProcessNetwork } from './in-process-network.ts'
import type { MemoryTape } from './memory-tape.ts'
import type { ProtectiveTraffic } from './protective-traffic.ts'
import type { VirtualTime } from './virtual-time.ts'

export type ExecutionHostOptions = {
  readonly time: VirtualTime
  readonly tape: MemoryTape
  readonly network: InProcessNetwork
  readonly traffic: ProtectiveTraffic
  readonly symbols: readonly string[]
  readonly execution: ExecutionConfig
  readonly random: Random
  readonly log: VenueLog
  readonly onProblem: (problem: string) => void
  readonly onLeaseLost: () => void
}
