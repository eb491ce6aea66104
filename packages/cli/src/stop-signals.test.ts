import { afterEach, describe, expect, it } from '@jest/globals'
import { type StopSignals, catchStopSignals } from './stop-signals.ts'

describe('signals that stop a command', () => {
  let now = 0
  let asked = 0
  let ends: number[] = []
  let signals: StopSignals | null = null
  const caught = (): StopSignals => {
    now = 1_000
    asked = 0
    ends = []
    signals = catchStopSignals(() => asked++, { now: () => now, exit: (code) => ends.push(code) })
    return signals
  }
  afterEach(() => signals?.release())

  it('the first asks for an orderly stop', () => {
    const stop = caught()
    expect(stop.exitCode()).toBeNull()
    process.emit('SIGTERM')
    expect([asked, stop.signal.aborted, stop.exitCode(), ends]).toEqual([1, true, 143, []])
    expect(stop.caused(stop.signal.reason)).toBe(true)
    expect(stop.caused(new Error('something else'))).toBe(false)
  })

  it('the same stop by way of a launcher is no second one', () => {
    caught()
    process.emit('SIGINT')
    now += 20
    process.emit('SIGINT')
    expect([asked, ends]).toEqual([1, []])
  })

  it('a second one ends it at once', () => {
    caught()
    process.emit('SIGTERM')
    now += 600
    process.emit('SIGINT')
    expect([asked, ends]).toEqual([1, [130]])
  })
})
