import { createServer } from 'node:net'
import { SERVICES, TapedeckError, type TradingConfig, instrumentsOf } from '@tapedeck/contracts'
import { type Environment, loadTradingConfig } from '@tapedeck/runtime'
import { openRecordingFiles } from '../playback/index.ts'
import { checkVenueOptions } from './check-venue-options.ts'
import { venueOf } from './order-venue.ts'
import type { UpOptions } from './run-up.ts'

/** Where each source takes its instruments from. */
const VENUES: Readonly<Record<'auto' | 'live' | 'generated', readonly string[]>> = {
  auto: ['binance-usdm', 'generated'],
  live: ['binance-usdm'],
  generated: ['generated'],
}

const checkSymbol = (options: UpOptions, trading: TradingConfig): void => {
  const { symbol } = options
  // Orders that go to a venue are about its market.
  const source = venueOf(options, trading) === 'paper' ? options.source : 'live'
  if (symbol === undefined || source === 'none' || source === 'recording') return
  const known = instrumentsOf(trading).filter(({ venue }) => VENUES[source].includes(venue))
  if (known.some((one) => one.symbol === symbol)) return
  const symbols = [...new Set(known.map((one) => one.symbol))].join(', ') || 'nothing'
  throw new TapedeckError(
    'SYMBOL_UNKNOWN',
    `symbol ${symbol} is not configured for the source ${source}; configured: ${symbols}`,
  )
}

/** Null when it can be listened on; else the code of the failure. */
const tryListening = async (host: string, port: number): Promise<string | null> =>
  await new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })

const checkAddresses = async ({ host, port: first }: UpOptions): Promise<void> => {
  const ports = first === 0 ? [0] : SERVICES.map((_name, i) => first + i)
  for (const port of ports) {
    const failure = await tryListening(host, port)
    if (failure === null) continue
    if (failure === 'EADDRINUSE')
      throw new TapedeckError('PORT_IN_USE', `port ${port} is in use by another program`, {
        hint: `${SERVICES.length} ports from ${first} on are needed. Choose others with --port, or --port 0 for free ones.`,
      })
    if (failure === 'EACCES')
      throw new TapedeckError('CONFIG_INVALID', `this user may not listen on port ${port}`, {
        hint: `${SERVICES.length} ports from ${first} on are needed. Choose others with --port.`,
      })
    throw new TapedeckError(
      'CONFIG_INVALID',
      `--host = ${JSON.stringify(host)}: expected an address of this machine (${failure})`,
      { hint: 'Leave it out for loopback only; 0.0.0.0 listens on every address.' },
    )
  }
}

/**
 * Finds everything that can be wrong before anything is started. Throws CONFIG_INVALID, SYMBOL_UNKNOWN,
 * RECORDING_INVALID, NOT_FOUND, PORT_IN_USE.
 */
export const checkFirst = async (options: UpOptions, env: Environment = {}): Promise<void> => {
  const trading = loadTradingConfig(options.configPath)
  checkVenueOptions(options, trading, env)
  checkSymbol(options, trading)
  if (options.source === 'recording')
    await openRecordingFiles(options.files, trading, options.symbol)
  await checkAddresses(options)
}
