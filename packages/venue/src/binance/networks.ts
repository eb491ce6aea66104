import { TapedeckError } from '@tapedeck/contracts'

/** Where USD-M futures are traded: with money, with play money, or somewhere that the user names. */
export type BinanceNetwork =
  | 'mainnet'
  | 'demo'
  | {
      /** e.g. `http://127.0.0.1:8080`, with `/fapi/v1/...` below it. */
      readonly restUrl: string
      /** e.g. `ws://127.0.0.1:8080`, with `/private/ws` below it. */
      readonly streamUrl: string
    }

export type NetworkUrls = { readonly restUrl: string; readonly streamUrl: string }

/** binance-ccxt-facts §1.1. */
const URLS: Readonly<Record<'mainnet' | 'demo', NetworkUrls>> = {
  mainnet: { restUrl: 'https://fapi.binance.com', streamUrl: 'wss://fstream.binance.com' },
  demo: { restUrl: 'https://demo-fapi.binance.com', streamUrl: 'wss://demo-fstream.binance.com' },
}

/** Every host on which real money can be moved, and those of the demo among them that have none. */
const REAL = /(^|\.)binance\.(com|us|me|cloud|info|vision)\.?$/
const DEMO = /^demo-[a-z]+\.binance\.com$/
/** Loopback, and the one-word names of containers. */
const NEARBY = /^(\[::1\]|127(\.\d{1,3}){3}|[a-z0-9-]+)$/

const customUrl = (name: string, text: string, schemes: readonly [string, string]): string => {
  const refuse = (expected: string): TapedeckError =>
    new TapedeckError('CONFIG_INVALID', `${name} ${text.slice(0, 120)}: expected ${expected}`)
  if (!URL.canParse(text)) throw refuse(`a URL such as ${schemes[1]}//127.0.0.1:8080`)
  const url = new URL(text)
  if (!schemes.includes(url.protocol)) throw refuse(`${schemes[0]}// or ${schemes[1]}//`)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw refuse('scheme, host, port and path alone')
  if (REAL.test(url.hostname) && !DEMO.test(url.hostname))
    throw refuse('a host of your own; Binance itself is network mainnet or demo')
  if (url.protocol === schemes[1] && !NEARBY.test(url.hostname))
    throw refuse(`${schemes[0]}//, because keys do not cross a network unencrypted`)
  return text.replace(/\/+$/, '')
}

/** The URLs of a network, without a slash at the end. Throws CONFIG_INVALID for custom URLs that are none. */
export const resolveNetwork = (network: BinanceNetwork): NetworkUrls =>
  typeof network === 'string'
    ? URLS[network]
    : {
        restUrl: customUrl('REST URL', network.restUrl, ['https:', 'http:']),
        streamUrl: customUrl('stream URL', network.streamUrl, ['wss:', 'ws:']),
      }
