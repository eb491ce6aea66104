import { SimulatedVenue } from '@tapedeck/venue-simulator'
import type { Claim } from '../session/index.ts'
import { openVenueMarket, type VenueMarket } from './open-venue-market.ts'
import type { PublicVenueKey } from './public-venue-key.ts'
import { readFaultPlan } from './read-fault-plan.ts'
import { restoreVenue } from './restore-venue.ts'
import type { ResumedVenue } from './resume-venue.ts'
import { admit, claimStateFolder, keysOf, readResumed } from './state-folder.ts'
import { StateKeeper } from './state-keeper.ts'
import type { VenueCommand } from './venue-command.ts'
import type { VenueKeys } from './venue-keys.ts'
import type { VenueStateFacts } from './venue-state-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A venue with its market, its account and, where it is to outlive its process, its state; nobody is served yet. */
export interface OpenedVenue {
  readonly venue: SimulatedVenue
  readonly keys: VenueKeys | PublicVenueKey
  readonly market: VenueMarket
  /** From now on what the venue is, is kept, where the command names a folder. */
  readonly keep: (onProblem: (problem: string) => void) => Promise<void>
  /** Writes the state once more and gives back everything that was taken. */
  readonly close: () => Promise<void>
}

const makeVenue = (
  command: VenueCommand,
  { source }: VenueMarket,
  env: Environment,
  resumed: ResumedVenue | null,
): SimulatedVenue => {
  const token = env['TAPEDECK_VENUE_CONTROL_TOKEN']
  const options = {
    source,
    seed: command.seed,
    ...(command.faults === null
      ? {}
      : { faultPlan: readFaultPlan(command.faults, command.faultSeed) }),
    ...(token === undefined ? {} : { controlToken: token }),
  }
  const venue =
    resumed === null ? new SimulatedVenue(options) : restoreVenue(command, resumed, options)
  venue.pace.speed = command.speed
  venue.pace.isPaused = command.paused
  return venue
}

const factsOf = (
  command: VenueCommand,
  venue: SimulatedVenue,
  resumed: ResumedVenue | null,
): VenueStateFacts => ({
  seed: command.seed,
  market: command.market,
  symbols: venue.exchange.instruments().map(({ symbol }) => symbol),
  start: resumed?.facts.start ?? command.start,
  faults: command.faults,
  fault_seed: command.faultSeed,
})

const opened = async (
  command: VenueCommand,
  env: Environment,
  claim: Claim | null,
): Promise<OpenedVenue> => {
  const resumed = readResumed(command)
  const keys = keysOf(command, env, resumed)
  const market = await openVenueMarket(command, env, resumed)
  try {
    const venue = makeVenue(command, market, env, resumed)
    admit(venue, command, keys)
    venue.advanceTo(resumed?.at ?? venue.time)
    let keeper: StateKeeper | null = null
    return {
      venue,
      keys,
      market,
      keep: async (onProblem) => {
        const { stateFolder: folder } = command
        if (folder === null) return
        const facts = factsOf(command, venue, resumed)
        keeper = new StateKeeper({ folder, facts, venue, onProblem })
        await keeper.write()
      },
      close: async () => {
        try {
          await keeper?.stop()
        } finally {
          await market.stop()
          claim?.release()
        }
      },
    }
  } catch (error) {
    await market.stop()
    throw error
  }
}

/**
 * Opens a venue, anew or where its state folder left it, which is this process's alone until it is closed. Throws
 * DATA_FOLDER_IN_USE, VENUE_STATE_INVALID, CREDENTIALS_INVALID, NOT_FOUND, SYMBOL_UNKNOWN, CONFIG_INVALID.
 */
export const openVenue = async (command: VenueCommand, env: Environment): Promise<OpenedVenue> => {
  const claim = command.stateFolder === null ? null : claimStateFolder(command.stateFolder)
  try {
    return await opened(command, env, claim)
  } catch (error) {
    claim?.release()
    throw error
  }
}
