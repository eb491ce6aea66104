import type { Command } from 'commander'
import { pathOf, wholeNumber } from './settings.ts'

/** What a simulated venue is told beside its market, whichever command runs it. */
export interface SimulatedVenueFlags {
  readonly faults?: string
  readonly seedFaults?: number
  readonly state?: string
}

export interface SimulatedVenueSettings {
  /** A preset's name, or a file; null: nothing goes wrong. */
  readonly faults: string | null
  /** Seed of the faults; null is the plan's own. */
  readonly faultSeed: number | null
  /** Folder in which the venue outlives its process; null forgets it. */
  readonly stateFolder: string | null
}

export const SEED_MAX = 4_294_967_295

export const simulatedVenueSettings = ({
  faults,
  seedFaults,
  state,
}: SimulatedVenueFlags): SimulatedVenueSettings => ({
  faults: faults ?? null,
  faultSeed: seedFaults ?? null,
  stateFolder: state === undefined ? null : pathOf(state),
})

/** `--faults`, `--seed-faults` and `--state`; `where`: what else has to be said for them. */
export const addSimulatedVenueOptions = (command: Command, where = ''): Command =>
  command
    .option(
      '--faults <preset>',
      `${where}what goes wrong: calm, flaky-network, busy-exchange, bad-day, bad-input, everything, or the path of a plan`,
    )
    .option('--seed-faults <number>', `${where}seed of what goes wrong`, wholeNumber(0, SEED_MAX))
    .option(
      '--state <folder>',
      `${where}keep accounts, orders, positions and history there, and go on with what it holds`,
    )
