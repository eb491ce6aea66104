import { dirname } from 'node:path'
import type { TradingConfig } from '@tapedeck/contracts'
import type { Json } from '@tapedeck/core'
import { type ArchiveRun, listArchiveRuns, readArchiveRun } from '../archive/index.ts'
import { takeSeats } from '../engine/seats.ts'

/**
 * What risk brings into a run from those before it on the same tape: an operator's halt and limits outlive
 * a run. Every other service begins anew. Reads the earlier runs of the archive; undefined where there are
 * none.
 */
export const carriedRisk = async (
  run: ArchiveRun,
  trading: TradingConfig,
): Promise<Json | undefined> => {
  const earlier = listArchiveRuns(dirname(run.folder)).filter((one) => one.firstSeq < run.firstSeq)
  if (earlier.length === 0) return undefined
  const { seats } = takeSeats({ trading, runId: run.runId, fullTape: false, measures: false })
  const risk = seats.find(({ name }) => name === 'risk')!
  for (const one of earlier)
    // Damage there is told when that run is verified.
    for await (const { message } of readArchiveRun(one, { types: risk.reads, onDamage: () => {} }))
      risk.handle(message)
  return risk.snapshot()
}
