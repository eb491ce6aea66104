import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { Instrument } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import { openRecording } from '@tapedeck/recordings'
import { convertTape } from './convert-tape.ts'
import { instrument } from './market-events.fixture.ts'
import { openTape } from './open-tape.ts'
import { playTape } from './play-tape.fixture.ts'
import { testFolder } from './small-tape.fixture.ts'
import { recordingSource } from './tape-source.ts'
import { verifyTape } from './verify-tape.ts'

/** Published market data beside the checkout; its README says what each file holds. */
const shared = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))
const describeWithData = existsSync(shared) ? describe : describe.skip
const folder = testFolder()
afterAll(folder.remove)

const of = (venue: string, symbol: string, tick: string, lot: string): Instrument => ({
  ...instrument(symbol, tick),
  venue,
  lot_size: lot,
})
const USDM = of('binance-usdm', 'BTCUSDT', '0.1', '0.001')
const SPOT = of('binance-spot', 'BTCUSDT', '0.01', '0.00001')
const NEXO = of('binance-spot', 'NEXOUSDT', '0.001', '0.01')
const SUSHI = of('binance-usdm', 'SUSHIUSDT', '0.001', '1')
const XRPETH = of('binance-spot', 'XRPETH', '0.00000001', '1')
const raw = (name: string): string => `binance-ws-raw/${name}.ws.gz`

describeWithData('recordings of ../shared/data (skipped where the folder is absent)', () => {
  it.each<[string, string[], Instrument, number]>([
    ['USD-M 2024', [raw('usdm-btcusdt-20240808')], USDM, 93_954],
    ['USD-M 2023', [raw('usdm-btcusdt-20230404'), raw('usdm-btcusdt-20230405')], USDM, 73_765],
    ['spot 2024', [raw('spot-btcusdt-20240808'), raw('spot-btcusdt-20240809')], SPOT, 99_574],
    ['spot NEXO', [raw('spot-nexousdt-20240723'), raw('spot-nexousdt-20240724')], NEXO, 114_078],
    [
      'one of four symbols',
      ['binance-usdm-streams-20210722/BINANCE_FUTURES.ws.1.0.gz'],
      SUSHI,
      500,
    ],
    [
      'aggregate trades',
      ['aggtrades/spot-XRPETH-aggTrades-20191011-20191013.csv.gz'],
      XRPETH,
      12_477,
    ],
    ['USD-M klines', ['binance-usdm-klines/BTCUSDT-1m-2024-03-30.csv.gz'], USDM, 1440],
    ['klines of nine years', ['binance-spot-klines/BTCUSDT-1d-201708-202604.csv.gz'], SPOT, 3178],
    ['klines with outages', ['binance-spot-klines/BTCUSDT-1h-202201-202604.csv.gz'], SPOT, 37_923],
    ['klines without taker volume', ['binance-spot-klines/BTCUSDT-1m-202511.csv.gz'], SPOT, 43_201],
  ])(
    '%s: what goes in comes out',
    async (name, files, market, rows) => {
      const options = {
        files: files.map((file) => shared + file),
        instruments: [market],
        symbol: market.symbol,
      }
      const output = join(folder.path, name)
      const { manifest } = await convertTape(await recordingSource(options), { output })
      const events: MarketEvent[] = []
      const recording = await openRecording(options)
      for await (const chunk of recording.events()) for (const event of chunk) events.push(event)
      const played = await playTape(await openTape(output))
      expect(played.length).toBe(manifest.rows)
      expect(played.length).toBeGreaterThanOrEqual(rows > 1000 ? rows : 100)
      // The matchers of jest take a minute for a hundred thousand events.
      const different = played.findIndex((event, i) => !isDeepStrictEqual(event, events[i]))
      expect([different, events.length]).toEqual([-1, played.length])
      expect((await verifyTape(output)).problems).toEqual([])
    },
    300_000,
  )
})
