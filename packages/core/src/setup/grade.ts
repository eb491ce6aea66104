import type { Box, Grade } from '@tapedeck/contracts'

/**
 * The grade of a set of checked boxes (S3 §6.1). Without the BIAS box a trade is counter-trend: it is
 * never better than C, and with all others it has four at most.
 */
export const gradeOf = (checked: readonly Box[]): Grade => {
  const withTrend = checked.includes('BIAS')
  if (checked.length < 3) return 'INVALID'
  if (checked.length >= 5 && withTrend) return 'A'
  if (checked.length >= 4 && withTrend) return 'B'
  return 'C'
}

const RANK: Readonly<Record<Grade, number>> = { INVALID: 0, C: 1, B: 2, A: 3 }

/** Grades as numbers that rise with quality: INVALID 0, C 1, B 2, A 3. */
export const gradeRank = (grade: Grade): number => RANK[grade]
