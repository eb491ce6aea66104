import { describe, expect, it } from '@jest/globals'
import type { Instrument } from '@tapedeck/contracts'
import type { StrategyDefinition } from '@tapedeck/core'
import { instrumentsOf } from '@tapedeck/contracts'
import { testTrading } from '@tapedeck/test-data'
import { BarColumns } from '../bars/index.ts'
import { tapeOf } from '../tape/index.ts'
import { runTrialOn, type OpenData } from './run-trial.ts'
import type { TrialJob, TrialStudy } from './trial-job.ts'

const TRADING = testTrading()

const HOUR = 3_600_000
const [instrument] = instrumentsOf(TRADING) as [Instrument]

const study: TrialStudy = {
  code: 'c',
  data: {
    kind: 'bars',
    fingerprint: 'f',
    venue: null,
    files: [{ fingerprint: 'f', symbol: null }],
  },
  strategy: 'probe',
  module: null,
  trading: TRADING,
  warmUpMs: 0,
  seed: 1,
  rules: {},
}

/** Ten days of hourly bars that rise. */
const rising = (): OpenData & { kind: 'bars' } => {
  const columns = new BarColumns(instrument, '1h')
  for (let i = 0; i < 240; i += 1) {
    const open = 400_000 + i * 10
    columns.push(
      { openTime: i * HOUR, open, high: open + 12, low: open - 2, close: open + 10 },
      1e9,
    )
  }
  return {
    kind: 'bars',
    bars: { series: [columns.finish()], fingerprint: 'f', damage: null },
    strategy: probe,
  }
}

let seen: number[] = []
/** Notes every bar that it is shown; buys, and sells after `hold` bars. */
const probe: StrategyDefinition = {
  name: 'probe',
  about: 'x',
  timeframes: null,
  parameters: { hold: { kind: 'integer', default: 5, min: 1, max: 1_000, step: 1, about: 'x' } },
  warmupBars: () => 3,
  create: ({ hold }) => {
    let held = 0
    return {
      onBar(bar, portfolio) {
        seen.push(bar.closeTime)
        const { symbol } = bar
        if (portfolio.position(symbol).lots === 0) {
          held = 0
          const order = { ticks: null, stopTicks: null, targetTicks: null, reason: 'in' } as const
          const size = { lots: 10 }
          const id = String(portfolio.at)
          return [{ action: 'enter', id, symbol, side: 'BUY', type: 'market', size, ...order }]
        }
        held += 1
        return held < Number(hold) ? [] : [{ action: 'exit', symbol, lots: null, reason: 'out' }]
      },
      snapshot: () => null,
    }
  },
}

const job = (parts: Partial<TrialJob>): TrialJob => ({
  v: 1,
  study,
  params: { hold: 5 },
  spans: [{ from: 24 * HOUR, to: 120 * HOUR }],
  role: 'train',
  ...parts,
})

const done = async (parts: Partial<TrialJob>) => {
  seen = []
  const outcome = await runTrialOn(job(parts), rising())
  if (outcome.status === 'failed') throw new Error(`${outcome.code}: ${outcome.message}`)
  return outcome
}

describe('a trial on bars', () => {
  it('is shown nothing that closes after its span, and only the warm-up before it', async () => {
    await done({})
    expect(Math.max(...seen)).toBeLessThanOrEqual(120 * HOUR)
    expect(Math.min(...seen)).toBe((24 - 3 + 1) * HOUR)
  })

  it('training drops the trade that its end cut off, a test keeps it with its equity', async () => {
    const params = { hold: 50 }
    const train = await done({ params })
    const test = await done({ params, role: 'test' })
    expect(train.purged).toBe(1)
    expect(train.trades).toBeNull()
    expect(test.purged).toBe(0)
    expect(test.trades!.length).toBe(train.metrics['trades.trades']! + 1)
    expect(test.trades!.at(-1)!.exit_reason).toBe('end_of_data')
    expect(test.equity!.length).toBeGreaterThan(10)
  })

  it('a strategy that holds all through training has nothing left to be judged by', async () => {
    const { metrics, purged } = await done({ params: { hold: 1_000 } })
    expect({ purged, trades: metrics['trades.trades'], net: metrics['net_profit'] }).toEqual({
      purged: 1,
      trades: 0,
      net: 0,
    })
  })

  it('two spans are trained one after the other, and what lies between is not shown', async () => {
    const spans = [
      { from: 24 * HOUR, to: 72 * HOUR },
      { from: 144 * HOUR, to: 192 * HOUR },
    ]
    const { purged } = await done({ spans, params: { hold: 30 } })
    expect(purged).toBe(2)
    expect(seen.filter((at) => at > 72 * HOUR && at <= (144 - 3) * HOUR)).toEqual([])
  })

  it.each<[Partial<TrialJob>, string, string]>([
    [{ params: { hold: 0 } }, 'PARAMETER_INVALID', 'parameter hold is 0'],
    [{ params: { 'strategy.x': 1 } }, 'VALIDATION_FAILED', 'no key strategy.x'],
    [{ spans: [{ from: 900 * HOUR, to: 999 * HOUR }] }, 'RECORDING_INVALID', 'no bars from'],
  ])('%j is an outcome: %s', async (parts, code, text) => {
    const outcome = await runTrialOn(job(parts), rising())
    expect(outcome).toMatchObject({ status: 'failed', code })
    expect(outcome.status === 'failed' && outcome.message).toContain(text)
  })

  it('data that goes bad fails the trials that reach it, not those before', async () => {
    const data = rising()
    const error = { message: 'torn' } as never
    const torn = { ...data, bars: { ...data.bars, damage: { at: 130 * HOUR, error } } }
    expect(await runTrialOn(job({}), torn)).toMatchObject({ status: 'done' })
    const later = job({ spans: [{ from: 24 * HOUR, to: 200 * HOUR }] })
    expect(await runTrialOn(later, torn)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('torn') as unknown,
    })
  })
})

it('a trial of the brain plays a tape under the configuration that its parameters make', async () => {
  const count = 2_000
  const column = (at: (i: number) => number) => Array.from({ length: count }, (_, i) => at(i))
  const trades = {
    id: column((i) => i + 1),
    priceTicks: column((i) => 400_000 + (i % 40)),
    quantityLots: column(() => 10),
    time: column((i) => i * 100),
    maker: column((i) => i % 2),
  }
  const tape = tapeOf([instrument], { [instrument.symbol]: trades })
  const outcome = await runTrialOn(
    job({
      study: { ...study, strategy: 'order_flow', data: { kind: 'tape', fingerprint: 't' } },
      params: { 'execution.starting_balance': '5000', 'strategy.cooldown_ms': 0 },
      spans: [{ from: 0, to: count * 100 }],
    }),
    { kind: 'tape', tape },
  )
  expect(outcome).toMatchObject({
    status: 'done',
    metrics: { starting_balance: 5_000, final_equity: 5_000, 'trades.trades': 0 },
  })
})
