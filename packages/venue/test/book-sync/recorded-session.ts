import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Instrument } from '@tapedeck/contracts'
import type { DepthEvent, QuoteEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { gridOf, readSighted, sight } from '../../src/binance/index.ts'

export type BookMessage = (DepthEvent | QuoteEvent) & { readonly file: number }

export type RecordedSession = {
  readonly name: string
  readonly files: readonly string[]
  readonly messages: readonly BookMessage[]
}

const FOLDER = new URL('../../../../../shared/data/binance-ws-raw/', import.meta.url)

const of = (venue: string, symbol: string, tick_size: string, lot_size: string) =>
  testInstrument({
    venue,
    symbol,
    base_asset: symbol.replace('USDT', ''),
    tick_size,
    lot_size,
    min_quantity: lot_size,
    min_notional: '5',
  })

const USDM = of('binance-usdm', 'BTCUSDT', '0.1', '0.001')
const SPOT = of('binance-spot', 'BTCUSDT', '0.01', '0.00001')
const NEXO = of('binance-spot', 'NEXOUSDT', '0.001', '0.01')

/** Files that are one session: the first begins with the snapshot that the others go on from. */
export const SESSIONS: readonly (readonly [Instrument, readonly string[]])[] = [
  [USDM, ['usdm-btcusdt-20230404', 'usdm-btcusdt-20230405']],
  [USDM, ['usdm-btcusdt-20240808']],
  [SPOT, ['spot-btcusdt-20240808', 'spot-btcusdt-20240809']],
  [NEXO, ['spot-nexousdt-20240723', 'spot-nexousdt-20240724']],
]

/** Whether the recordings lie beside the repository. */
export const hasRecordings = (): boolean => existsSync(FOLDER)

/** Book changes and quotes of a session, in the order in which they were received. */
export const readSession = (instrument: Instrument, files: readonly string[]): RecordedSession => {
  const grid = gridOf(instrument)
  const messages: BookMessage[] = []
  for (const [file, name] of files.entries()) {
    const path = fileURLToPath(new URL(`${name}.ws.gz`, FOLDER))
    for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
      const at = line.indexOf('{')
      if (at < 0) continue
      const sighted = sight(JSON.parse(line.slice(at)))
      const isBook = sighted?.kind === 'depthUpdate' || sighted?.kind === 'snapshot'
      if (sighted === null || (!isBook && sighted.kind !== 'bookTicker')) continue
      messages.push({ ...(readSighted(sighted, grid) as DepthEvent | QuoteEvent), file })
    }
  }
  return { name: `${instrument.venue} ${instrument.symbol}`, files, messages }
}
