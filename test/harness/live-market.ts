import { testInstrument } from '@tapedeck/test-data'
import {
  type AccountSpec,
  GeneratedSource,
  SimulatedVenue,
  VenuePacer,
  startVenueServer,
} from '@tapedeck/venue-simulator'

export const KEYS = {
  apiKey: 'a1B2c3D4e5F6g7H8a1B2c3D4e5F6g7H8a1B2c3D4e5F6g7H8a1B2c3D4e5F6g7H8',
  secret: 'z9Y8x7W6v5U4t3S2z9Y8x7W6v5U4t3S2z9Y8x7W6v5U4t3S2z9Y8x7W6v5U4t3S2',
}
export const SYMBOL = 'BTCUSDT'
const ACCOUNT = 'main'

/** A venue on localhost that trades a generated market in real time. */
export interface LiveMarket {
  readonly venue: SimulatedVenue
  readonly restUrl: string
  readonly streamUrl: string
  stop(): Promise<void>
}

/** `more`: of the account, such as what its commissions are paid in. */
export const startLiveMarket = async (
  more: Pick<AccountSpec, 'feeAsset'> = {},
): Promise<LiveMarket> => {
  const instrument = testInstrument({ venue: 'generated', symbol: SYMBOL })
  const symbols = [{ instrument, startPrice: '60000', meanQuantity: 0.3 }]
  const source = new GeneratedSource({ symbols, seed: 5, startTime: Date.now() })
  const venue = new SimulatedVenue({ source, seed: 5 })
  venue.addAccount({ account: ACCOUNT, ...KEYS, balance: '10000', ...more })
  const problems: string[] = []
  const pacer = new VenuePacer({ venue, onFailure: (error) => problems.push(String(error)) })
  const server = await startVenueServer({ venue, onProblem: (text) => problems.push(text) })
  return {
    venue,
    restUrl: server.restUrl,
    streamUrl: server.streamUrl,
    stop: async () => {
      pacer.stop()
      venue.cutStreams('close')
      await server.stop()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
  }
}
