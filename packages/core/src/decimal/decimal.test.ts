import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  dec,
  floorToStep,
  formatMoney,
  isOnStep,
  roundToStep,
  sum,
  toDecimalString,
  toMoneyString,
} from './index.ts'

describe('dec', () => {
  it.each(['', ' 1', '1e5', '0x10', 'Infinity', 'NaN', '1.', '.5', '+1', '1_000'])(
    'refuses the text %j',
    (text) => {
      expect(() => dec(text)).toThrow(/expected a plain finite decimal/)
    },
  )

  it.each([Number.NaN, Infinity, -Infinity])('refuses the number %p', (value) => {
    expect(() => dec(value)).toThrow(RangeError)
  })

  it('adds what float64 cannot', () => {
    expect(toDecimalString(sum([0.1, 0.2]))).toBe('0.3')
    expect(toDecimalString(dec('12345678901234567890').plus('0.000000000000000001'))).toBe(
      '12345678901234567890.000000000000000001',
    )
  })
})

describe('steps', () => {
  it.each([
    ['1.2345', '0.01', '1.23', '1.24', '1.23'],
    ['-1.2345', '0.01', '-1.24', '-1.23', '-1.23'],
    ['0.15', '0.1', '0.1', '0.2', '0.2'],
    ['0.25', '0.1', '0.2', '0.3', '0.2'],
    ['61803.4', '0.5', '61803', '61803.5', '61803.5'],
    ['7', '5', '5', '10', '5'],
    ['0.3', '0.1', '0.3', '0.3', '0.3'],
  ])('%s on a grid of %s', (value, step, down, up, nearest) => {
    expect(toDecimalString(roundToStep(dec(value), step, 'down'))).toBe(down)
    expect(toDecimalString(roundToStep(dec(value), step, 'up'))).toBe(up)
    expect(toDecimalString(roundToStep(dec(value), step, 'nearest'))).toBe(nearest)
  })

  it('needs a positive step', () => {
    expect(() => floorToStep(dec(1), '0')).toThrow(/positive/)
  })

  it('floors onto the grid, never above, never a whole step below', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.integer({ min: 0, max: 8 }),
        (n, s) => {
          const value = dec(n.toString()).div(dec(10).pow(10))
          const step = dec(1).div(dec(10).pow(s))
          const floored = floorToStep(value, step)
          expect(isOnStep(floored, step)).toBe(true)
          expect(floored.lte(value) && floored.plus(step).gt(value)).toBe(true)
        },
      ),
    )
  })
})

describe('text', () => {
  it.each([
    [1e-7, '0.0000001', '0.0000001', '0.00'],
    [1e21, '1000000000000000000000', '1000000000000000000000', '1,000,000,000,000,000,000,000.00'],
    [-0, '0', '0', '0.00'],
    [-0.001, '-0.001', '-0.001', '0.00'],
    [-1234.565, '-1234.565', '-1234.565', '-1,234.56'],
    [999.5, '999.5', '999.5', '999.50'],
    ['0.123456789123456789', '0.123456789123456789', '0.12345679', '0.12'],
  ])('%p', (value, exact, money, shown) => {
    expect(toDecimalString(value)).toBe(exact)
    expect(toMoneyString(value)).toBe(money)
    expect(formatMoney(value)).toBe(shown)
  })
})
