import type { RestVenue } from './rest/index.ts'

const PING: Readonly<Record<RestVenue, string>> = {
  'binance-usdm': '/fapi/v1/ping',
  'binance-spot': '/api/v3/ping',
}

/** True when the venue answers a ping in time. Needs neither ccxt nor a key. */
export const isBinanceReachable = async (
  restUrl: string,
  timeoutMs: number,
  venue: RestVenue = 'binance-usdm',
): Promise<boolean> => {
  try {
    const response = await fetch(`${restUrl}${PING[venue]}`, {
      signal: AbortSignal.timeout(timeoutMs),
    })
    return response.ok
  } catch {
    return false
  }
}
