import type { Grade, Side, Strategy } from '@tapedeck/contracts'
import { distanceFraction } from './points-of-interest.ts'
import { gradeRank } from './grade.ts'

/** A signal that was given, as far as the next one must know it. */
export type GivenSignal = {
  readonly strategy: Strategy
  readonly side: Side
  /** Null when price was at no point of interest. */
  readonly poi_ticks: number | null
  readonly grade: Grade
  readonly at: number
}

/**
 * Points are the same within tolerance: the developing POC and value area move by a bin between two
 * closes, and that makes no new setup.
 */
const isSamePoint = (a: number | null, b: number | null, tolerance: number): boolean =>
  a === null || b === null ? a === b : distanceFraction(a, b) <= tolerance

/** Signals that can still silence another at `at`. */
export const stillCooling = (
  given: readonly GivenSignal[],
  at: number,
  cooldownMs: number,
): GivenSignal[] => given.filter((signal) => at - signal.at < cooldownMs)

/**
 * True when the same setup (strategy, side, point of interest) was signalled within the cooldown with
 * a grade as good or better: only a better grade is news.
 */
export const isAlreadySignalled = (
  given: readonly GivenSignal[],
  candidate: GivenSignal,
  cooldownMs: number,
  tolerance: number,
): boolean =>
  stillCooling(given, candidate.at, cooldownMs).some(
    (signal) =>
      signal.strategy === candidate.strategy &&
      signal.side === candidate.side &&
      isSamePoint(signal.poi_ticks, candidate.poi_ticks, tolerance) &&
      gradeRank(candidate.grade) <= gradeRank(signal.grade),
  )
