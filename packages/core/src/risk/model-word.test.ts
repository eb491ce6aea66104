import { describe, expect, it } from '@jest/globals'
import type { Message, Output, SignalApproved, SignalDenied } from '@tapedeck/contracts'
import fc from 'fast-check'
import type { Decider } from '../decider.ts'
import { isEntryBlocked, sizeMultiplier } from '../setup-event/index.ts'
import { createRiskDecider } from './index.ts'
import { accountIs, closed, command, configured, ready, scored, signal } from './risk.fixture.ts'

type Decision = Partial<SignalApproved & SignalDenied>

const decisions = (outputs: readonly Output[]): Decision[] =>
  outputs.flatMap((o) =>
    o.type === 'risk.signal.approved' || o.type === 'risk.signal.denied' ? [o.payload] : [],
  )
const tell = (decider: Decider, ...messages: Message[]): Output[] =>
  messages.flatMap((each) => decider.handle(each))
const decide = (risk: object, ...messages: Message[]): Decision =>
  decisions(tell(createRiskDecider(configured(risk)), ...ready(), ...messages)).at(-1) ?? {}
const checkOf = (decision: Decision, name: string) =>
  decision.checks!.find(({ check }) => check === name)!

describe('size multiplier', () => {
  it('stays between a half and one and a quarter, and never falls as quality rises', () => {
    const any = fc.double({ noNaN: true })
    fc.assert(
      fc.property(any, any, fc.constantFrom('locked' as const, 'centered' as const), (a, b, c) => {
        const [less, more] = [sizeMultiplier(Math.min(a, b), c), sizeMultiplier(Math.max(a, b), c)]
        expect(less).toBeGreaterThanOrEqual(0.5)
        expect(more).toBeLessThanOrEqual(1.25)
        expect(less).toBeLessThanOrEqual(more)
      }),
    )
  })

  it.each<[number | null, boolean]>([
    [null, false],
    [Number.NaN, false],
    [0.4, false],
    [0.4000001, true],
    [1, true],
  ])('a false breakout with %p blocks: %p', (p, blocked) => {
    expect(isEntryBlocked(p, 0.4)).toBe(blocked)
  })
})

/** 25 of 10,000 over a distance of 300, by what the model makes of it, floored to 0.001. */
describe('what the model does to an order', () => {
  it.each<[name: string, quality: number | null, risk: object, percent: string, lots: string]>([
    ['no score', null, {}, '0.25', '0.083'],
    ['the locked curve', 0.75, {}, '0.1875', '0.062'],
    ['the centered curve', 0.75, { size_curve: 'centered' }, '0.3125', '0.104'],
    ['a poor setup', 0, {}, '0.125', '0.041'],
  ])('%s', (_, quality, risk, percent, lots) => {
    const decision = decide(risk, signal(scored(quality)))
    expect(decision.order).toMatchObject({ quantity: lots })
    expect(checkOf(decision, 'size').numbers).toMatchObject({
      risk_percent: percent,
      model_quality_score: quality,
    })
  })

  it('is in the envelope: inputs, numbers of the check, the calculation as text', () => {
    const decision = decide({ size_curve: 'centered' }, signal(scored(0.6, 0.1)))
    expect(decision.inputs!.risk).toMatchObject({
      model_multiplier: 1.1,
      model_quality_score: 0.6,
      p_false_breakout: 0.1,
      model_version: 'lgbm-v1.0.0',
      model_rules_only: false,
      size_curve: 'centered',
    })
    expect(decision.calculation).toContain(
      'risk % = 0.25 base × 1 grade A × 1.1 model × 1 multiplier = 0.275 %',
    )
    expect(checkOf(decision, 'model gate')).toMatchObject({
      passed: true,
      numbers: { p_false_breakout: 0.1, maximum: 0.4, model_version: 'lgbm-v1.0.0' },
    })
  })

  it('multiplies grade and house money, and the leverage cap comes after all of them', () => {
    const policy = { sizing_policy: 'house_money', size_curve: 'centered' }
    // 1 % of session profit, half of it at risk: 1 + 0.5 / 0.25 = 3.
    const won = [closed('100'), accountIs('10100')]
    const b = signal({ grade: 'B', ...scored(0.75) })
    const decision = decide(policy, ...won, b)
    expect(decision.calculation).toContain(
      '0.25 base × 0.75 grade B × 1.25 model × 3 multiplier = 0.703125 %',
    )
    const near = signal({ stop_price_abs: '59999', ...scored(1) })
    const capped = decide({ ...policy, max_leverage: 10 }, ...won, near)
    expect(capped.order).toMatchObject({ quantity: '1.683' })
  })

  it('reads a signal of version 1, which had its one score beside the market', () => {
    const { market } = signal().payload as { market: object }
    const old = signal({ market: { ...market, p_false_breakout: 0.9 } as never })
    expect(decide({}, old).reason).toBe('MODEL_FALSE_BREAKOUT')
  })
})

