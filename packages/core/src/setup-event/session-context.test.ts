import { describe, expect, it } from '@jest/globals'
import { sessionContextAt } from './index.ts'

/** Sine and cosine of the session's angle, rounded. */
const at = (iso: string): [number, number] => {
  const { time_in_session_sin: sin, time_in_session_cos: cos } = sessionContextAt(Date.parse(iso))
  return [Math.round(sin * 1e9) / 1e9, Math.round(cos * 1e9) / 1e9]
}

describe('sessions', () => {
  it.each<[string, string, number, boolean]>([
    ['2025-01-03T00:00:00Z', 'crypto_asia', 480, false],
    ['2025-01-03T07:59:59Z', 'crypto_asia', 1 / 60, false],
    ['2025-01-03T08:00:00Z', 'crypto_london', 300, false],
    ['2025-01-03T13:00:00Z', 'crypto_us', 420, false],
    ['2025-01-03T15:00:00Z', 'crypto_us', 300, false],
    ['2025-01-03T20:00:00Z', 'crypto_close', 240, false],
    ['2025-01-03T23:59:00Z', 'crypto_close', 1, false],
    ['2025-01-04T00:00:00Z', 'crypto_asia', 480, true],
    ['2025-01-05T23:45:00Z', 'crypto_close', 15, true],
    ['2025-01-06T00:00:00Z', 'crypto_asia', 480, false],
    ['1970-01-01T00:00:00Z', 'crypto_asia', 480, false],
  ])('%s is %s, %d minutes to its close, weekend %p', (iso, type, minutes, weekend) => {
    const context = sessionContextAt(Date.parse(iso))
    expect(context).toMatchObject({
      session_type: type,
      is_weekend: weekend,
      asset_class: 'crypto',
    })
    expect(context.minutes_to_session_close).toBeCloseTo(minutes, 9)
  })

  it('goes round once in a session', () => {
    expect(at('2025-01-03T08:00:00Z')).toEqual([0, 1])
    expect(at('2025-01-03T09:15:00Z')).toEqual([1, 0])
    expect(at('2025-01-03T10:30:00Z')).toEqual([0, -1])
    expect(at('2025-01-03T11:45:00Z')).toEqual([-1, -0])
  })
})
