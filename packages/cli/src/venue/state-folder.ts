import { TapedeckError } from '@tapedeck/contracts'
import type { SimulatedVenue } from '@tapedeck/venue-simulator'
import { claimSession, type Claim } from '../session/index.ts'
import type { Terminal } from '../terminal/index.ts'
import { resumeVenue, type ResumedVenue } from './resume-venue.ts'
import type { VenueCommand } from './venue-command.ts'
import { venueKeys, type VenueKeys } from './venue-keys.ts'
import { readVenueState } from './venue-state-file.ts'

const ACCOUNT = 'main'

/** Takes the folder for this process alone. Throws DATA_FOLDER_IN_USE, CONFIG_INVALID, DISK_FULL. */
export const claimStateFolder = (folder: string): Claim => {
  try {
    return claimSession(folder)
  } catch (error) {
    if (!(error instanceof TapedeckError) || error.code !== 'DATA_FOLDER_IN_USE') throw error
    throw new TapedeckError('DATA_FOLDER_IN_USE', `another process runs on ${folder}`, {
      cause: error,
      details: { folder },
      hint: 'Stop it, or name another folder with --state.',
    })
  }
}

/** What is gone on with; null for a venue that begins. */
export const readResumed = (command: VenueCommand): ResumedVenue | null => {
  const { stateFolder: folder } = command
  const state = folder === null ? null : readVenueState(folder)
  return state === null || folder === null ? null : resumeVenue(folder, state, command, Date.now())
}

/** Keys of the command, else those that the state holds. */
export const keysOf = (
  command: VenueCommand,
  env: Terminal['env'],
  resumed: ResumedVenue | null,
): VenueKeys => {
  const { TAPEDECK_VENUE_API_KEY: named } = env
  const isNamed = command.keysFile !== null || named !== undefined
  const kept = resumed?.venue.keys.find(({ account }) => account === ACCOUNT)
  return isNamed || kept?.secret === undefined
    ? venueKeys(command.keysFile, env)
    : { apiKey: kept.apiKey, secret: kept.secret, from: null }
}

/** Opens the account, or gives one that is known the key that it has not. */
export const admit = (
  venue: SimulatedVenue,
  { balance }: VenueCommand,
  { apiKey, secret }: VenueKeys,
): void => {
  if (!venue.exchange.hasAccount(ACCOUNT))
    venue.addAccount({ account: ACCOUNT, apiKey, secret, balance })
  else if (!venue.hasKey(apiKey)) venue.addKey({ account: ACCOUNT, apiKey, secret })
}
