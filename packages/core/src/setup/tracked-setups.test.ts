import { describe, expect, it } from '@jest/globals'
import {
  MESSAGES,
  SetupEventsConfig,
  SignalGenerated,
  StrategyConfig,
  type Message,
  type Output,
  type SetupEventRecorded,
  type Timeframe,
} from '@tapedeck/contracts'
import fc from 'fast-check'
import type { Decider, Json } from '../decider.ts'
import { FEATURE_SCHEMA_VERSION } from '../features/index.ts'
import { NO_SCORE } from '../setup-event/index.ts'
import { bullish, featuresMessage, mirrored } from './features.fixture.ts'
import { createSetupDecider, type SetupModel } from './index.ts'
import { barMessages, restlessBars } from './setup-bars.fixture.ts'

const BARS = 600
const configured = (setup_events: object = {}) => ({
  strategy: StrategyConfig.parse({ cooldown_ms: 0 }),
  setup_events: SetupEventsConfig.parse({
    timeframes: ['1m'],
    outcome_ttl_bars: 12,
    ...setup_events,
  }),
})
const fresh = (setup_events: object = {}, snapshot?: Json, model?: SetupModel): Decider =>
  createSetupDecider(configured(setup_events), snapshot, model)
const market = (timeframe: Timeframe = '1m', count = BARS) =>
  barMessages(restlessBars(count, timeframe))
const eventsOf = (outputs: readonly Output[]): SetupEventRecorded[] =>
  outputs.flatMap((o) => (o.type === 'setup.event.recorded' ? [o.payload] : []))

/** The signal that a long (or short) of grade A gives now. */
const signalOf = (decider: Decider, side: 'BUY' | 'SELL' = 'BUY'): SignalGenerated => {
  const features = side === 'BUY' ? bullish() : mirrored(bullish(), 600_000)
  const [signal] = decider
    .handle(featuresMessage(features))
    .flatMap((o) => (o.type === 'setup.signal.generated' ? [o.payload] : []))
  return SignalGenerated.parse(signal)
}

/** Bars until the first break attempt that goes a way, and that attempt. */
const untilAttempt = (
  decider: Decider,
  way: 'up' | 'down',
  messages: readonly Message[] = market(),
): { attempt: SetupEventRecorded; rest: readonly Message[] } => {
  for (const [index, message] of messages.entries()) {
    const attempt = eventsOf(decider.handle(message)).find((e) => e.break_direction === way)
    if (attempt !== undefined) return { attempt, rest: messages.slice(index + 1) }
  }
  throw new Error(`the bars hold no break ${way}`)
}
const decided = (attempt: SetupEventRecorded): Message =>
  ({ type: 'reconciler.setup_outcome.decided', payload: { ...attempt } }) as unknown as Message
const runStarted = { type: 'market.run.started', payload: {} } as unknown as Message

describe('setup events beside the setups of order flow', () => {
  it('are appended as chains of versions, each with its own shape', () => {
    const decider = fresh()
    const outputs = market().flatMap((message) => decider.handle(message))
    const versions = new Map<string, number[]>()
    for (const { type, payload, ...o } of outputs) {
      MESSAGES[type].schema.parse(payload)
      expect(o.correlation_id).toBe(o.aggregate_id)
      versions.set(o.aggregate_id, [...(versions.get(o.aggregate_id) ?? []), o.aggregate_version])
    }
    const chains = [...versions.values()].map(String)
    expect(new Set(chains)).toEqual(new Set(['1', '1,2']))
  })

  it('come out the same, wherever the state was saved in between', () => {
    const messages = market()
    const calm = fresh()
    const straight = messages.flatMap((message) => calm.handle(message))
    fc.assert(
      fc.property(fc.array(fc.nat(BARS - 1), { maxLength: 4 }), (cuts) => {
        let decider = fresh()
        const outputs = messages.flatMap((message, index) => {
          if (cuts.includes(index)) decider = fresh({}, decider.snapshot())
          return decider.handle(message)
        })
        expect(outputs).toEqual(straight)
        expect(decider.snapshot()).toEqual(calm.snapshot())
      }),
      { numRuns: 15 },
    )
  })

  it('are not looked for when switched off, nor in other timeframes', () => {
    for (const decider of [fresh({ enabled: false }), fresh({ timeframes: ['5m'] })])
      expect(market().flatMap((message) => decider.handle(message))).toEqual([])
  })

  it('begin anew from a checkpoint that knew none', () => {
    const { tracked: _, ...old } = fresh().snapshot() as Record<string, Json>
    expect(untilAttempt(fresh({}, old), 'up').attempt.state).toBe('break_attempt')
  })
})

