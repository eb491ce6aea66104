import { describe, expect, it } from '@jest/globals'
import { averaged, money, padded, quoted } from './decimals.ts'

const PLACES = { price: 2, quantity: 3 }

describe('decimals as the venue writes them', () => {
  it.each([
    ['60000', 2, '60000.00'],
    ['60000.1', 2, '60000.10'],
    ['60000.10', 2, '60000.10'],
    ['0', 3, '0.000'],
    ['-0.5', 3, '-0.500'],
    ['7', 0, '7'],
    ['0.123456789', 8, '0.123456789'],
  ])('%s with %d decimals is %s', (value, places, text) => {
    expect(padded(value, places)).toBe(text)
  })

  it('have those of price and quantity in their product, and eight in money', () => {
    expect(quoted('600.001', PLACES)).toBe('600.00100')
    expect(money('-0.06')).toBe('-0.06000000')
  })

  it('have those of a price in no average, and those of a product in one', () => {
    expect(averaged('0', PLACES)).toBe('0.00')
    expect(averaged('60000.1', PLACES)).toBe('60000.10000')
    expect(averaged('60000.12345678', PLACES)).toBe('60000.12345678')
  })
})
