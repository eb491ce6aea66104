import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { REPOSITORY } from '@tapedeck/dev'
import { loadTradingConfig } from '@tapedeck/runtime'
import type { Instrument } from '@tapedeck/contracts'
import { GeneratedSource } from '@tapedeck/venue-simulator'
import { generatedSymbols, listedOf } from './generated-symbols.ts'

const [BTC, DOGE]: Instrument[] = [
  ['BTCUSDT', '0.5', '0.01'],
  ['DOGEUSDT', '0.00001', '1'],
].map(([symbol, tick, lot]) => ({
  venue: 'binance-usdm',
  symbol: symbol!,
  base_asset: symbol!.slice(0, -4),
  quote_asset: 'USDT',
  tick_size: tick!,
  lot_size: lot!,
  min_quantity: lot!,
  min_notional: '5',
  max_leverage: 20,
})) as [Instrument, Instrument]

describe('symbols of the generated market', () => {
  it('have the grid that is configured, and the venue decides what leverage is allowed', () => {
    const [made] = generatedSymbols(['BTCUSDT'], [BTC])
    expect(made).toMatchObject({
      instrument: { tick_size: '0.5', lot_size: '0.01', min_notional: '5', max_leverage: 125 },
      startPrice: '60000',
    })
  })

  it('can be others than those that are known, where they are configured', () => {
    const symbols = generatedSymbols(['DOGEUSDT'], [BTC, DOGE])
    expect(symbols[0]).toMatchObject({ instrument: { base_asset: 'DOGE' }, startPrice: '0.5' })
    const source = new GeneratedSource({ symbols, seed: 1, startTime: 0 })
    expect(source.advanceTo(60_000).length).toBeGreaterThan(100)
  })

  it('are refused without a grid, and it is said where to put one', () => {
    expect(() => generatedSymbols(['DOGEUSDT'], [BTC])).toThrow(
      expect.objectContaining({
        code: 'SYMBOL_UNKNOWN',
        hint: expect.stringContaining('an instrument of binance-usdm in the configuration'),
      }),
    )
  })

  it('of the shipped configuration are those that are known, with their grids', () => {
    const listed = listedOf(loadTradingConfig(join(REPOSITORY, 'config', 'tapedeck.yaml')))
    const symbols = listed.map(({ symbol }) => symbol)
    expect(symbols).toContain('BTCUSDT')
    expect(generatedSymbols(symbols, listed)).toEqual(generatedSymbols(symbols))
  })
})
