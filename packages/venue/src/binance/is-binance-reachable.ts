import { machineClock } from '../port/index.ts'
import type { NetworkUrls } from './networks.ts'
import type { RestVenue } from './rest/index.ts'
import { LiveLink, openWebSocket } from './streams/index.ts'

const PING: Readonly<Record<RestVenue, string>> = {
  'binance-usdm': '/fapi/v1/ping',
  'binance-spot': '/api/v3/ping',
}
/** Where a connection may be opened before it is known what for. */
const STREAM: Readonly<Record<RestVenue, string>> = {
  'binance-usdm': '/public/stream',
  'binance-spot': '/stream',
}

/**
 * True when the venue answers a ping in time, in its own words: the sign-in page of a hotel answers too.
 * Needs neither ccxt nor a key.
 */
export const isBinanceReachable = async (
  restUrl: string,
  timeoutMs: number,
  venue: RestVenue = 'binance-usdm',
): Promise<boolean> => {
  try {
    const response = await fetch(`${restUrl}${PING[venue]}`, {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    })
    const body: unknown = await response.json()
    return response.ok && typeof body === 'object' && body !== null
  } catch {
    return false
  }
}

/** True when a stream connection opens in time, and answers a ping: a half-open network lets neither through. */
const isStreaming = (streamUrl: string, timeoutMs: number, venue: RestVenue): Promise<boolean> =>
  new Promise((resolve) => {
    const settle = (isOpen: boolean): void => {
      cancel()
      link.end()
      resolve(isOpen)
    }
    const cancel = machineClock.after(timeoutMs, () => settle(false))
    const link: LiveLink = new LiveLink({
      url: `${streamUrl}${STREAM[venue]}`,
      openLink: (url, listener) => openWebSocket(url, { ...listener, onPong: () => settle(true) }),
      clock: machineClock,
      handshakeMs: timeoutMs,
      pingMs: timeoutMs,
      pongMsMax: timeoutMs,
      onOpen: () => link.probe(),
      onText: () => undefined,
      onClosed: () => settle(false),
    })
  })

/** True when both halves of the venue's public data can be had from here, within `timeoutMs`. */
export const isBinanceMarketReachable = async (
  { restUrl, streamUrl }: NetworkUrls,
  timeoutMs: number,
  venue: RestVenue = 'binance-usdm',
): Promise<boolean> => {
  const both = await Promise.all([
    isBinanceReachable(restUrl, timeoutMs, venue),
    isStreaming(streamUrl, timeoutMs, venue),
  ])
  return both.every(Boolean)
}