describe('a signal', () => {
  it('names the attempt of its symbol and direction that is under way, and none otherwise', () => {
    const decider = fresh()
    expect(signalOf(decider)).toMatchObject({
      setup_event_id: null,
      feature_schema_version: FEATURE_SCHEMA_VERSION,
      strategy_template_version: 'compression_breakout_v1',
      model_score: null,
    })
    const { attempt } = untilAttempt(decider, 'up')
    expect(signalOf(decider).setup_event_id).toBe(attempt.setup_event_id)
    expect(signalOf(decider, 'SELL').setup_event_id).toBeNull()
  })

  it.each(['up', 'down'] as const)('goes the way of the break: %s', (way) => {
    const decider = fresh()
    const { attempt } = untilAttempt(decider, way)
    const side = way === 'up' ? 'BUY' : 'SELL'
    expect(signalOf(decider, side).setup_event_id).toBe(attempt.setup_event_id)
  })

  it.each<
    [string, (decider: Decider, attempt: SetupEventRecorded, rest: readonly Message[]) => void]
  >([
    ['it has its outcome', (decider, attempt) => decider.handle(decided(attempt))],
    ['its time is over', (decider, _, rest) => rest.slice(0, 13).forEach((m) => decider.handle(m))],
    ['another market begins', (decider) => decider.handle(runStarted)],
  ])('does not name an attempt once %s', (_, end) => {
    const decider = fresh()
    const { attempt, rest } = untilAttempt(decider, 'up')
    end(decider, attempt, rest)
    expect(signalOf(decider).setup_event_id).toBeNull()
  })

  it('still names it when the outcome of another one came, and after a restart', () => {
    const decider = fresh()
    const { attempt } = untilAttempt(decider, 'up')
    decider.handle(decided({ ...attempt, setup_event_id: 'another' }))
    const again = fresh({}, decider.snapshot())
    expect(signalOf(again).setup_event_id).toBe(attempt.setup_event_id)
  })

  it('names the newest attempt of several timeframes, the longer of two at once', () => {
    const decider = fresh({ timeframes: ['1m', '5m'] })
    const long = untilAttempt(decider, 'up', market('5m')).attempt
    // The same bars five times as slow: the minute's attempt came earlier.
    untilAttempt(decider, 'up', market('1m'))
    expect(signalOf(decider).setup_event_id).toBe(long.setup_event_id)
    const later = barMessages(restlessBars(BARS, '1m', long.ts))
    const other = fresh({ timeframes: ['1m', '5m'] })
    untilAttempt(other, 'up', market('5m'))
    const newest = untilAttempt(other, 'up', later).attempt
    expect(signalOf(other).setup_event_id).toBe(newest.setup_event_id)
  })
})

describe('a model', () => {
  const score = {
    ...NO_SCORE,
    model_quality_score: 0.7,
    p_false_breakout: 0.2,
    model_version: 'v1',
  }

  it('is asked at the event and again at the signal, with the features of that moment', () => {
    const seen: unknown[] = []
    const model = {
      scorer: {
        score: (snapshot: Readonly<Record<string, unknown>>) => {
          seen.push(snapshot['close'])
          return score
        },
      },
    }
    const decider = fresh({}, undefined, model)
    const { attempt, rest } = untilAttempt(decider, 'up')
    expect(attempt).toMatchObject(score)
    decider.handle(rest[0]!)
    const signal = signalOf(fresh({}, decider.snapshot(), model))
    expect(signal).toMatchObject({ model_score: score, market: { p_false_breakout: 0.2 } })
    const [bar] = rest as readonly Message<'market.bar.closed'>[]
    expect(seen.at(-1)).toBe(bar!.payload.close_ticks / 10)
  })

  it.each<[string, SetupModel['scorer']]>([
    [
      'throws',
      {
        score: () => {
          throw new Error('no')
        },
      },
    ],
    ['says nothing', { score: () => NO_SCORE }],
    ['says NaN', { score: () => ({ ...score, model_quality_score: Number.NaN }) }],
  ])('that %s is as good as none', (_, scorer) => {
    const decider = fresh({}, undefined, { scorer })
    untilAttempt(decider, 'up')
    expect(signalOf(decider).model_score).toBeNull()
  })
})
