import { TapedeckError, type TradingConfig, liveSettings } from '@tapedeck/contracts'
import type { ConfigOf } from '@tapedeck/runtime'
import {
  type BinanceNetwork,
  type BinanceVenueOptions,
  type Credentials,
  checkLiveTrading,
  readCredentials,
} from '@tapedeck/venue'
import type { CONFIG } from './config.ts'

export type LiveSettings = Pick<BinanceVenueOptions, 'network' | 'credentials' | 'workingType'> & {
  /** Reads the keys again, from where they came. Throws CREDENTIALS_INVALID. */
  readonly rereadCredentials: () => Credentials | null
  readonly venueName: 'binance-usdm'
  readonly symbols: readonly string[]
  readonly leverage: number
  readonly marginType: 'CROSSED' | 'ISOLATED'
  /** `real`: orders move money. */
  readonly money: 'play' | 'real'
}

const networkOf = (config: ConfigOf<typeof CONFIG>): BinanceNetwork => {
  const { BINANCE_NETWORK: name, BINANCE_REST_URL: restUrl, BINANCE_STREAM_URL: streamUrl } = config
  if (name === 'mainnet' || name === 'demo') return name
  if (restUrl === undefined || streamUrl === undefined)
    throw new TapedeckError(
      'CONFIG_INVALID',
      'BINANCE_NETWORK is custom: set BINANCE_REST_URL and BINANCE_STREAM_URL',
    )
  return { restUrl, streamUrl }
}

/** Where a secret came from: its file, to be read again, or the value. */
const sourceOf = (
  config: ConfigOf<typeof CONFIG>,
  name: 'BINANCE_API_KEY' | 'BINANCE_API_SECRET' | 'BINANCE_PASSPHRASE',
): Record<string, string | undefined> => {
  const file = config[`${name}_FILE`]
  return file === undefined ? { [name]: config[name] } : { [`${name}_FILE`]: file }
}

const readKeys = (config: ConfigOf<typeof CONFIG>): Credentials | null =>
  readCredentials({
    ...sourceOf(config, 'BINANCE_API_KEY'),
    ...sourceOf(config, 'BINANCE_API_SECRET'),
    ...sourceOf(config, 'BINANCE_PASSPHRASE'),
    BINANCE_CREDENTIALS_FILE: config.BINANCE_CREDENTIALS_FILE,
  })

/**
 * Everything that trading on a live venue takes; null on paper. Throws CONFIG_INVALID with everything that
 * is missing, CREDENTIALS_INVALID for keys that cannot be read. What a key is, is never said.
 */
export const readLiveSettings = (
  config: ConfigOf<typeof CONFIG>,
  trading: TradingConfig,
): LiveSettings | null => {
  const { venue, working_type, leverage, margin_type } = liveSettings(trading.execution)
  if (venue === 'paper') return null
  const credentials = readKeys(config)
  const answer = checkLiveTrading({
    venue,
    network: config.BINANCE_NETWORK ?? null,
    account: trading.execution.account,
    confirmation: config.BINANCE_LIVE_ACCOUNT ?? null,
    credentials,
  })
  if (!answer.allowed)
    throw new TapedeckError(
      'CONFIG_INVALID',
      `${venue} is not traded on: ${answer.refusals.join('; ')}`,
      { hint: 'docs/runbooks/LiveTrading.md says what each setting is for.' },
    )
  const symbols = trading.instruments.filter((one) => one.venue === venue).map((one) => one.symbol)
  return {
    venueName: venue,
    symbols,
    leverage,
    marginType: margin_type,
    workingType: working_type,
    network: networkOf(config),
    credentials: credentials!,
    rereadCredentials: () => readKeys(config),
    money: answer.money === 'real' ? 'real' : 'play',
  }
}
