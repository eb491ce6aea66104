import type { Played } from './play-recording.ts'

/** Each link of the chain from market to review, and the events that show it. */
const LINKS: readonly (readonly [string, string])[] = [
  ['bars', 'market.bar.closed'],
  ['features', 'orderflow.features'],
  ['evaluations', 'setup.evaluated'],
  ['signals', 'setup.signal.generated'],
  ['approved', 'risk.signal.approved'],
  ['denied', 'risk.signal.denied'],
  ['orders', 'execution.order.submitted'],
  ['fills', 'execution.order.filled'],
  ['protected', 'execution.trade.protected'],
  ['closed', 'execution.trade.closed'],
  ['recorded', 'journal.trade.recorded'],
  ['reviews', 'analyst.review.written'],
]

export interface ChainCheck {
  readonly ok: boolean
  /** In the order of the chain: the first is where it broke. */
  readonly missing: readonly string[]
  readonly counts: Readonly<Record<string, number>>
}

/** Whether everything from market to review happened, in all nine services, without a dead letter. */
export const checkChain = ({ summary, state, waiting, deadLetters }: Played): ChainCheck => {
  const { events, ended, fills } = summary
  const counts: Record<string, number> = { trades: ended?.trades ?? 0 }
  for (const [name, type] of LINKS) counts[name] = name === 'fills' ? fills : (events[type] ?? 0)
  const missing = Object.entries(counts)
    .filter(([, number]) => number === 0)
    .map(([name]) => name)
  for (const [service, problem] of waiting) missing.push(`readiness of ${service} (${problem})`)
  if (state.phase !== 'ended') missing.push(`end of the recording (${state.reason ?? state.phase})`)
  if ((events['journal.difference.detected'] ?? 0) > 0)
    missing.push('agreement of fills and trades')
  if (deadLetters > 0) missing.push(`handling of ${deadLetters} dead letters`)
  return { ok: missing.length === 0, missing, counts }
}
