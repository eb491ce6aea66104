import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { axesOf, gridSize, neighborsOf, pointAt } from './parameter-space.ts'
import { searchPoints } from './search-points.ts'

const values = (given: unknown): unknown[] => {
  const [axis] = axesOf({ x: given })
  return Array.from({ length: axis!.size }, (_, place) => axis!.at(place))
}

describe('a parameter', () => {
  it.each<[unknown, unknown[]]>([
    [{ range: [20, 60], step: 20 }, [20, 40, 60]],
    [{ range: [0.1, 0.5], step: 0.1 }, [0.1, 0.2, 0.3, 0.4, 0.5]],
    [{ range: [1, 2], step: 0.4 }, [1, 1.4, 1.8]],
    [{ range: [3, 3], step: 1 }, [3]],
    [{ log: [0.001, 1], points: 4 }, [0.001, 0.01, 0.1, 1]],
    [{ choice: ['long', true, 3] }, ['long', true, 3]],
  ])('%j is %j', (given, expected) => {
    expect(values(given)).toEqual(expected)
  })

  it.each<[unknown, string]>([
    [{ range: [2, 1], step: 1 }, 'low not above high'],
    [{ range: [1, 2] }, 'a step above 0'],
    [{ range: [1, 2], step: 0 }, 'a step above 0'],
    [{ range: [1, Number.NaN], step: 1 }, 'finite numbers'],
    [{ range: [0, 1e300], step: 1e-300 }, 'fewer values'],
    [{ log: [0, 1], points: 3 }, '0 < low'],
    [{ log: [1, 2], points: 1 }, '2 or more'],
    [{ choice: [] }, 'at least one'],
    [{ choice: [1, 1] }, 'choices that differ'],
    [{ choice: [{ a: 1 }] }, 'numbers, texts or true/false'],
    [{ range: [1, 2], step: 1, choice: [1] }, 'exactly one of range, log and choice'],
    [{ range: [1, 2], step: 1, points: 3 }, 'not points'],
    [{}, 'exactly one of'],
    [7, 'a range, a log scale or choices'],
  ])('%j is refused: %s', (given, text) => {
    expect(() => axesOf({ x: given })).toThrow(text)
  })

  it('an empty space is refused', () => {
    expect(() => axesOf({})).toThrow('the parameter space has 0 parameters')
    expect(() => axesOf([])).toThrow('parameters with their values')
  })
})

const space = axesOf({
  b: { choice: ['x', 'y'] },
  a: { range: [1, 3], step: 1 },
})

describe('points', () => {
  it('a grid runs through all, the last parameter fastest, whatever the order of writing', () => {
    const points = searchPoints(space, { search: 'grid', maxTrials: 6, seed: 1 })
    expect(points.map((places) => Object.values(pointAt(space, places)).join(''))).toEqual([
      '1x',
      '1y',
      '2x',
      '2y',
      '3x',
      '3y',
    ])
  })

  it('a grid of a billion points is refused with the count and a way out, at once', () => {
    const axis = { range: [1, 1_000], step: 1 }
    const large = axesOf({ a: axis, b: axis, c: axis })
    expect(gridSize(large)).toBe(1_000_000_000n)
    const before = process.memoryUsage().heapUsed
    expect(() => searchPoints(large, { search: 'grid', maxTrials: 10_000, seed: 1 })).toThrow(
      'the grid has 1,000,000,000 points; at most 10,000 are tried',
    )
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000)
    for (const search of ['random', 'latin'] as const) {
      const points = searchPoints(large, { search, maxTrials: 500, seed: 3 })
      expect(new Set(points.map(String)).size).toBe(500)
      expect(searchPoints(large, { search, maxTrials: 500, seed: 3 })).toEqual(points)
      expect(searchPoints(large, { search, maxTrials: 500, seed: 4 })).not.toEqual(points)
    }
  })

  it('a Latin hypercube covers each axis evenly', () => {
    const axes = axesOf({ a: { range: [0, 99], step: 1 }, b: { range: [0, 99], step: 1 } })
    const points = searchPoints(axes, { search: 'latin', maxTrials: 50, seed: 1 })
    for (const i of [0, 1]) {
      const strata = points.map((places) => Math.floor(places[i]! / 2))
      expect(new Set(strata).size).toBe(50)
    }
  })

  it('every way gives distinct places on the axes, never more than asked for', () => {
    const axis = fc.integer({ min: 1, max: 7 }).map((size) => ({ range: [1, size], step: 1 }))
    fc.assert(
      fc.property(
        fc.array(axis, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('random' as const, 'latin' as const),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        (all, search, maxTrials, seed) => {
          const axes = axesOf(Object.fromEntries(all.map((one, i) => [`p${i}`, one])))
          const points = searchPoints(axes, { search, maxTrials, seed })
          expect(points.length).toBeLessThanOrEqual(maxTrials)
          expect(points.length).toBeGreaterThan(0)
          expect(new Set(points.map(String)).size).toBe(points.length)
          for (const places of points) {
            for (const [i, place] of places.entries()) {
              expect(place >= 0 && place < axes[i]!.size).toBe(true)
            }
          }
        },
      ),
    )
  })

  it('neighbors are one step away, or another choice', () => {
    expect(neighborsOf(space, [0, 0])).toEqual([
      [1, 0],
      [0, 1],
    ])
    expect(neighborsOf(space, [1, 1])).toEqual([
      [0, 1],
      [2, 1],
      [1, 0],
    ])
  })
})
