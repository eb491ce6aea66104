import { describe, expect, it } from '@jest/globals'
import type { ClosedTrade } from '@tapedeck/core'
import { testTrading } from '@tapedeck/test-data'
import { objectiveOf } from './objective.ts'
import { axesOf } from './parameter-space.ts'
import { renderWalkForward } from './render-walk-forward.ts'
import { runOptimize } from './run-optimize.ts'
import { runWalkForward } from './run-walk-forward.ts'
import { searchPoints } from './search-points.ts'
import { stabilityOf } from './stability.ts'
import { stitchTests } from './stitch.ts'
import { trialId, type RunTrial, type TrialJob, type TrialStudy } from './trial-job.ts'
import { verdictOf, type VerdictInput } from './verdict.ts'

const TRADING = testTrading()

const study: TrialStudy = {
  code: 'c',
  data: { kind: 'tape', fingerprint: 'd' },
  strategy: 'order_flow',
  module: null,
  trading: TRADING,
  warmUpMs: 0,
  seed: 1,
  rules: {},
}

const trade = (at: number, net: number, quantity = 1): ClosedTrade => ({
  trade_id: `t${at}`,
  symbol: 'BTCUSDT',
  strategy: 'x',
  side: 'LONG',
  grade: null,
  exit_reason: 'target',
  session: '1970-01-01',
  entered_at: at - 1,
  exited_at: at,
  quantity,
  entry_price: 100,
  exit_price: 101,
  fees: 1,
  funding: 0,
  net_pnl: net,
  r: null,
  mae_r: null,
  mfe_r: null,
})

/** A hill over x: highest at 4; x = 7 throws, and profit is a tenth as much out of sample. */
const hill: RunTrial = async ({ params, role, spans }: TrialJob) => {
  const x = Number(params['x'])
  if (x === 7) return { status: 'failed', code: 'TRIAL_FAILED', message: 'seven is too much' }
  const at = spans[0]!.from
  const net = (100 - 10 * (x - 4) ** 2) * (role === 'test' ? 0.1 : 1)
  return {
    status: 'done',
    metrics: { net_profit: net, 'trades.trades': 10, starting_balance: 10_000 },
    purged: 2,
    trades: role === 'test' ? [trade(at + 1, net)] : null,
    equity: role === 'test' ? [{ at: at + 1, equity: 10_000 + net }] : null,
  }
}

const mute: RunTrial = async () => ({
  status: 'failed',
  code: 'TRIAL_DATA_MISSING',
  message: 'gone',
})

const axes = axesOf({ x: { range: [1, 7], step: 1 } })
const points = searchPoints(axes, { search: 'grid', maxTrials: 100, seed: 1 })
const objective = objectiveOf('net_profit', 5)
const windows = [0, 100, 200].map((from, index) => ({
  index,
  train: [{ from, to: from + 100 }],
  test: { from: from + 100, to: from + 200 },
}))

describe('walk-forward', () => {
  it('chooses in training, judges on tests, and goes on past a trial that failed', async () => {
    const result = await runWalkForward({ study, axes, points, windows, objective, run: hill })
    for (const window of result.windows) {
      expect(window.best).toEqual({ params: { x: 4 }, score: 100 })
      expect(window.test_metrics).toMatchObject({ net_profit: 10 })
      expect(window.plateau).toEqual({
        neighbors: 2,
        unscored: 0,
        mean_score: 90,
        worst_score: 90,
        kept: 0.9,
      })
      expect(window.trials.map(({ score }) => score)).toEqual([10, 60, 90, 100, 90, 60, null])
      expect(window.trials[6]!.error).toEqual({
        code: 'TRIAL_FAILED',
        message: 'seven is too much',
      })
    }
    expect(result.trials).toEqual({ settings: 7, run: 21, failed: 3 })
    expect(result.efficiency).toBeCloseTo(0.1, 12)
    expect(result.stability).toEqual({
      parameters: [{ key: 'x', values: [4, 4, 4], score: 1 }],
      score: 1,
    })
    // Each test begins with what the one before left: 1.001 three times over, not three times 10.
    expect(result.out_of_sample!.performance.final_equity).toBeCloseTo(10_000 * 1.001 ** 3, 9)
    expect(result.verdict.result).toBe('unknown')
  })

  it('does not depend on the order in which trials end', async () => {
    const shuffled: RunTrial = async (job) => {
      await new Promise((resolve) =>
        setTimeout(resolve, Number.parseInt(trialId(job).slice(0, 1), 16)),
      )
      return await hill(job)
    }
    const task = { study, axes, points, windows, objective }
    const calm = await runWalkForward({ ...task, run: hill })
    expect(await runWalkForward({ ...task, run: shuffled })).toEqual(calm)
  })

  it('makes a page that escapes what comes from data, with and without results', async () => {
    const task = { study: { ...study, strategy: '<b>x' }, axes, points, windows, objective }
    const page = renderWalkForward(await runWalkForward({ ...task, run: hill }))
    expect(page).toContain('Walk-forward of &lt;b&gt;x')
    expect(page).toContain('out-of-sample trades')
    expect(page).not.toContain('<b>x')
    const empty = renderWalkForward(await runWalkForward({ ...task, run: mute }))
    expect(empty).toContain('TRIAL_DATA_MISSING: gone')
    expect(empty.split('<script>')[0]).not.toMatch(/NaN|undefined/)
  })

  it('says why a window has nothing to show', async () => {
    const result = await runWalkForward({ study, axes, points, windows, objective, run: mute })
    expect(result.windows[0]!.error).toBe(
      'no trial had a score; 7 of 7 failed, the first with TRIAL_DATA_MISSING: gone',
    )
    expect(result.out_of_sample).toBeNull()
  })

  it('a neighbor that was not among the points is tried, but not chosen', async () => {
    const few = [points[2]!]
    const result = await runOptimize({
      study,
      axes,
      points: few,
      objective,
      run: hill,
      range: { from: 0, to: 10 },
    })
    expect(result.best!.params).toEqual({ x: 3 })
    expect(result.trials).toHaveLength(1)
    expect(result.plateau).toMatchObject({ neighbors: 2, mean_score: 80, worst_score: 60 })
  })
})