/** Signals of one model, each its own, in a symbol that nothing is open in. */
const heard = (count: number, quality: number | null, version?: string): Message[] =>
  Array.from({ length: count }, (_, i) =>
    signal({
      signal_id: `${version}${quality}-${i}`,
      grade: 'INVALID',
      ...scored(quality, null, version),
    }),
  )

const reset = (reason: string): Message =>
  command('reset_breaker', { breaker: 'model_confidence', reason })

describe('the model-confidence breaker', () => {
  it('falls back to rules only: neither gate nor size hear the model', () => {
    const decision = decide({}, ...heard(9, 0.2), signal(scored(0.2, 0.9)))
    expect(decision.order).toMatchObject({ quantity: '0.083' })
    expect(decision.inputs!.risk).toMatchObject({ model_rules_only: true, model_multiplier: 1 })
    expect(checkOf(decision, 'breaker model_confidence')).toMatchObject({
      passed: true,
      detail:
        "mean quality of 0.2000 over 10 scores is below 0.3: rules only, the model's word does not count",
    })
  })

  it.each<[string, Message[]]>([
    ['fewer scores than are judged', heard(8, 0.2)],
    ['a mean at the limit', heard(20, 0.3)],
    ['signals without a score', heard(20, null)],
    ['the same signal again', Array.from({ length: 20 }, () => heard(1, 0.2)[0]!)],
    ['scores of another model', heard(9, 0.1, 'lgbm-v0.9.0')],
    ['old scores that newer ones outweigh', [...heard(9, 0.25), ...heard(19, 0.9)]],
  ])('is not tripped by %s', (_, before) => {
    const decision = decide({}, ...before, signal(scored(0.3)))
    expect(checkOf(decision, 'breaker model_confidence').detail).toBe('not tripped')
  })

  it('stays tripped when scores rise, until an operator resets it with a reason', () => {
    const decider = createRiskDecider(configured())
    tell(decider, ...ready(), ...heard(10, 0.1), ...heard(20, 0.9))
    const next = (id: string): Decision =>
      decisions(tell(decider, signal({ signal_id: id, ...scored(0.9) }))).at(-1)!
    tell(decider, reset(' '))
    expect(checkOf(next('a'), 'breaker model_confidence').detail).toContain('rules only')
    tell(decider, reset('retrained'))
    expect(checkOf(next('b'), 'breaker model_confidence').detail).toBe('not tripped')
  })

  it('is told in the session while it is tripped', () => {
    const decider = createRiskDecider(configured())
    const outputs = tell(decider, ...ready(), ...heard(10, 0.1))
    const told = outputs.flatMap((o) => (o.type === 'risk.session.updated' ? [o.payload] : []))
    expect(told.at(-1)?.reason).toContain('breaker model_confidence')
  })
})

it('goes on from a checkpoint that knew no model', () => {
  const decider = createRiskDecider(configured())
  tell(decider, ...ready())
  const { model: _, ...old } = decider.snapshot() as Record<string, never>
  const again = createRiskDecider(configured(), old)
  const [decision] = decisions(tell(again, signal(scored(0.75))))
  expect(decision?.order).toMatchObject({ quantity: '0.062' })
})
