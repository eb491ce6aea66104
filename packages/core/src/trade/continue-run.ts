import type { Instrument } from '@tapedeck/contracts'
import { gridOf, instrumentKey } from '../order/index.ts'
import type { DeskContext } from './desk-context.ts'
import type { InstrumentDesk } from './instrument-desk.ts'
import { openDesks } from './open-desks.ts'

const keyOf = ({ venue, symbol }: Instrument): string => instrumentKey(venue, symbol)

/**
 * The instruments of a new run on a live venue. What is open there stays open, whatever run it began in: it goes
 * on as it was traded, even when it is not in the run or its grid has changed.
 */
export const continueInstruments = (
  before: ReadonlyMap<string, InstrumentDesk>,
  known: readonly Instrument[],
  run: readonly Instrument[],
  report: (problem: string) => void,
): Instrument[] => {
  const next = new Map(run.map((one) => [keyOf(one), one]))
  for (const instrument of known) {
    const key = keyOf(instrument)
    const desk = before.get(key)
    if (desk === undefined || desk.isFlat || hasGridOf(desk, next.get(key))) continue
    next.set(key, instrument)
    report(`${key}: is open, and not in the run as it was opened`)
  }
  return [...next.values()]
}

const hasGridOf = ({ grid }: InstrumentDesk, instrument: Instrument | undefined): boolean => {
  if (instrument === undefined) return false
  const { tickSize, lotSize } = gridOf(instrument)
  return tickSize === grid.tickSize && lotSize === grid.lotSize
}

/** Desks for these instruments; each goes on from what it was, where its grid is the same. */
export const continueDesks = (
  before: ReadonlyMap<string, InstrumentDesk>,
  instruments: readonly Instrument[],
  context: DeskContext,
): Map<string, InstrumentDesk> => {
  const same = instruments.flatMap((one) => {
    const desk = before.get(keyOf(one))
    return desk !== undefined && hasGridOf(desk, one)
      ? [[keyOf(one), desk.snapshot()] as const]
      : []
  })
  return openDesks(instruments, context, new Map(same))
}
