import { describe, expect, it } from '@jest/globals'
import type { Message } from '@tapedeck/contracts'
import { RemoteScenario, fillOf, report } from './testing/remote.ts'
import { START, approved, last, told } from './testing/scenario.ts'

const T = START

/** A long of 0.1 BTC from 50000 by the tape, after which no market news comes any more. */
const filled = (): RemoteScenario => {
  const one = RemoteScenario.live()
  one.play(approved(T + 100))
  one.tell(T + 200, 'ENTRY', { report: 'filled', side: 'BUY', fill: fillOf('1', '0.1', '50000') })
  return one
}

const covered = (): RemoteScenario => {
  const one = filled()
  one.tell(T + 300, 'STOP', { report: 'accepted' })
  one.tell(T + 300, 'TARGET', { report: 'accepted' })
  return one
}

/** What the courier tells while market time stands still. */
const passed = (at: number): Message => report(at, { report: 'time_passed', learned_by: 'clock' })

/** Market time stood when the approval was read. */
const STOOD = T + 100

describe('time that passes while no market news comes', () => {
  it.each([
    [
      'a stop that nobody acknowledges',
      () => filled(),
      3_000,
      'UNPROTECTED: no acknowledged stop for 3000 ms',
    ],
    [
      'a stop that triggers and does not fill',
      () => {
        const one = covered()
        one.tell(T + 900, 'STOP', { report: 'triggering' })
        return one
      },
      3_000,
      'UNPROTECTED: an exit has been triggering for 3000 ms',
    ],
  ])('%s: the trade is left at the market at its bound', (_, begin, afterMs, reason) => {
    const one = begin()
    one.play(passed(STOOD + afterMs - 1))
    expect(one.sentAll('EXIT')).toEqual([])
    one.restart()
    one.play(passed(STOOD + afterMs))
    expect(last(one.outputs, 'execution.trade.exit_requested').reason).toBe(reason)
    expect(one.sentAll('EXIT')).toHaveLength(1)
  })

  it('an exit that was held back is sent again', () => {
    const one = covered()
    one.tell(T + 900, 'STOP', { report: 'expired' })
    one.tell(T + 950, 'EXIT', { report: 'rejected', code: '-1003', may_resend: true })
    one.play(passed(STOOD + 999))
    expect(one.sentAll('EXIT')).toHaveLength(1)
    one.play(passed(STOOD + 1_000))
    expect(one.sentAll('EXIT')).toHaveLength(2)
  })

  it('an exit without an answer gets another beside it', () => {
    const one = covered()
    one.tell(T + 900, 'STOP', { report: 'expired' })
    one.tell(T + 950, 'EXIT', { report: 'unknown' })
    one.play(passed(STOOD + 500))
    expect(one.sentAll('EXIT')).toHaveLength(2)
  })

  it('an entry is canceled at its time to live', () => {
    const one = RemoteScenario.live()
    one.play(approved(T + 100))
    one.tell(T + 200, 'ENTRY', { report: 'accepted' })
    one.play(passed(STOOD + 10_000))
    expect(told(one.outputs).at(-1)).toBe('order.pending_cancel ENTRY 0.1@50000')
  })

  it('decides nothing that a price decides: the last one may be long past', () => {
    const one = covered()
    one.print(T + 1_000, 500_400)
    one.play(passed(T + 120_000))
    expect(one.sentAll('STOP')).toHaveLength(1)
    one.print(T + 120_001, 500_400)
    expect(one.sentAll('STOP')).toHaveLength(2)
  })

  it('never goes back, and goes on by the market once that is ahead', () => {
    const one = covered()
    one.play(passed(STOOD + 5_000), passed(STOOD + 4_000))
    expect(one.decider.timeAtStake()).toBe(STOOD + 5_000)
    one.print(STOOD + 4_500, 500_000)
    expect(one.decider.timeAtStake()).toBe(STOOD + 5_000)
    one.print(STOOD + 5_200, 500_000)
    expect(one.decider.timeAtStake()).toBe(STOOD + 5_200)
  })

  it('matters to nobody while nothing is open', () => {
    const one = RemoteScenario.live()
    expect(one.decider.timeAtStake()).toBeNull()
    one.play(approved(T + 100))
    expect(one.decider.timeAtStake()).toBe(STOOD)
    one.tell(T + 200, 'ENTRY', { report: 'rejected', code: '-2019' })
    expect(one.decider.timeAtStake()).toBeNull()
  })
})
