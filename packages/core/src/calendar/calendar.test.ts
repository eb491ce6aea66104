import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compactUtc, minuteOfDay, sessionOf, utcDate } from './index.ts'

describe('calendar', () => {
  it('agrees with the platform on every instant up to the year 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (at) => {
        const iso = new Date(at).toISOString()
        expect(utcDate(at)).toBe(iso.slice(0, 10))
        expect(compactUtc(at).slice(0, 15)).toBe(iso.slice(0, 19).replaceAll(/[-:]/g, ''))
      }),
    )
  })

  it.each([
    ['2024-08-08T07:59:59.999Z', '2024-08-07'],
    ['2024-08-08T08:00:00.000Z', '2024-08-08'],
    ['2024-08-09T07:59:59.999Z', '2024-08-08'],
    ['2024-03-01T00:00:00.000Z', '2024-02-29'],
  ])('%s belongs to the session %s', (iso, id) => {
    expect(sessionOf(Date.parse(iso), '08:00')).toEqual({
      id,
      started_at: Date.parse(`${id}T08:00:00.000Z`),
    })
  })

  it('names an instant within a second by its milliseconds', () => {
    expect(compactUtc(Date.parse('2024-08-08T23:55:00.007Z'))).toBe('20240808T235500.007')
    expect(minuteOfDay(Date.parse('2024-08-08T17:45:15Z'))).toBe(1065.25)
  })
})
