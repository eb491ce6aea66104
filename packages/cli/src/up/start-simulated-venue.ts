import { TapedeckError, type TradingConfig } from '@tapedeck/contracts'
import type { Environment } from '@tapedeck/runtime'
import { VenuePacer, startVenueServer } from '@tapedeck/venue-simulator'
import { type VenueCommand, listedOf, openVenue } from '../venue/index.ts'
import type { UpOptions } from './run-up.ts'

const DEFAULT_SEED = '1'

/** A venue of this session, with keys that are made for it, or for the state that it goes on with. */
export interface SessionVenue {
  readonly restUrl: string
  readonly streamUrl: string
  readonly apiKey: string
  readonly secret: string
  stop(): Promise<void>
}

/** As `tapedeck venue` would be told: what is configured for Binance USD-M, in real time from now. */
const commandOf = (options: UpOptions, trading: TradingConfig): VenueCommand => {
  const symbols = listedOf(trading).map((one) => one.symbol)
  if (symbols.length === 0)
    throw new TapedeckError('CONFIG_INVALID', 'no instrument of binance-usdm in USDT is configured')
  const { seed, faults, faultSeed, stateFolder, configPath } = options
  return {
    port: 0,
    host: '127.0.0.1',
    market: 'generated',
    files: [],
    loop: false,
    symbols,
    seed: Number(seed ?? DEFAULT_SEED),
    speed: 1,
    paused: false,
    start: null,
    balance: trading.execution.starting_balance,
    faults,
    faultSeed,
    keysFile: null,
    publicKeyFile: null,
    stateFolder,
    configPath,
    json: false,
  }
}

/** Keys that the environment names are for a venue that others know of; this one is the session's. */
const withoutKeys = ({ TAPEDECK_VENUE_CONTROL_TOKEN: token }: Environment): Environment =>
  token === undefined ? {} : { TAPEDECK_VENUE_CONTROL_TOKEN: token }

/**
 * The simulated venue in this process, with the configured starting balance in its account, or as its state folder
 * left it. Throws what `openVenue` throws, and CONFIG_INVALID without an instrument.
 */
export const startSimulatedVenue = async (
  options: UpOptions,
  trading: TradingConfig,
  env: Environment,
  onProblem: (problem: string) => void,
): Promise<SessionVenue> => {
  const opened = await openVenue(commandOf(options, trading), withoutKeys(env))
  try {
    const { venue, keys } = opened
    if (!('secret' in keys))
      throw new TapedeckError(
        'CREDENTIALS_INVALID',
        `${options.stateFolder ?? ''}: its account is signed for with a private key, which this session has not`,
        { hint: 'Name another folder with --state.' },
      )
    await opened.keep(onProblem)
    const server = await startVenueServer({ venue, onProblem })
    const pacer = new VenuePacer({
      venue,
      onFailure: ({ message }) => onProblem(`the simulated venue stands still: ${message}`),
    })
    const { apiKey, secret } = keys
    return {
      restUrl: server.restUrl,
      streamUrl: server.streamUrl,
      apiKey,
      secret,
      stop: async () => {
        pacer.stop()
        venue.cutStreams('close')
        await server.stop()
        await opened.close()
      },
    }
  } catch (error) {
    await opened.close()
    throw error
  }
}
