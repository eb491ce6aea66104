import { describe, expect, it } from '@jest/globals'
import { testInstrument } from '@tapedeck/test-data'
import { assertTapeSymbol } from './assert-tape-symbol.ts'

const tapeOf = (...symbols: string[]) => ({
  instruments: symbols.map((symbol) => testInstrument({ symbol })),
})

describe('a symbol named beside a tape', () => {
  it.each([
    ['none', [tapeOf('BTCUSDT', 'ETHUSDT')], undefined],
    ['the only one', [tapeOf('BTCUSDT')], 'BTCUSDT'],
  ])('goes: %s', (_, tapes, symbol) => {
    expect(() => assertTapeSymbol(tapes, symbol)).not.toThrow()
  })

  it.each([
    ['one that is not there', [tapeOf('BTCUSDT')], 'ETHUSDT', 'SYMBOL_UNKNOWN', 'holds BTCUSDT'],
    ['none of no name', [tapeOf('BTCUSDT')], '', 'SYMBOL_UNKNOWN', 'holds BTCUSDT'],
    ['one of two', [tapeOf('A', 'B')], 'B', 'VALIDATION_FAILED', 'holds A, B, and is played whole'],
    ['one of two tapes', [tapeOf('A'), tapeOf('B')], 'B', 'VALIDATION_FAILED', 'holds A, B'],
  ])('is refused rather than ignored: %s', (_, tapes, symbol, code, text) => {
    expect(() => assertTapeSymbol(tapes, symbol)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(text) }),
    )
  })
})
