import { describe, expect, it } from '@jest/globals'
import { hasCode } from '@tapedeck/contracts'
import fc from 'fast-check'
import { FaultEngine } from './fault-engine.ts'
import { FAULT_FACTS } from './fault-place.ts'
import { FAULT_PRESETS, presetPlan } from './fault-presets.ts'
import { parseFaultPlan } from './parse-fault-plan.ts'

const problem = (text: string): string => {
  try {
    parseFaultPlan(text, 'plan.json')
  } catch (error) {
    if (hasCode(error, 'VALIDATION_FAILED')) return (error as Error).message
    throw error
  }
  return 'none'
}
const plan = (...faults: object[]): string => JSON.stringify({ name: 'x', faults })
const ALWAYS = { kind: 'always' }

describe('a plan that is wrong', () => {
  it.each([
    ['{', /plan\.json: is not JSON/],
    ['[]', /plan\.json: the whole: .*expected object/],
    ['{"faults":[]}', /name: .*found nothing/],
    [
      plan({ fault: { kind: 'market_gpa' }, when: ALWAYS }),
      /faults\.0\.fault\.kind: "market_gpa" is no kind of fault; known are market_gap/,
    ],
    [plan({ fault: { kind: 'reset' }, when: ALWAYS }), /faults\.0\.fault\.accepted: .*"never"/],
    [plan({ fault: { kind: 'algo_stuck', x: 1 }, when: ALWAYS }), /faults\.0\.fault: .*"x"/],
    [
      plan({ fault: { kind: 'algo_stuck' }, when: { kind: 'now' } }),
      /faults\.0\.when\.kind: .*'at'.*found "now"/,
    ],
    [
      plan({ fault: { kind: 'algo_stuck' }, when: ALWAYS, on: { requests: ['all'] } }),
      /faults\.0\.on\.requests\.0: .*"orders"/,
    ],
    [
      plan({ fault: { kind: 'price_jump', share: 0.1 }, when: ALWAYS }),
      /faults\.0: when\.kind of price_jump is "always"; expected at, every, once/,
    ],
    [
      plan({ fault: { kind: 'clock_offset', offset_ms: 1 }, when: { kind: 'once' } }),
      /expected always/,
    ],
  ])('%s is refused by name', (text, message) => {
    expect(problem(text)).toMatch(message)
  })

  it('never throws anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((o) => plan(o)),
        ),
        (text) => {
          expect(typeof problem(text)).toBe('string')
        },
      ),
    )
  })
})

describe('presets', () => {
  it.each(FAULT_PRESETS.map(({ name }) => name))('%s is a plan that survives its file', (name) => {
    const made = presetPlan(name, 42)
    expect(parseFaultPlan(JSON.stringify(made), 'copy')).toEqual(made)
    expect(made).toMatchObject({ name, seed: 42 })
  })

  it('everything has every kind', () => {
    const kinds = new Set<string>(presetPlan('everything', 1).faults.map(({ fault }) => fault.kind))
    expect([...FAULT_FACTS.keys()].filter((kind) => !kinds.has(kind))).toEqual([])
  })

  it('one that is none is refused with those that are', () => {
    expect(() => presetPlan('toString', 1)).toThrow(/no preset; expected calm, flaky-network/)
  })
})

const ORDER = {
  method: 'POST',
  path: '/fapi/v1/order',
  query: '',
  body: '',
  headers: {},
  remote: 'a',
}

/** Everything that an engine does in a made-up session, as text. */
const session = (seed: number): string => {
  const faults = new FaultEngine(presetPlan('everything', seed), 0)
  const done: unknown[] = []
  for (let at = 0; at < 4_000_000; at += 4000) {
    const request = { ...ORDER }
    const response = { status: 200, headers: {}, body: '{"orderId":1}' }
    done.push(
      faults.beforeRequest(request, at) ?? faults.afterRequest(request, response, at),
      faults.accountMessage(
        'main',
        { e: 'ORDER_TRADE_UPDATE', o: { s: 'B', i: at, x: 'NEW' } },
        at,
      ),
      faults.marketMessage('btcusdt@depth', { e: 'depthUpdate', u: at }, at),
      faults.connection({ id: String(at >> 16), route: 'private', openedAt: at }, at),
      faults.movesDue(at),
      faults.clockOffsetMs(at),
    )
  }
  return JSON.stringify([done, faults.injected()])
}

it('the same seed meets the same faults, another seed others', () => {
  expect(session(5)).toBe(session(5))
  expect(session(5)).not.toBe(session(6))
})
