import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { RiskConfig, type Grade, type SessionStatus } from '@tapedeck/contracts'
import fc from 'fast-check'
import { dec, isOnStep, toDecimalString } from '../decimal/index.ts'
import {
  applyLimits,
  drawdownFromPeak,
  drawdownFromStart,
  estimateSlippage,
  houseMoney,
  observeEquity,
  recordTrade,
  referenceDrawdown,
  resumeSession,
  riskOfRuin,
  sizeOrder,
  sizePosition,
  slippagePercent,
  startSession,
  stepReferenceGuard,
  withSlippage,
  type GuardedSession,
  type PositionSize,
  type ReferenceGuard,
} from './index.ts'

const risk = RiskConfig.parse({})
const golden = new URL('../../../../../shared/golden/', import.meta.url)
// The published answers lie beside the repository; the tables below run without them.
const describeWithGolden = existsSync(golden) ? describe : describe.skip
const casesOf = <T>(file: string): T[] =>
  (JSON.parse(readFileSync(new URL(file, golden), 'utf8')) as { cases: T[] }).cases

/** Where two answers differ by more than the 1e-9 relative that the published ones promise. */
const differences = (actual: object, expected: object): string[] => {
  const [got, want] = [actual, expected] as Record<string, unknown>[]
  return [...new Set([...Object.keys(actual), ...Object.keys(expected)])].filter((key) => {
    const [a, b] = [got![key], want![key]]
    return typeof a === 'number' && typeof b === 'number'
      ? Math.abs(a - b) > 1e-9 * Math.max(1, Math.abs(b))
      : a !== b
  })
}

describeWithGolden('published answers', () => {
  it('position size (S3 §7.1)', () => {
    type Case = { in: Parameters<typeof sizePosition>[0]; out: PositionSize | null }
    for (const { in: given, out } of casesOf<Case>('position-size.json')) {
      const size = sizePosition(given, risk)
      expect(size === null).toBe(out === null)
      expect(differences(size ?? {}, out ?? {})).toEqual([])
    }
  })

  it('house money (S3 §7.2)', () => {
    type Case = { in: { start: number; current: number }; out: object }
    for (const { in: given, out } of casesOf<Case>('house-money.json'))
      expect(differences(houseMoney(given.start, given.current, risk), out)).toEqual([])
  })

  it('session guard (S3 §7.3)', () => {
    type Step = {
      pnl: number
      status: string
      losses: number
      drawdown_percent: number
      can_trade: boolean
    }
    for (const { in: given, steps } of casesOf<{ in: { start: number }; steps: Step[] }>(
      'session-guard.json',
    )) {
      let guard: ReferenceGuard = {
        start: given.start,
        balance: given.start,
        consecutive_losses: 0,
        status: 'ACTIVE',
      }
      for (const { pnl, ...expected } of steps) {
        guard = stepReferenceGuard(guard, pnl, (pnl / given.start) * 100, risk.session)
        expect(
          differences(
            {
              status: guard.status,
              losses: guard.consecutive_losses,
              drawdown_percent: referenceDrawdown(guard),
              can_trade: guard.status === 'ACTIVE',
            },
            expected,
          ),
        ).toEqual([])
      }
    }
  })

  it('slippage (S3 §8.2)', () => {
    type Case = {
      in: {
        order_size_usd: number
        recent_volume_usd: number
        current_spread_pct: number
        order_book_depth_usd: number
        recorded: number[]
      }
      out: object
    }
    for (const { in: given, out } of casesOf<Case>('slippage.json')) {
      const order = {
        size_quote: given.order_size_usd,
        volume_5m_quote: given.recent_volume_usd,
        spread_percent: given.current_spread_pct,
        depth_quote: given.order_book_depth_usd,
      }
      expect(differences(estimateSlippage(order, given.recorded, risk), out)).toEqual([])
    }
  })
})

const lots = { lot_size: '0.001', max_leverage: 125 }

