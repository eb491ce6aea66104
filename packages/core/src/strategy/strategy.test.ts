import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  RollingChannel,
  checkStrategyDefinition,
  donchian,
  parseParameter,
  resolveParameters,
  searchGrid,
  type ParameterTable,
} from './index.ts'

const TABLE: ParameterTable = {
  days: { kind: 'integer', default: 20, min: 1, max: 100, step: 10, about: 'days' },
  share: { kind: 'number', default: 0.5, min: 0.1, max: 0.4 + 0.3, step: 0.1, about: 'share' },
  side: { kind: 'choice', default: 'both', choices: ['both', 'long'], about: 'sides' },
  fast: { kind: 'flag', default: false, about: 'in a hurry' },
}

describe('parameters', () => {
  it('given ones over defaults', () => {
    expect(resolveParameters('s', TABLE, { days: 7, fast: true })).toEqual({
      days: 7,
      share: 0.5,
      side: 'both',
      fast: true,
    })
  })

  it.each<[Record<string, unknown>, RegExp]>([
    [{ day: 1 }, /s: there is no parameter day, expected days, share, side, fast/],
    [{ days: 1.5 }, /parameter days is 1\.5, expected a whole number 1 to 100/],
    [{ days: 0 }, /parameter days is 0/],
    [{ days: Number.NaN }, /parameter days is NaN/],
    [{ days: '7' }, /parameter days is 7, expected a whole number/],
    [{ share: 0.8 }, /parameter share is 0\.8, expected a number 0\.1 to 0\.7/],
    [{ side: 'up' }, /parameter side is up, expected one of both, long/],
    [{ fast: 1 }, /parameter fast is 1, expected true or false/],
    [{ constructor: 1 }, /there is no parameter constructor/],
  ])('%j is refused', (given, message) => {
    expect(() => resolveParameters('s', TABLE, given)).toThrow(message)
  })

  it.each([
    ['days', '12', 12],
    ['share', '0.25', 0.25],
    ['side', 'long', 'long'],
    ['fast', 'true', true],
  ])('%s=%s is read', (name, text, value) => {
    expect(parseParameter('s', TABLE, name, text)).toBe(value)
  })

  it.each([
    ['days', '1e1'],
    ['days', ''],
    ['share', 'NaN'],
    ['fast', 'yes'],
    ['toString', '1'],
  ])('%s=%s is refused', (name, text) => {
    expect(() => parseParameter('s', TABLE, name, text)).toThrow(/PARAMETER_INVALID|parameter/)
  })

  it('a search walks the grid, ends included and without dust', () => {
    expect(searchGrid(TABLE['share']!)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    expect(searchGrid(TABLE['days']!)).toEqual([1, 11, 21, 31, 41, 51, 61, 71, 81, 91])
    expect(searchGrid(TABLE['side']!)).toEqual(['both', 'long'])
    expect(searchGrid(TABLE['fast']!)).toEqual([false, true])
  })
})

const verdictOn = (value: unknown): unknown => {
  try {
    checkStrategyDefinition(value, 'mine.ts')
    return 'taken'
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('a definition', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /the default export is missing/],
    ['a function', () => null, /the default export is a function/],
    ['no name', { ...donchian, name: undefined }, /name is missing, expected lower-case/],
    ['a name with blanks', { ...donchian, name: 'My Strategy' }, /name is My Strategy/],
    ['no create', { ...donchian, create: 1 }, /create is 1, expected a function/],
    ['no warm-up', { ...donchian, warmupBars: 20 }, /warmupBars is 20/],
    ['timeframes as text', { ...donchian, timeframes: '1h' }, /timeframes is 1h/],
    ['no parameters', { ...donchian, parameters: null }, /parameters is null/],
    [
      'a parameter without range',
      { ...donchian, parameters: { n: { kind: 'integer', default: 1, about: 'n' } } },
      /parameters\.n is an object, expected numbers min <= max and step > 0/,
    ],
    [
      'a default out of range',
      {
        ...donchian,
        parameters: { n: { kind: 'integer', default: 9, min: 1, max: 2, step: 1, about: 'n' } },
      },
      /parameter n is 9, expected a whole number 1 to 2/,
    ],
  ])('%s is refused', (_, value, message) => {
    expect(() => checkStrategyDefinition(value, 'mine.ts')).toThrow(message)
  })

  it('anything is refused or taken, never a crash of another kind', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(['taken', 'STRATEGY_INVALID']).toContain(verdictOn(value))
      }),
    )
  })
})

describe('a channel', () => {
  const bars = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })),
    { minLength: 1, maxLength: 60 },
  )

  it('is the extreme of the last bars, wherever it was saved in between', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), bars, (period, rows) => {
        let channel = new RollingChannel(period)
        rows.forEach(([a, b], i) => {
          channel.push(Math.max(a, b), Math.min(a, b))
          channel = new RollingChannel(
            period,
            JSON.parse(JSON.stringify(channel.snapshot())) as never,
          )
          const last = rows.slice(Math.max(0, i + 1 - period), i + 1).flat()
          expect([channel.high, channel.low]).toEqual([Math.max(...last), Math.min(...last)])
          expect(channel.isFull).toBe(i + 1 >= period)
        })
      }),
    )
  })

  it.each([0, -1, 1.5, Number.NaN])('of %d bars is refused', (period) => {
    expect(() => new RollingChannel(period)).toThrow(/expected a whole number/)
  })
})