describe('ids', () => {
  const job: TrialJob = {
    v: 1,
    study,
    params: { a: 1, b: 2 },
    spans: [{ from: 0, to: 1 }],
    role: 'train',
  }
  it('the same trial has the same id; any difference another', () => {
    expect(trialId({ ...job, params: { b: 2, a: 1 } })).toBe(trialId(job))
    const others: TrialJob[] = [
      { ...job, params: { a: 1, b: 3 } },
      { ...job, spans: [{ from: 0, to: 2 }] },
      { ...job, role: 'test' },
      { ...job, study: { ...study, code: 'd' } },
      { ...job, study: { ...study, seed: 2 } },
      { ...job, study: { ...study, data: { kind: 'tape', fingerprint: 'e' } } },
    ]
    expect(new Set([job, ...others].map(trialId)).size).toBe(7)
  })
})

const run = (from: number, net: number) => ({
  span: { from, to: from + 10 },
  startingBalance: 100,
  trades: [trade(from + 5, net)],
  equity: [{ at: from + 5, equity: 100 + net }],
})

describe('stitched tests', () => {
  it('compound in order of time, trades scaled with the account', () => {
    const { equity, trades, from, to } = stitchTests([run(20, -50), run(0, 50)])
    expect({ from, to }).toEqual({ from: 0, to: 30 })
    expect(equity.map((one) => one.equity)).toEqual([100, 150, 150, 75])
    expect(trades.map(({ net_pnl, quantity }) => [net_pnl, quantity])).toEqual([
      [50, 1],
      [-75, 1.5],
    ])
  })

  it('an account that is gone does not come back', () => {
    expect(stitchTests([run(0, -120), run(20, 500)]).equity.at(-1)!.equity).toBe(-20)
  })
})

it.each<[number[], number]>([
  [[3, 3, 3], 1],
  [[0, 6], 0],
  [[2, 4], 2 / 3],
])('places %j of seven are %d steady', (places, expected) => {
  const { score } = stabilityOf(
    axes,
    places.map((place) => [place]),
  )
  expect(score).toBeCloseTo(expected, 12)
})

describe('the verdict', () => {
  const good: VerdictInput = {
    trades: 100,
    windows: 4,
    windowsWithoutBest: 0,
    profitableWindows: 3,
    netProfit: 1,
    sharpe: 1,
    deflatedSharpe: 0.96,
    efficiency: 0.6,
    stability: 0.7,
    plateau: 0.8,
  }
  it.each<[Partial<VerdictInput>, string, string]>([
    [{}, 'robust', 'out-of-sample trades: 100, wanted at least 30'],
    [{ trades: 29 }, 'unknown', 'out-of-sample trades: 29, wanted at least 30'],
    [{ netProfit: 0 }, 'not_robust', 'out-of-sample net profit: 0, wanted above 0'],
    [{ sharpe: 0.5 }, 'not_robust', 'out-of-sample Sharpe ratio: 0.5, wanted above 0.5'],
    [
      { deflatedSharpe: null },
      'not_robust',
      'deflated Sharpe ratio: unknown, wanted at least 0.95',
    ],
    [{ efficiency: 0.49 }, 'not_robust', 'walk-forward efficiency: 0.49'],
    [{ stability: 0.6 }, 'not_robust', 'parameter stability: 0.6, wanted above 0.6'],
    [{ plateau: 0.2 }, 'not_robust', 'score kept by the neighbors of the optimum: 0.2'],
    [{ profitableWindows: 1 }, 'not_robust', 'share of profitable windows: 0.25'],
    [
      { windowsWithoutBest: 1 },
      'not_robust',
      'windows in which no trial could be chosen: 1, wanted 0',
    ],
  ])('%j is %s: %s', (change, result, reason) => {
    const verdict = verdictOf({ ...good, ...change })
    expect(verdict.result).toBe(result)
    expect(verdict.reasons[0]).toContain(reason)
  })
})
