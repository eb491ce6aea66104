import { describe, expect, it } from '@jest/globals'
import { Carriage } from './carriage.fixture.ts'
import { MarketSilence } from './market-silence.ts'
import { TestClock } from './test-clock.fixture.ts'

const T = 500_000

/** A silence of three seconds is allowed. What is told is read back, unless a test says otherwise. */
class Watched {
  readonly clock = new TestClock()
  readonly told: number[] = []
  at: number | null = T
  isReadBack = true
  readonly silence = new MarketSilence({
    clock: this.clock,
    timeAtStake: () => this.at,
    silenceMs: 3_000,
    tell: (at) => {
      this.told.push(at - T)
      if (this.isReadBack && this.at !== null) this.at = Math.max(this.at, at)
    },
  })

  constructor() {
    this.silence.start()
  }
}

describe('market time that stands still', () => {
  it('is left alone for three seconds, then carried on, a second at a time until it is up to date', async () => {
    const one = new Watched()
    await one.clock.pass(3_249)
    expect(one.told).toEqual([])
    await one.clock.pass(1_001)
    // Seen at first after 250 ms, and so 3, 3.25, 3.5 ... s old at these looks.
    expect(one.told).toEqual([1_000, 2_000, 3_000, 3_750, 4_000])
  })

  it('is left alone while the market moves it, however slowly', async () => {
    const one = new Watched()
    for (let i = 0; i < 20; i++) {
      await one.clock.pass(2_900)
      one.at! += 1
    }
    expect(one.told).toEqual([])
  })

  it('goes on while the market is behind what it was carried to, and not once it is ahead', async () => {
    const one = new Watched()
    await one.clock.pass(10_000)
    const before = one.told.length
    one.at = T + one.told.at(-1)!
    await one.clock.pass(1_000)
    expect(one.told).toHaveLength(before + 4)
    one.at = T + one.told.at(-1)! + 1
    await one.clock.pass(3_000)
    expect(one.told).toHaveLength(before + 4)
  })

  it('is counted anew once something is open again', async () => {
    const one = new Watched()
    one.at = null
    await one.clock.pass(60_000)
    one.at = T
    await one.clock.pass(3_249)
    expect(one.told).toEqual([])
    await one.clock.pass(1)
    expect(one.told).toEqual([1_000])
  })

  it('goes on although nobody reads what was told', async () => {
    const one = new Watched()
    one.isReadBack = false
    await one.clock.pass(6_000)
    expect(one.told.at(-1)).toBe(5_750)
    expect(one.told).toEqual([...new Set(one.told)])
  })

  it('stops', async () => {
    const one = new Watched()
    one.silence.stop()
    await one.clock.pass(10_000)
    expect(one.clock.timers).toBe(0)
    expect(one.told).toEqual([])
  })
})

describe('a courier', () => {
  it('reports the time while something is open, each moment once, and ends with it', async () => {
    let at: number | null = T
    const carriage = new Carriage({ timeAtStake: () => at })
    carriage.courier.start([])
    await carriage.clock.pass(3_500)
    expect(carriage.reports).toMatchObject([
      { report: 'time_passed', learned_by: 'clock', client_order_id: null, at: T + 1_000 },
      { report: 'time_passed', at: T + 2_000 },
    ])
    expect(new Set(carriage.reports.map((one) => one.report_id)).size).toBe(2)
    at = null
    await carriage.clock.pass(10_000)
    expect(carriage.reports).toHaveLength(2)
    await carriage.courier.stop()
  })

  it('reports none where nobody decides by time', async () => {
    const carriage = new Carriage()
    carriage.courier.start([])
    await carriage.clock.pass(60_000)
    expect(carriage.told).toEqual([])
  })
})
