import type { VenueServer } from '@tapedeck/venue-simulator'
import { formatPairs, paint, printLine, type Terminal } from '../terminal/index.ts'
import type { VenueCommand } from './venue-command.ts'
import type { PublicVenueKey } from './public-venue-key.ts'
import type { VenueKeys } from './venue-keys.ts'

export interface Announcement {
  readonly server: VenueServer
  readonly keys: VenueKeys | PublicVenueKey
  readonly market: string
  readonly symbols: readonly string[]
  readonly command: VenueCommand
}

const paceOf = ({ paused, speed }: VenueCommand): string => {
  if (paused) return 'stands still; move it by POST /sim/v1/clock'
  return speed === 1 ? 'real time' : `${speed} times real time`
}

const apiUrl = ({ streamUrl }: VenueServer): string => `${streamUrl}/ws-fapi/v1`

/** What is signed with, as code: what was made for this run, else where it would be found. */
const signingCode = (
  keys: VenueKeys | PublicVenueKey,
): readonly [apiKey: string, secret: string] => {
  if ('publicKey' in keys) return [`'${keys.apiKey}'`, `readFileSync('private.pem', 'utf8').trim()`]
  return keys.from === null
    ? [`'${keys.apiKey}'`, `'${keys.secret}'`]
    : ['process.env.API_KEY', 'process.env.API_SECRET']
}

const keyRows = (keys: VenueKeys | PublicVenueKey): readonly [string, string][] => {
  if ('publicKey' in keys)
    return [
      ['API key', keys.apiKey],
      ['signed with', `the private half of ${keys.from}`],
    ]
  return keys.from === null
    ? [
        ['API key', keys.apiKey],
        ['secret', keys.secret],
      ]
    : [['API key', `as ${keys.from} says`]]
}

/** One line of JSON, for programs that start a venue. */
const printJson = (terminal: Terminal, { server, keys, symbols, command }: Announcement): void =>
  printLine(
    terminal,
    JSON.stringify({
      rest_url: server.restUrl,
      stream_url: server.streamUrl,
      ws_api_url: apiUrl(server),
      api_key: keys.apiKey,
      ...('publicKey' in keys ? { public_key: keys.publicKey } : { secret: keys.secret }),
      market: command.market,
      symbols,
      seed: command.seed,
      speed: command.speed,
      paused: command.paused,
      faults: command.faults,
    }),
  )

/** Real addresses stay in place and are rewritten in `fetch`, so that anything else is refused. */
const ccxtLines = ({ server, keys, symbols }: Announcement): readonly string[] => {
  const [first = 'BTCUSDT'] = symbols
  const [apiKey, secret] = signingCode(keys)
  const pair = `${first.slice(0, -4)}/USDT:USDT`
  return [
    `import ccxt from 'ccxt'`,
    ...('publicKey' in keys ? [`import { readFileSync } from 'node:fs'`] : []),
    `const rest = '${server.restUrl}'`,
    `const real = 'https://fapi.binance.com'`,
    `const exchange = new ccxt.pro.binanceusdm({`,
    `  apiKey: ${apiKey},`,
    `  secret: ${secret},`,
    `  enableRateLimit: false,`,
    `  options: { fetchCurrencies: false, adjustForTimeDifference: true },`,
    `  urls: { api: { ws: { future: '${server.streamUrl}/ws', 'ws-api': { future: '${apiUrl(server)}' } } } },`,
    `  fetchImplementation: (url, options) => {`,
    `    if (!url.startsWith(real)) throw new Error('refused: ' + url)`,
    `    return fetch(url.replace(real, rest), options)`,
    `  },`,
    `})`,
    `await exchange.loadHttpProxyAgent() // ccxt needs this once for ws://`,
    `await exchange.loadMarkets()`,
    `console.log(await exchange.createOrder('${pair}', 'market', 'buy', 0.01))`,
    `console.log(await exchange.watchTicker('${pair}'))`,
    `await exchange.close()`,
  ]
}

/** Says where the venue is, how to get in, and what to paste. */
export const announceVenue = (terminal: Terminal, announcement: Announcement): void => {
  const { server, keys, market, command } = announcement
  if (command.json) {
    printJson(terminal, announcement)
    return
  }
  const bold = (text: string): string => paint(terminal.out, 'bold', text)
  printLine(terminal, `\n${bold('A venue to trade against')}\n`)
  printLine(
    terminal,
    formatPairs([
      ['REST', bold(server.restUrl)],
      ['streams', bold(server.streamUrl)],
      ['trading API', apiUrl(server)],
      ...keyRows(keys),
      ['account', `${command.balance} USDT`],
      ['market', market],
      ['clock', paceOf(command)],
      ['faults', command.faults ?? 'none'],
    ]),
  )
  printLine(terminal, `\n${bold('ccxt')}, in an empty folder after npm install ccxt:\n`)
  for (const line of ccxtLines(announcement)) printLine(terminal, `  ${line}`)
  printLine(terminal, '\nStop with Ctrl-C. Faults and the clock: docs/venue-simulator.md\n')
}
