import { output, type Output, type RunStarted } from '@tapedeck/contracts'
import type { LaneCounts } from './lane-state.ts'
import type { MarketComposer } from './market-composer.ts'

/** A step of lockstep stays well below what one waiting service may let pile up in a shared reader (8,192). */
export const LOCKSTEP_STEP_EVENTS = 4_000

/** The first message of a run. */
export const runStarted = (runId: string, run: RunStarted): Output =>
  output('market.run.started', {
    aggregate_id: runId,
    aggregate_version: 1,
    occurred_at: 0,
    payload: run,
  })

/** The last message of a run, with what was counted. `failure`: why the source could not be played on. */
export const runEnded = (
  runId: string,
  composer: Pick<MarketComposer, 'counts' | 'marketTime'>,
  failure: string | null,
): Output => {
  const counts = Object.values(composer.counts())
  const total = (pick: (one: LaneCounts) => number): number =>
    counts.reduce((sum, one) => sum + pick(one), 0)
  return output('market.run.ended', {
    aggregate_id: runId,
    aggregate_version: 2,
    occurred_at: composer.marketTime ?? 0,
    payload: {
      reason: failure === null ? 'source_exhausted' : 'failed',
      detail: (failure ?? '').slice(0, 1000),
      trades: total((one) => one.trades),
      duplicates: total((one) => one.duplicates),
      late: total((one) => one.late),
      missing: total((one) => one.missing),
      rejected: total((one) => one.rejected),
    },
  })
}
