import { TapedeckError, type TradingConfig } from '@tapedeck/contracts'
import {
  GeneratedSource,
  SimulatedVenue,
  VenuePacer,
  startVenueServer,
} from '@tapedeck/venue-simulator'
import { generatedSymbols } from '../venue/generated-symbols.ts'
import { venueKeys } from '../venue/venue-keys.ts'

const ACCOUNT = 'main'
const VENUE = 'binance-usdm'

/** A venue of this session, with keys that are made for it and known to nobody else. */
export interface SessionVenue {
  readonly restUrl: string
  readonly streamUrl: string
  readonly apiKey: string
  readonly secret: string
  stop(): Promise<void>
}

/**
 * The simulated venue in this process, in real time from now, with what is configured for Binance USD-M listed and
 * the configured starting balance in its account.
 */
export const startSimulatedVenue = async (
  trading: TradingConfig,
  seed: number,
): Promise<SessionVenue> => {
  const symbols = trading.instruments.filter((one) => one.venue === VENUE).map((one) => one.symbol)
  if (symbols.length === 0)
    throw new TapedeckError('CONFIG_INVALID', `no instrument of ${VENUE} is configured`)
  const { apiKey, secret } = venueKeys(null, {})
  const source = new GeneratedSource({
    symbols: generatedSymbols(symbols),
    seed,
    startTime: Date.now(),
  })
  const venue = new SimulatedVenue({ source, seed })
  const { starting_balance: balance } = trading.execution
  venue.addAccount({ account: ACCOUNT, apiKey, secret, balance })
  const server = await startVenueServer({ venue })
  const pacer = new VenuePacer({ venue })
  return {
    restUrl: server.restUrl,
    streamUrl: server.streamUrl,
    apiKey,
    secret,
    stop: async () => {
      pacer.stop()
      venue.cutStreams('close')
      await server.stop()
    },
  }
}
