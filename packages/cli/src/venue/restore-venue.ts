import { SimulatedVenue, type SimulatedVenueOptions } from '@tapedeck/venue-simulator'
import type { ResumedVenue } from './resume-venue.ts'
import type { VenueCommand } from './venue-command.ts'
import { otherOptions } from './venue-state-file.ts'

/**
 * The venue of a state. Faults go on as they stood while the command names the same ones; others take their
 * place, from the moment on at which the venue goes on. Throws VENUE_STATE_INVALID for a state that names
 * what it does not hold.
 */
export const restoreVenue = (
  command: VenueCommand,
  { facts, venue: saved, at }: ResumedVenue,
  options: SimulatedVenueOptions,
): SimulatedVenue => {
  const isSame = command.faults === facts.faults && command.faultSeed === facts.fault_seed
  try {
    const venue = SimulatedVenue.restore(saved, options)
    if (isSame) return venue
    venue.faults.clear()
    for (const planned of options.faultPlan?.faults ?? []) venue.faults.add(planned, at)
    return venue
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw otherOptions(command.stateFolder ?? '', error.message)
  }
}
