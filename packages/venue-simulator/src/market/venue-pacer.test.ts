import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { VenuePacer } from './venue-pacer.ts'

const clock = (start: number) => {
  const venue = {
    time: start,
    advanceTo: (time: number) => {
      venue.time = Math.max(venue.time, time)
    },
  }
  return venue
}

describe('VenuePacer', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('moves the clock with the wall, at its speed, and stops', async () => {
    const venue = clock(1000)
    const pacer = new VenuePacer({ venue, speed: 2.5 })
    await jest.advanceTimersByTimeAsync(1000)
    expect(venue.time).toBe(3500)
    pacer.stop()
    await jest.advanceTimersByTimeAsync(1000)
    expect(venue.time).toBe(3500)
  })

  it('goes on from where somebody stepped the clock to', async () => {
    const venue = clock(1000)
    const pacer = new VenuePacer({ venue })
    await jest.advanceTimersByTimeAsync(100)
    venue.advanceTo(60_000)
    await jest.advanceTimersByTimeAsync(100)
    expect(venue.time).toBe(60_100)
    pacer.stop()
  })

  it('loses no time to slow speeds', async () => {
    const venue = clock(0)
    const pacer = new VenuePacer({ venue, speed: 0.01 })
    await jest.advanceTimersByTimeAsync(100_000)
    expect(venue.time).toBeGreaterThanOrEqual(999)
    expect(venue.time).toBeLessThanOrEqual(1000)
    pacer.stop()
  })

  it('stands still after a failure, and tells it; tells the end of a source once', async () => {
    const failures: string[] = []
    const venue = clock(0)
    const pacer = new VenuePacer({
      venue: {
        ...venue,
        advanceTo: () => {
          throw new Error('a mistake')
        },
      },
      onFailure: ({ message }) => failures.push(message),
    })
    await jest.advanceTimersByTimeAsync(100)
    expect(failures).toEqual(['a mistake'])
    pacer.stop()
    let ends = 0
    const source = {
      instruments: [],
      startTime: 0,
      endTime: 50,
      advanceTo: () => [],
      taken: () => undefined,
    }
    const other = new VenuePacer({ venue: clock(0), source, onEnd: () => ends++ })
    await jest.advanceTimersByTimeAsync(200)
    expect(ends).toBe(1)
    other.stop()
  })
})
