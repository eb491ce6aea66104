import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { VenuePace } from '../venue/venue-pace.ts'
import type { MarketSource } from './market-source.ts'
import { VenuePacer } from './venue-pacer.ts'

const clock = (start: number, speed = 1) => {
  const venue = {
    time: start,
    pace: { speed, isPaused: false, stepTo: null } as VenuePace,
    source: null as MarketSource | null,
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
    jest.restoreAllMocks()
    jest.useRealTimers()
  })

  it('moves the clock with the wall, at its speed, and stops', async () => {
    const venue = clock(1000, 2.5)
    const pacer = new VenuePacer({ venue })
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

  it('stands still while paused, but for the steps that are asked for', async () => {
    const venue = clock(1000)
    const pacer = new VenuePacer({ venue })
    venue.pace.isPaused = true
    await jest.advanceTimersByTimeAsync(1000)
    expect(venue.time).toBe(1000)
    venue.pace.stepTo = 5000
    await jest.advanceTimersByTimeAsync(1000)
    expect(venue).toMatchObject({ time: 5000, pace: { stepTo: null } })
    venue.pace.isPaused = false
    await jest.advanceTimersByTimeAsync(1000)
    expect(venue.time).toBe(6000)
    pacer.stop()
  })

  it('goes as fast as it can where it cannot go as fast as it should', async () => {
    const venue = clock(0, 1000)
    const moves: number[] = []
    // Each stretch takes 15 ms of the wall.
    let slow = 0
    const pacer = new VenuePacer({
      venue: {
        ...venue,
        get time() {
          return venue.time
        },
        advanceTo: (time) => {
          moves.push(time - venue.time)
          venue.advanceTo(time)
          slow += 15
        },
      },
    })
    const now = performance.now.bind(performance)
    jest.spyOn(performance, 'now').mockImplementation(() => now() + slow)
    await jest.advanceTimersByTimeAsync(100)
    expect(Math.max(...moves)).toBe(100)
    expect(moves.length).toBeLessThanOrEqual(2 * 10)
    pacer.stop()
  })

  it('loses no time to slow speeds', async () => {
    const venue = clock(0, 0.01)
    const pacer = new VenuePacer({ venue })
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
    const over = clock(0)
    over.source = {
      instruments: [],
      startTime: 0,
      endTime: 50,
      advanceTo: () => [],
      taken: () => undefined,
    }
    const other = new VenuePacer({ venue: over, onEnd: () => ends++ })
    await jest.advanceTimersByTimeAsync(200)
    expect(ends).toBe(1)
    other.stop()
  })
})
