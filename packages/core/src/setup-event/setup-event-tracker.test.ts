import { describe, expect, it } from '@jest/globals'
import {
  SetupEventRecorded,
  SetupEventsConfig,
  type BarClosed,
  type ModelScore,
} from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { snapshotHash } from '../features/index.ts'
import {
  NO_SCORE,
  createSetupEventTracker,
  setupChainId,
  setupEventId,
  type SetupEventTracker,
} from './index.ts'
import { CONFIG, closedBars } from './setup-event.fixture.ts'

const run = (tracker: SetupEventTracker, bars: readonly BarClosed[]): SetupEventRecorded[] =>
  bars.flatMap((bar) => tracker.onBar(bar) ?? [])

const bars = closedBars(3000, 5)
const events = run(createSetupEventTracker({ config: CONFIG }), bars)
const candidates = events.filter(({ state }) => state === 'compression_candidate')
const attempts = events.filter(({ state }) => state === 'break_attempt')

describe('what is recorded', () => {
  it('finds both kinds, each once, valid and with the hash of its snapshot', () => {
    expect(candidates.length).toBeGreaterThan(20)
    expect(attempts.length).toBeGreaterThan(5)
    expect(new Set(events.map((event) => event.setup_event_id)).size).toBe(events.length)
    for (const event of events) {
      expect(SetupEventRecorded.parse(event)).toEqual(event)
      expect(event.feature_snapshot_hash).toBe(snapshotHash(event.feature_snapshot))
      expect(Object.isFrozen(event.feature_snapshot)).toBe(true)
    }
  })

  it('a candidate has an inside bar and the range of its own snapshot, and no entry yet', () => {
    for (const { feature_snapshot: features, ...event } of candidates) {
      expect(features['is_inside_bar']).toBe(1)
      expect(event).toMatchObject({
        chain_started_at: event.ts,
        compression_range_high: features['donchian_upper_short'],
        compression_range_low: features['donchian_lower_short'],
        compression_atr_at_detection: features['atr_14'],
        break_direction: null,
        entry_price: null,
        stop_price_abs: null,
        target_price_abs: null,
      })
    }
  })

  it('an attempt inherits chain and range, closes beyond it, and fixes stop and target one R away', () => {
    for (const attempt of attempts) {
      const began = candidates.find((each) => each.setup_chain_id === attempt.setup_chain_id)!
      const { entry_price: entry, stop_price_abs: stop, target_price_abs: target } = attempt
      const [high, low] = [began.compression_range_high!, began.compression_range_low!]
      const up = attempt.break_direction === 'up'
      expect(attempt).toMatchObject({
        chain_started_at: began.ts,
        compression_range_high: high,
        compression_range_low: low,
        compression_atr_at_detection: began.compression_atr_at_detection,
      })
      expect(entry).toBe(attempt.feature_snapshot['close'])
      expect(up ? entry! > high * 1.001 : entry! < low * 0.999).toBe(true)
      expect(stop).toBe(up ? low * 0.999 : high * 1.001)
      expect(target! - entry!).toBeCloseTo(entry! - stop!, 9)
    }
  })

  it('ids are derived from what they name', () => {
    const { ts, setup_chain_id, setup_event_id } = candidates[0]!
    const name = {
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      timeframe: '15m',
      startedAt: ts,
      engine: '0.5.0',
      features: '1.2.0',
      template: 'compression_breakout_v1',
    }
    expect(setup_chain_id).toBe(setupChainId(name))
    expect(setup_event_id).toBe(setupEventId(setup_chain_id, 'compression_candidate'))
    const others = (
      ['venue', 'symbol', 'timeframe', 'engine', 'features', 'template'] as const
    ).map((key) => setupChainId({ ...name, [key]: 'x' }))
    expect(
      new Set([...others, setupChainId({ ...name, startedAt: ts + 1 }), setup_chain_id]).size,
    ).toBe(8)
  })
})

