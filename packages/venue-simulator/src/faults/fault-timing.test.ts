import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FaultTiming } from './fault-timing.ts'
import { parsePlannedFault } from './parse-fault-plan.ts'

const START = 1_000_000
const timing = (when: object, rest: object = {}, seed = 1): FaultTiming =>
  new FaultTiming(
    parsePlannedFault({ fault: { kind: 'service_unavailable' }, when, ...rest }, 't'),
    seed,
    START,
  )
/** Milliseconds since the start at which what comes by every `step` is struck. */
const struck = (when: object, rest: object = {}, times = 10, step = 100): number[] => {
  const one = timing(when, rest)
  return Array.from({ length: times }, (_, i) => i * step).filter((at) => one.strikes(START + at))
}

describe('what comes by every 100 ms is struck', () => {
  it.each<[object, object, number[]]>([
    [{ kind: 'always' }, { from_ms: 300, until_ms: 500 }, [300, 400, 500]],
    [{ kind: 'always' }, { times: 2 }, [0, 100]],
    [{ kind: 'once' }, { from_ms: 250 }, [300]],
    [{ kind: 'once' }, { lasting_ms: 250 }, [0, 100, 200]],
    [{ kind: 'nth', nth: 3 }, {}, [200]],
    [{ kind: 'nth', nth: 3 }, { from_ms: 500 }, [700]],
    [{ kind: 'every_nth', nth: 4 }, {}, [300, 700]],
    [{ kind: 'every_nth', nth: 4 }, { times: 1 }, [300]],
    [{ kind: 'at', times_ms: [150, 160, 700] }, {}, [200, 300, 700]],
    [{ kind: 'every', every_ms: 250 }, {}, [300, 500, 800]],
    [{ kind: 'every', every_ms: 50 }, { from_ms: 700 }, [800, 900]],
    [{ kind: 'every', every_ms: 400 }, { lasting_ms: 150 }, [400, 500, 800, 900]],
    [{ kind: 'probability', probability: 1 }, { times: 3 }, [0, 100, 200]],
    [{ kind: 'probability', probability: 0 }, {}, []],
  ])('%j with %j at %j', (when, rest, times) => {
    expect(struck(when, rest)).toEqual(times)
  })
})

it('jitter is later by at most its bound', () => {
  const due = timing({ kind: 'every', every_ms: 100, jitter_ms: 50 }).due(START + 100_000)
  const steps = due.map((at, i) => at - (due[i - 1] ?? START))
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(100)
  expect(Math.max(...steps)).toBeLessThanOrEqual(150)
  expect(new Set(steps).size).toBeGreaterThan(20)
})

it('what is due is handed out once, however time was cut', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 0, max: 500 }),
      fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 20 }),
      (every_ms, jitter_ms, cuts) => {
        const when = { kind: 'every', every_ms, jitter_ms }
        const whole = timing(when, { times: 50 }).due(START + 60_000)
        const cut = timing(when, { times: 50 })
        let at = START
        const parts = cuts.flatMap((step) => cut.due((at += step)))
        expect([...parts, ...cut.due(START + 60_000)]).toEqual(whole)
      },
    ),
  )
})

it('is on from its time for as long as it lasts', () => {
  const one = timing({ kind: 'at', times_ms: [100, 300] }, { lasting_ms: 50 })
  expect([99, 100, 149, 150, 299, 300, 349, 350].map((at) => one.isOn(START + at))).toEqual([
    false,
    true,
    true,
    false,
    false,
    true,
    true,
    false,
  ])
})

it('a probability is kept over many', () => {
  const one = timing({ kind: 'probability', probability: 0.1 })
  const hits = Array.from({ length: 10_000 }, () => one.strikes(START)).filter(Boolean).length
  expect(hits).toBeGreaterThan(900)
  expect(hits).toBeLessThan(1100)
})
