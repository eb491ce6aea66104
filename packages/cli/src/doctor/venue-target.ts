import { TapedeckError } from '@tapedeck/contracts'
import { LIVE_SETTINGS, type BinanceNetwork } from '@tapedeck/venue'

type Environment = Readonly<Record<string, string | undefined>>

/** What `--venue` names. */
export interface VenueTarget {
  readonly network: BinanceNetwork
  /** What `BINANCE_NETWORK` is for it. */
  readonly setting: 'mainnet' | 'demo' | 'custom'
}

const EXPECTED =
  'expected live, demo, custom (BINANCE_REST_URL and BINANCE_STREAM_URL), or the address of a simulated venue such as http://127.0.0.1:8088'

/**
 * `live`, `demo`, `custom` as execution's environment has it, or a URL whose streams are on the same port, as
 * those of a simulated venue are. Throws CONFIG_INVALID.
 */
export const venueTarget = (named: string, env: Environment): VenueTarget => {
  if (named === 'live' || named === 'mainnet') return { network: 'mainnet', setting: 'mainnet' }
  if (named === 'demo') return { network: 'demo', setting: 'demo' }
  if (named === 'custom') {
    const { BINANCE_REST_URL: restUrl = '', BINANCE_STREAM_URL: streamUrl = '' } = env
    return { network: { restUrl, streamUrl }, setting: 'custom' }
  }
  if (!/^https?:\/\//.test(named))
    throw new TapedeckError('CONFIG_INVALID', `--venue ${named.slice(0, 120)}: ${EXPECTED}`)
  const restUrl = named.replace(/\/+$/, '')
  return {
    network: { restUrl, streamUrl: restUrl.replace(/^http/, 'ws') },
    setting: 'custom',
  }
}

/** Whether execution, started in this environment, would trade at the venue that is looked at. */
export const networkProblem = ({ setting }: VenueTarget, env: Environment): string | null => {
  const set = env[LIVE_SETTINGS.network]
  if (set === setting) return null
  return `${LIVE_SETTINGS.network} is ${set === undefined || set === '' ? 'not set' : set.slice(0, 40)}: set ${setting} to trade at the venue that was looked at`
}
