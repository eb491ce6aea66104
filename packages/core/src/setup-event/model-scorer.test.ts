import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ModelScore } from '@tapedeck/contracts'
import { NO_SCORE, askScorer, isEntryBlocked, nullScorer, sizeMultiplier } from './index.ts'

const quality: ModelScore = { ...NO_SCORE, model_quality_score: 0.7, model_version: 'm-1' }

const still = (): number => 0
const ticking = (step: number): (() => number) => {
  let now = 0
  return () => (now += step)
}

describe('asking a scorer', () => {
  it.each<[string, () => unknown, () => number, ModelScore, string | null]>([
    ['the null scorer has no effect', () => nullScorer.score({}), still, NO_SCORE, null],
    ['what it says is passed on', () => quality, still, quality, null],
    [
      'one that throws',
      () => {
        throw new Error('no model file')
      },
      still,
      NO_SCORE,
      'THREW',
    ],
    ['one that takes the time it has', () => quality, ticking(5), quality, null],
    ['one that takes longer', () => quality, ticking(5.01), NO_SCORE, 'TIMED_OUT'],
    ['NaN', () => ({ ...quality, p_false_breakout: Number.NaN }), still, NO_SCORE, 'INVALID'],
    ['infinity', () => ({ ...quality, p_cont_1R: Infinity }), still, NO_SCORE, 'INVALID'],
    ['a probability of 1.2', () => ({ ...quality, p_atr_expand: 1.2 }), still, NO_SCORE, 'INVALID'],
    ['a part missing', () => ({ model_quality_score: 0.5 }), still, NO_SCORE, 'INVALID'],
    ['nothing at all', () => undefined, still, NO_SCORE, 'INVALID'],
  ])('%s', (_, answer, nowMs, score, failure) => {
    const scorer = { score: () => answer() as ModelScore }
    expect(askScorer(scorer, {}, nowMs, 5)).toEqual({ score, failure })
  })
})

describe('what a score may do', () => {
  it.each([
    [null, false],
    [0, false],
    [0.4, false],
    [0.4001, true],
    [0.55, true],
  ])('p_false_breakout %p blocks: %p', (p, blocked) => {
    expect(isEntryBlocked(p)).toBe(blocked)
  })

  it.each<[number | null, number, number]>([
    // quality, locked, centered
    [null, 1, 1],
    [Number.NaN, 1, 1],
    [0, 0.5, 0.5],
    [0.25, 0.5, 0.75],
    [0.5, 0.5, 1],
    [0.75, 0.75, 1.25],
    [1, 1, 1.25],
  ])('quality %p sizes %p (locked), %p (centered)', (q, locked, centered) => {
    expect([sizeMultiplier(q), sizeMultiplier(q, 'centered')]).toEqual([locked, centered])
  })

  it('stays within 0.5 to 1.25 for any input', () => {
    fc.assert(
      fc.property(fc.double(), fc.constantFrom('locked', 'centered'), (q, curve) => {
        const multiplier = sizeMultiplier(q, curve)
        expect(multiplier).toBeGreaterThanOrEqual(0.5)
        expect(multiplier).toBeLessThanOrEqual(1.25)
      }),
    )
  })
})
