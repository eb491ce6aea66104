import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decimalToSteps, parseStep, stepsToDecimal } from './grid.ts'

const sizes = fc.constantFrom('0.1', '0.10', '0.05', '0.001', '0.00000001', '1', '5', '25', '0.25')

/** Digits alone, by whole-number arithmetic that cannot round. */
const longhand = (steps: number, size: string): string => {
  const { mantissa, scale } = parseStep(size)
  const digits = (BigInt(Math.abs(steps)) * BigInt(mantissa)).toString().padStart(scale + 1, '0')
  const cut = digits.length - scale
  const fraction = digits.slice(cut).replace(/0+$/, '')
  return `${steps < 0 ? '-' : ''}${digits.slice(0, cut)}${fraction === '' ? '' : `.${fraction}`}`
}

describe('stepsToDecimal', () => {
  it('is exact over all whole numbers of steps, also beyond exact products', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), sizes, (steps, size) => {
        expect(stepsToDecimal(steps, parseStep(size))).toBe(longhand(steps, size))
      }),
    )
  })

  it('is read back as the same steps', () => {
    fc.assert(
      fc.property(fc.integer(), sizes, (steps, size) => {
        const step = parseStep(size)
        expect(decimalToSteps(stepsToDecimal(steps, step), step)).toBe(steps)
      }),
    )
  })
})
