import type { Credentials } from './credentials/index.ts'
import { keyProblem } from './credentials/index.ts'

/** Names of what has to be set; used in refusals and by whoever reads the environment. */
export const LIVE_SETTINGS = {
  venue: 'execution.venue',
  network: 'BINANCE_NETWORK',
  confirmation: 'BINANCE_LIVE_ACCOUNT',
  apiKey: 'BINANCE_API_KEY',
  secret: 'BINANCE_API_SECRET',
} as const

export type LiveTradingRequest = {
  /** `execution.venue` of the trading configuration: `paper` or `binance-usdm`. */
  readonly venue: string
  /** `BINANCE_NETWORK`: mainnet, demo or custom. Null when it is not set. */
  readonly network: string | null
  /** `execution.account` of the trading configuration. */
  readonly account: string
  /** `BINANCE_LIVE_ACCOUNT`: has to repeat the account's name. */
  readonly confirmation: string | null
  readonly credentials: Credentials | null
}

/** `paper`: no venue at all. `play`: a venue without money. `real`: with money, and all that it takes is set. */
export type LiveTradingAnswer =
  | { readonly allowed: true; readonly money: 'paper' | 'play' | 'real' }
  | {
      readonly allowed: false
      /** Each names a setting and what to do about it. */
      readonly refusals: readonly string[]
    }

const NETWORKS = new Set(['mainnet', 'demo', 'custom'])

const realRefusals = ({ account, confirmation, credentials }: LiveTradingRequest): string[] => {
  const refusals: string[] = []
  if (confirmation === null || confirmation === '')
    refusals.push(
      `${LIVE_SETTINGS.confirmation} is not set: set it to ${account}, the account's name, to trade with real money`,
    )
  else if (confirmation !== account)
    refusals.push(
      `${LIVE_SETTINGS.confirmation} is ${confirmation.slice(0, 40)}: it has to be ${account}, the account's name, to trade with real money`,
    )
  if (credentials === null) return refusals
  const apiKey = keyProblem(credentials.apiKey, 'API key')
  if (apiKey !== null)
    refusals.push(`${LIVE_SETTINGS.apiKey} ${apiKey}: set it to a key of the venue`)
  const secret = keyProblem(credentials.secret)
  if (secret !== null)
    refusals.push(`${LIVE_SETTINGS.secret} ${secret}: set it to the secret of that key`)
  if (credentials.apiKey.reveal() === credentials.secret.reveal())
    refusals.push(
      `${LIVE_SETTINGS.secret} is the same text as ${LIVE_SETTINGS.apiKey}: set it to the secret of that key`,
    )
  return refusals
}

/**
 * Whether this may be traded. Real money takes three settings that nobody makes by accident
 * (`execution.venue`, `BINANCE_NETWORK=mainnet`, `BINANCE_LIVE_ACCOUNT=<account>`) and keys that are not
 * placeholders. Says everything that is wrong at once; never what a key is.
 */
export const checkLiveTrading = (request: LiveTradingRequest): LiveTradingAnswer => {
  const { venue, network, credentials } = request
  if (venue === 'paper') return { allowed: true, money: 'paper' }
  const refusals: string[] = []
  if (venue !== 'binance-usdm')
    refusals.push(`${LIVE_SETTINGS.venue} is ${venue.slice(0, 40)}: set paper or binance-usdm`)
  if (network === null || !NETWORKS.has(network))
    refusals.push(
      `${LIVE_SETTINGS.network} is ${network === null ? 'not set' : network.slice(0, 40)}: set mainnet, demo or custom`,
    )
  if (credentials === null)
    refusals.push(
      `there are no keys: set ${LIVE_SETTINGS.apiKey} and ${LIVE_SETTINGS.secret}, files of them, or BINANCE_CREDENTIALS_FILE`,
    )
  if (network === 'mainnet') refusals.push(...realRefusals(request))
  if (refusals.length > 0) return { allowed: false, refusals }
  return { allowed: true, money: network === 'mainnet' ? 'real' : 'play' }
}
