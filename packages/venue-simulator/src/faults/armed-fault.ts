import type { Fault, FaultKind, FaultOf } from './fault.ts'
import type { PlannedFault, Target } from './fault-plan.ts'
import { FaultTiming } from './fault-timing.ts'

/** A planned fault in an engine: when it strikes, and where its strikes are counted. */
export type ArmedFault<F extends Fault = Fault> = {
  readonly id: number
  readonly planned: PlannedFault
  readonly fault: F
  readonly timing: FaultTiming
  readonly target: Target
  readonly injected: () => void
}

/** What a fault acts on where the plan does not say. */
const DEFAULT_TARGETS: { readonly [Kind in FaultKind]?: Target } = {
  answer_lost: { requests: ['orders', 'cancels', 'amends'] },
  order_rate_limited: { requests: ['orders'] },
  overloaded: { requests: ['orders', 'amends'] },
  refused: { requests: ['orders'] },
  restricted: { requests: ['orders'] },
  key_refused: { requests: ['orders', 'cancels', 'amends', 'settings', 'queries'] },
  listen_key_gone: { requests: ['listen_key'], methods: ['PUT'] },
  odd_filters: { requests: ['exchange_info'] },
  old_snapshot: { requests: ['depth'] },
  execution_unknown: { requests: ['orders', 'cancels', 'amends'] },
  market_gap: { streams: ['@depth'] },
}

const OUTAGES: Readonly<Record<FaultOf<'outage'>['part'], Target>> = {
  orders: { requests: ['orders', 'cancels', 'amends'] },
  queries: { requests: ['queries'] },
  streams: { requests: ['listen_key'] },
}

const targetOf = ({ fault, on }: PlannedFault): Target => {
  if (Object.keys(on).length > 0) return on
  return fault.kind === 'outage' ? OUTAGES[fault.part] : (DEFAULT_TARGETS[fault.kind] ?? {})
}

/** Each fault draws by itself: what the others do does not change it. */
const seedOf = (seed: number, id: number): number => (seed + Math.imul(id, 0x9e3779b9)) | 0

export const arm = (
  id: number,
  planned: PlannedFault,
  seed: number,
  origin: number,
  counted: (kind: FaultKind) => void,
): ArmedFault => ({
  id,
  planned,
  fault: planned.fault,
  timing: new FaultTiming(planned, seedOf(seed, id), origin),
  target: targetOf(planned),
  injected: () => counted(planned.fault.kind),
})
