import { TapedeckError } from '@tapedeck/contracts'
import { Random } from '@tapedeck/core'
import { gridSize, type Axis, type Places } from './parameter-space.ts'

export const SEARCHES = ['grid', 'random', 'latin'] as const

/** `latin`: Latin hypercube (McKay, Beckman and Conover, 1979): each axis is covered evenly. */
export type SearchRules = {
  readonly search: (typeof SEARCHES)[number]
  /** Most points to try. A grid that has more is refused. */
  readonly maxTrials: number
  /** For random and latin. */
  readonly seed: number
}

const TRIALS_MAX = 1_000_000

const tooMany = (size: bigint, maxTrials: number): TapedeckError =>
  new TapedeckError(
    'VALIDATION_FAILED',
    `the grid has ${size.toLocaleString('en-US')} points; at most ${maxTrials.toLocaleString('en-US')} are tried`,
    {
      hint: `Use --search random --max-trials ${maxTrials}, choose longer steps, or raise --max-trials.`,
      details: { points: String(size), maxTrials },
    },
  )

const gridPlaces = (axes: readonly Axis[], size: number): Places[] =>
  Array.from({ length: size }, (_, index) => {
    let rest = index
    // The last axis runs fastest, as one would write nested loops.
    return axes
      .toReversed()
      .map((axis) => {
        const place = rest % axis.size
        rest = Math.floor(rest / axis.size)
        return place
      })
      .toReversed()
  })

/** Points in the order drawn, each once. */
const distinct = (draw: (index: number) => Places, wanted: number, draws: number): Places[] => {
  const seen = new Set<string>()
  const found: Places[] = []
  for (let index = 0; index < draws && found.length < wanted; index += 1) {
    const places = draw(index)
    const name = places.join(',')
    if (seen.has(name)) continue
    seen.add(name)
    found.push(places)
  }
  return found
}

const below = (random: Random, size: number): number =>
  Math.min(size - 1, Math.floor(random.next() * size))

const shuffled = (count: number, random: Random): number[] => {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let last = count - 1; last > 0; last -= 1) {
    const other = below(random, last + 1)
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}

const latinPlaces = (axes: readonly Axis[], count: number, random: Random): Places[] => {
  const strata = axes.map(() => shuffled(count, random))
  const draw = (index: number): Places =>
    axes.map(({ size }, i) =>
      Math.min(size - 1, Math.floor(((strata[i]![index]! + random.next()) / count) * size)),
    )
  return distinct(draw, count, count)
}

/** Draws of which most were there already: the space is nearly used up. */
const DRAWS_PER_POINT = 50

/**
 * The points to try. The same space and rules give the same points in the same order. Random and latin
 * give the whole grid when it is no larger than `maxTrials`. Throws VALIDATION_FAILED for a grid that is
 * too large, before a point of it is made.
 */
export const searchPoints = (
  axes: readonly Axis[],
  { search, maxTrials, seed }: SearchRules,
): Places[] => {
  if (!Number.isInteger(maxTrials) || maxTrials < 1 || maxTrials > TRIALS_MAX) {
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `max trials is ${maxTrials}; expected 1 to ${TRIALS_MAX}`,
    )
  }
  const size = gridSize(axes)
  if (size <= BigInt(maxTrials)) return gridPlaces(axes, Number(size))
  if (search === 'grid') throw tooMany(size, maxTrials)
  const random = new Random(seed)
  if (search === 'latin') return latinPlaces(axes, maxTrials, random)
  const draw = (): Places => axes.map((axis) => below(random, axis.size))
  return distinct(draw, maxTrials, maxTrials * DRAWS_PER_POINT)
}