describe('order size', () => {
  const input = {
    equity: dec(10_000),
    entry: dec(60_000),
    stop: dec(59_700),
    grade: 'A' as Grade,
    risk_multiplier: 1,
    model_multiplier: 1,
  }

  it('floors to the lot and measures risk from what is left', () => {
    const size = sizeOrder(input, risk, lots)!
    expect(toDecimalString(size.risk_budget)).toBe('25')
    expect(toDecimalString(size.quantity)).toBe('0.083')
    expect(toDecimalString(size.notional)).toBe('4980')
    expect(toDecimalString(size.risk_amount)).toBe('24.9')
    expect(size.calculation).toContain('quantity = 25 / 300 = 0.083333333333333333')
  })

  it.each<[string, Partial<typeof input>, string | null]>([
    ['grade B', { grade: 'B' }, '0.062'],
    ['grade C', { grade: 'C' }, '0.041'],
    ['a multiplier of 4', { risk_multiplier: 4 }, '0.333'],
    ['the leverage cap', { stop: dec(59_999) }, '1.666'],
    ['grade INVALID', { grade: 'INVALID' }, null],
    ['no distance', { stop: dec(60_000) }, null],
    ['no equity', { equity: dec(0) }, null],
    ['negative equity', { equity: dec(-1) }, null],
  ])('%s', (_, changes, quantity) => {
    const size = sizeOrder({ ...input, ...changes }, risk, lots)
    expect(size && toDecimalString(size.quantity)).toBe(quantity)
  })

  it('is capped by what the venue allows, when that is less', () => {
    const size = sizeOrder({ ...input, stop: dec(59_999) }, risk, {
      lot_size: '0.001',
      max_leverage: 5,
    })!
    expect(toDecimalString(size.quantity)).toBe('0.833')
  })

  it('never risks more than is configured, never exceeds the leverage, always lies on the lot', () => {
    fc.assert(
      fc.property(
        fc.record({
          equity: fc.integer({ min: 1, max: 100_000_000 }),
          entry: fc.integer({ min: 2, max: 1_000_000 }),
          stop: fc.integer({ min: 1, max: 1_000_000 }),
          grade: fc.constantFrom<Grade>('A', 'B', 'C'),
          risk_multiplier: fc.double({ min: 1, max: 4, noNaN: true }),
          model_multiplier: fc.double({ min: 0.5, max: 1.25, noNaN: true }),
          lot: fc.constantFrom('1', '0.1', '0.001', '0.00001'),
        }),
        ({ lot, ...given }) => {
          fc.pre(given.entry !== given.stop)
          const [equity, entry, stop] = [
            dec(given.equity).div(100),
            dec(given.entry).div(10),
            dec(given.stop).div(10),
          ]
          const size = sizeOrder({ ...given, equity, entry, stop }, risk, {
            lot_size: lot,
            max_leverage: 20,
          })!
          expect(isOnStep(size.quantity, lot)).toBe(true)
          expect(size.risk_amount.lte(size.risk_budget)).toBe(true)
          expect(size.leverage.lte(risk.max_leverage)).toBe(true)
          expect(size.quantity.plus(lot).gt(size.capped_quantity)).toBe(true)
        },
      ),
    )
  })
})

const fresh = (): GuardedSession => startSession({ id: '2024-08-08', started_at: 0 }, dec(10_000))
const after = (...pnls: number[]): GuardedSession =>
  pnls.reduce((session, pnl) => recordTrade(session, dec(pnl), risk.session), fresh())