describe('a function of the bars', () => {
  it('saved and restored anywhere, the events are the same', () => {
    for (const cut of [10, 500, 1501]) {
      const first = createSetupEventTracker({ config: CONFIG })
      const head = run(first, bars.slice(0, cut))
      const saved = JSON.parse(JSON.stringify(first.snapshot())) as Json
      const second = createSetupEventTracker({ config: CONFIG }, saved)
      expect([...head, ...run(second, bars.slice(cut))]).toEqual(events)
    }
  })

  it('what comes later changes nothing before', () => {
    for (const cut of [300, 1000, 2222]) {
      const prefix = run(createSetupEventTracker({ config: CONFIG }), bars.slice(0, cut))
      const end = bars[cut - 1]!.close_time
      expect(prefix).toEqual(events.filter(({ ts }) => ts <= end))
    }
  })

  it('instruments do not see each other, and unwatched timeframes pass by', () => {
    const other = bars.map((bar) => ({ ...bar, symbol: 'ETHUSDT' }))
    const minute = bars.map((bar) => ({ ...bar, timeframe: '1m' as const }))
    const mixed = bars.flatMap((bar, i) => [minute[i]!, other[i]!, bar])
    const found = run(createSetupEventTracker({ config: CONFIG }), mixed)
    expect(found.filter(({ symbol }) => symbol === 'BTCUSDT')).toEqual(events)
    expect(found).toHaveLength(2 * events.length)
    const off = createSetupEventTracker({ config: { ...CONFIG, enabled: false } })
    expect(run(off, bars)).toEqual([])
  })

  it('after a reset nothing of the old market is remembered', () => {
    const tracker = createSetupEventTracker({ config: CONFIG })
    run(tracker, closedBars(700, 9))
    tracker.reset()
    expect(run(tracker, bars)).toEqual(events)
  })

  it('a hole is remembered over a restart', () => {
    const holed = bars.map((bar, i) => (i % 70 === 3 ? { ...bar, tainted: true } : bar))
    const whole = run(createSetupEventTracker({ config: CONFIG }), holed)
    expect(new Set(whole.map(({ tainted }) => tainted))).toEqual(new Set([true, false]))
    let tracker = createSetupEventTracker({ config: CONFIG })
    const restarted = holed.flatMap((bar, i) => {
      if (i % 10 === 0) tracker = createSetupEventTracker({ config: CONFIG }, tracker.snapshot())
      return tracker.onBar(bar) ?? []
    })
    expect(restarted).toEqual(whole)
  })

  it('missing trades taint what was measured on them, and nothing after', () => {
    const first = candidates[3]!
    const at = bars.findIndex((bar) => bar.close_time === first.ts)
    const taintedAt = (hole: number): boolean => {
      const holed = bars.map((bar, i) => (i === hole ? { ...bar, tainted: true } : bar))
      const found = run(createSetupEventTracker({ config: CONFIG }), holed.slice(0, at + 1))
      return found.at(-1)!.tainted
    }
    expect([at - 21, at - 20, at].map(taintedAt)).toEqual([false, true, true])
  })
})

describe('scores', () => {
  it('are asked for at each event with its own snapshot, and recorded; failures too', () => {
    const asked: unknown[] = []
    const scorer = {
      score: (snapshot: object): ModelScore => {
        asked.push(snapshot)
        if (asked.length % 2 === 0) throw new Error('no')
        return { ...NO_SCORE, p_false_breakout: 0.55, model_version: 'm-1' }
      },
    }
    const scored = run(createSetupEventTracker({ config: CONFIG, scorer }), bars)
    expect(asked).toEqual(events.map(({ feature_snapshot }) => feature_snapshot))
    expect(scored[0]).toMatchObject({
      p_false_breakout: 0.55,
      model_version: 'm-1',
      score_failure: null,
    })
    expect(scored[1]).toMatchObject({ p_false_breakout: null, score_failure: 'THREW' })
    // A model adds its words and changes nothing else.
    expect(scored.map((each) => each.setup_event_id)).toEqual(
      events.map((each) => each.setup_event_id),
    )
  })

  it('time is the clock that was given', () => {
    let now = 0
    const nowMs = (): number => (now += 6)
    const slow = createSetupEventTracker({ config: SetupEventsConfig.parse({}), nowMs })
    expect(run(slow, bars)[0]?.score_failure).toBe('TIMED_OUT')
  })
})
