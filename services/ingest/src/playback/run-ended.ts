import { type Output, output } from '@tapedeck/contracts'
import type { LaneCounts, MarketComposer } from '@tapedeck/core'

/** The last message of a run, with what was counted. `failure`: why the source could not be played on. */
export const runEnded = (
  runId: string,
  composer: MarketComposer,
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