describe('session guard', () => {
  it.each<[string, number[], number, SessionStatus]>([
    ['a loss counts', [-1], 1, 'ACTIVE'],
    ['a win resets', [-1, -1, 1], 0, 'ACTIVE'],
    ['break-even leaves the count', [-1, -1, 0], 2, 'ACTIVE'],
    ['three losses stop', [-1, 0, -1, -1], 3, 'STOPPED'],
    ['a win does not lift the stop', [-1, -1, -1, 50], 0, 'STOPPED'],
    ['2 % exactly is no large loss', [-200], 1, 'ACTIVE'],
    ['a larger one pauses', [-200.01], 1, 'PAUSED'],
    ['a pause does not lower a stop', [-1, -1, -1, -300], 4, 'STOPPED'],
  ])('%s', (_, pnls, losses, status) => {
    const session = after(...pnls)
    expect([session.consecutive_losses, session.status]).toEqual([losses, status])
  })

  it.each<[string, number[], SessionStatus]>([
    ['just under 5 % from the start', [9500.01], 'ACTIVE'],
    ['5 % from the start', [9500], 'LIQUIDATING'],
    ['stays liquidating when equity recovers', [9500, 11_000], 'LIQUIDATING'],
    ['8 % from the peak, in profit', [12_000, 11_040], 'STOPPED'],
    ['just under 8 % from the peak', [12_000, 11_040.01], 'ACTIVE'],
  ])('%s', (_, equities, status) => {
    const session = equities.reduce(
      (s, equity) => observeEquity(s, dec(equity), risk.session),
      fresh(),
    )
    expect(session.status).toBe(status)
  })

  it('measures both drawdowns', () => {
    const session = [11_000, 9900].reduce(
      (s, equity) => observeEquity(s, dec(equity), risk.session),
      fresh(),
    )
    expect([drawdownFromStart(session), drawdownFromPeak(session)]).toEqual([1, 10])
  })

  it('can be resumed from a pause alone', () => {
    expect(resumeSession(after(-300)).status).toBe('ACTIVE')
    expect(resumeSession(after(-1, -1, -1)).status).toBe('STOPPED')
  })

  it('has a status that never falls by itself', () => {
    const order: SessionStatus[] = ['ACTIVE', 'PAUSED', 'STOPPED', 'LIQUIDATING']
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -400, max: 400 })), (pnls) => {
        let [session, equity] = [fresh(), 10_000]
        for (const pnl of pnls) {
          const before = order.indexOf(session.status)
          equity += pnl
          session = observeEquity(
            recordTrade(session, dec(pnl), risk.session),
            dec(equity),
            risk.session,
          )
          expect(order.indexOf(session.status)).toBeGreaterThanOrEqual(before)
        }
      }),
    )
  })
})

describe('slippage', () => {
  it('keeps the last hundred', () => {
    const kept = Array.from({ length: 150 }, (_, i) => i).reduce<number[]>(withSlippage, [])
    expect(kept).toHaveLength(100)
    expect(kept[0]).toBe(50)
  })

  it('is the distance from what was expected, either way', () => {
    expect(slippagePercent(100, 101)).toBe(1)
    expect(slippagePercent(100, 99)).toBe(1)
  })
})

describe('risk of ruin', () => {
  it.each([
    ['no edge', 0.5, 1, 1],
    ['a losing system', 0.2, 2, 1],
    ['always winning', 1, 1, 0],
    // Even payoff: the textbook's (q / p) ^ units.
    ['an edge at even payoff', 0.55, 1, (0.45 / 0.55) ** 10],
  ])('%s', (_, winRate, payoff, expected) => {
    expect(riskOfRuin({ winRate, payoff, riskPercent: 1, ruinPercent: 10 })).toBeCloseTo(
      expected,
      9,
    )
  })

  it('refuses what is no probability', () => {
    expect(() =>
      riskOfRuin({ winRate: Number.NaN, payoff: 1, riskPercent: 1, ruinPercent: 1 }),
    ).toThrow(RangeError)
  })
})

describe('limits', () => {
  it('replace leaves of the configuration, in its own ranges', () => {
    const next = applyLimits(risk, { 'session.max_consecutive_losses': 5, min_grade: 'B' })
    expect([next.session.max_consecutive_losses, next.min_grade]).toEqual([5, 'B'])
  })

  it.each([
    [{ max_levarage: 3 }, /max_levarage: there is no such limit/],
    [{ max_leverage: 1000 }, /max_leverage = 1000/],
    [{ max_leverage: '3' }, /max_leverage = 3/],
    [{ 'session.max_drawdown_percent': 0 }, /session.max_drawdown_percent = 0/],
    [{ __proto__x: 1 }, /no such limit/],
  ])('%j is refused', (changes, problem) => {
    expect(() => applyLimits(risk, changes)).toThrow(problem)
  })
})
