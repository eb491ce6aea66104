import { TapedeckError } from '@tapedeck/contracts'
import type { SimulatedVenue } from '@tapedeck/venue-simulator'
import { claimSession, type Claim } from '../session/index.ts'
import type { Terminal } from '../terminal/index.ts'
import { resumeVenue, type ResumedVenue } from './resume-venue.ts'
import type { VenueCommand } from './venue-command.ts'
import { publicVenueKey, type PublicVenueKey } from './public-venue-key.ts'
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
): VenueKeys | PublicVenueKey => {
  if (command.publicKeyFile !== null) return publicVenueKey(command.publicKeyFile, env)
  const { TAPEDECK_VENUE_API_KEY: named } = env
  const isNamed = command.keysFile !== null || named !== undefined
  const kept = resumed?.venue.keys.find(({ account }) => account === ACCOUNT)
  if (isNamed || kept === undefined) return venueKeys(command.keysFile, env)
  return kept.secret === undefined
    ? { apiKey: kept.apiKey, publicKey: kept.publicKey, from: 'the state' }
    : { apiKey: kept.apiKey, secret: kept.secret, from: null }
}

/** Opens the account, or gives one that is known the key that it has not. Throws CREDENTIALS_INVALID. */
export const admit = (
  venue: SimulatedVenue,
  { balance }: VenueCommand,
  keys: VenueKeys | PublicVenueKey,
): void => {
  const { apiKey } = keys
  const proof = 'publicKey' in keys ? { publicKey: keys.publicKey } : { secret: keys.secret }
  try {
    if (!venue.exchange.hasAccount(ACCOUNT))
      venue.addAccount({ account: ACCOUNT, apiKey, ...proof, balance })
    else if (!venue.hasKey(apiKey)) venue.addKey({ account: ACCOUNT, apiKey, ...proof })
  } catch (error) {
    if (!(error instanceof RangeError) || keys.from === null) throw error
    throw new TapedeckError('CREDENTIALS_INVALID', `${keys.from}: ${error.message}`, {
      cause: error,
    })
  }
}
