import { dirname } from 'node:path'
import { type TradingConfig, isRemote } from '@tapedeck/contracts'
import type { Json } from '@tapedeck/core'
import { type ArchiveRun, listArchiveRuns, readArchiveRun } from '../archive/index.ts'
import { type SeatName, takeSeats } from '../engine/seats.ts'

/** What services bring into a run from those before it. */
export type CarriedState = Partial<Record<SeatName, Json>>

/**
 * Who brings something into a run: risk, because an operator's halt and limits outlive a run; on a live venue
 * also those who know what is open there. Every other service begins anew.
 */
export const carriers = ({ execution }: TradingConfig): readonly SeatName[] =>
  isRemote(execution) ? ['risk', 'execution', 'journal'] : ['risk']

/** Reads it from the earlier runs of the archive; nothing where there are none. */
export const carriedState = async (
  run: ArchiveRun,
  trading: TradingConfig,
): Promise<CarriedState> => {
  const earlier = listArchiveRuns(dirname(run.folder)).filter((one) => one.firstSeq < run.firstSeq)
  if (earlier.length === 0) return {}
  const names = carriers(trading)
  const taken = takeSeats({ trading, runId: run.runId, fullTape: true, measures: false })
  const seats = taken.seats.filter(({ name }) => names.includes(name))
  const types = [...new Set(seats.flatMap(({ reads }) => reads))]
  for (const one of earlier)
    // Damage there is told when that run is verified.
    for await (const { message } of readArchiveRun(one, { types, onDamage: () => {} }))
      for (const seat of seats) if (seat.reads.includes(message.type)) seat.handle(message)
  return Object.fromEntries(seats.map((seat) => [seat.name, seat.snapshot()]))
}
