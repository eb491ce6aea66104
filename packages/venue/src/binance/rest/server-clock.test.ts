import { describe, expect, it } from '@jest/globals'
import { TestClock } from '../test-clock.fixture.ts'
import { ServerClock } from './server-clock.ts'

const open = () => {
  const local = new TestClock(1_000_000)
  const clock = new ServerClock(local)
  /** The venue is `ahead`; the answer takes `there` and `back`. */
  const sample = (ahead: number, there: number, back: number): void => {
    const sentAt = local.now()
    local.step(there)
    const said = local.now() + ahead
    local.step(back)
    clock.take(said, sentAt, local.now())
  }
  return { local, clock, sample }
}

describe('the venue’s clock', () => {
  it('is ours until the venue was asked', () => {
    const { clock, local } = open()
    expect([clock.isSet, clock.timestamp()]).toEqual([false, local.now()])
  })

  it('is minutes off, and known within half of the way there and back', () => {
    const { clock, sample } = open()
    sample(-180_000, 40, 60)
    expect(clock.isSet).toBe(true)
    expect(Math.abs(clock.offset + 180_000)).toBeLessThanOrEqual(50)
  })

  it('a slow answer does not spoil what a fast one told', () => {
    const { clock, sample } = open()
    sample(5_000, 2, 2)
    sample(5_000, 3_000, 10)
    expect(clock.offset).toBe(5_000)
  })

  it('follows a clock that drifts', () => {
    const { clock, local, sample } = open()
    let ahead = 0
    for (let minute = 0; minute < 120; minute++) {
      sample(ahead, 5, 5)
      local.step(60_000)
      ahead += 3
      expect(Math.abs(clock.offset - ahead)).toBeLessThanOrEqual(20)
    }
  })

  it('follows a clock that was set, at the first answer that shows it', () => {
    const { clock, sample } = open()
    for (let times = 0; times < 5; times++) sample(0, 5, 5)
    sample(-7_200_000, 20, 20)
    expect(clock.offset).toBe(-7_200_000)
  })

  it('believes the next answer alone once what it knew was refused', () => {
    const { clock, sample } = open()
    sample(1_500, 1, 1)
    clock.forget()
    sample(1_000, 600, 600)
    expect(clock.offset).toBe(1_000)
  })
})
