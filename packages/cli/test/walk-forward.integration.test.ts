import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Random } from '@tapedeck/core'
import { until } from '@tapedeck/test-data'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const HOUR = 3_600_000
const START = Date.parse('2024-01-01T00:00:00Z')
let folder = ''
let bars = ''

/** A random walk with drifts that change, as hourly klines. */
const klines = (count: number): string => {
  const random = new Random(5)
  let price = 40_000
  let drift = 0
  const lines: string[] = []
  for (let i = 0; i < count; i += 1) {
    if (i % 200 === 0) drift = random.normal() * 0.0008
    const open = price
    price = open * (1 + drift + random.normal() * 0.004)
    const high = Math.max(open, price) * (1 + random.next() * 0.001)
    const low = Math.min(open, price) * (1 - random.next() * 0.001)
    const at = START + i * HOUR
    const [o, h, l, c] = [open, high, low, price].map((value) => value.toFixed(2))
    lines.push(`${at},${o},${h},${l},${c},100.0,${at + HOUR - 1},4000000,1000,50.0,2000000,0`)
  }
  return `${lines.join('\n')}\n`
}

type Run = { readonly child: ChildProcess; readonly ended: Promise<number | null>; err(): string }

const tapedeck = (...args: string[]): Run => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout?.resume()
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, ended, err: () => text }
}

/** Every path below; none while a server that writes there takes a folder away as we look. */
const pathsBelow = (root: string): string[] => {
  try {
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** How much a search's queue has stored of results: that some trials are done, and long before the last. */
const resultBytes = (data: string): number => {
  const work = join(folder, data, 'work')
  return pathsBelow(work)
    .filter((name) => name.includes('WORK_RESULTS') && name.endsWith('.blk'))
    .reduce(
      (sum, name) => sum + (statSync(join(work, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    )
}

/** Processes that another started, as Linux tells. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)

const isWorker = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker')
  } catch {
    return false
  }
}

const walkForward = (data: string, out: string): Run =>
  tapedeck(
    'walk-forward',
    bars,
    '--venue',
    'binance-spot',
    '--strategy',
    'donchian',
    '--windows',
    '5',
    '--param',
    'entry=10..80:5',
    '--param',
    'exit=5..25:5',
    '--min-trades',
    '3',
    '--data',
    join(folder, data),
    '--out',
    join(folder, out),
    '--workers',
    '2',
  )

const result = (out: string): string => readFileSync(join(folder, out, 'walk-forward.json'), 'utf8')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapedeck-walk-forward-'))
  bars = join(folder, 'BTCUSDT-1h.csv')
  writeFileSync(bars, klines(9_000))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))

/** Trials take as long as the machine takes. */
const FOR_TRIALS = { msMax: 250_000 }

const onLinux = process.platform === 'linux' ? describe : describe.skip

onLinux('a search whose processes are killed', () => {
  it('ends with the same bytes as one that nobody disturbed', async () => {
    const calm = walkForward('calm', 'calm-out')
    expect({ code: await calm.ended, err: calm.err() }).toMatchObject({ code: 0 })

    const first = walkForward('storm', 'storm-out')
    const killWorker = async (): Promise<void> => {
      await until(() => childrenOf(first.child.pid!).some(isWorker), { everyMs: 20 })
      process.kill(childrenOf(first.child.pid!).find(isWorker)!, 'SIGKILL')
    }
    await until(() => resultBytes('storm') >= 3_000 || first.child.exitCode !== null, FOR_TRIALS)
    await killWorker()
    await until(() => first.err().includes('is replaced'), FOR_TRIALS)
    first.child.kill('SIGKILL')
    await first.ended

    const second = walkForward('storm', 'storm-out')
    expect({ code: await second.ended, err: second.err() }).toMatchObject({ code: 0 })
    expect(second.err()).toMatch(/\d+ of them done before/)
    expect(result('storm-out')).toBe(result('calm-out'))
    const { trials } = JSON.parse(result('calm-out')) as { trials: object }
    expect(trials).toMatchObject({ settings: 75, failed: 0 })
  }, 300_000)
})

describe('a search whose strategy misbehaves', () => {
  it('records what threw and what never returned, and ranks the rest', async () => {
    const module = join(folder, 'moody.ts')
    writeFileSync(
      module,
      `export default {
  name: 'moody', about: 'Throws or hangs when told to.', timeframes: null,
  parameters: { mood: { kind: 'choice', default: 'well', choices: ['well', 'throws', 'hangs'], about: 'x' } },
  warmupBars: () => 0,
  create: ({ mood }) => ({
    onBar(bar, portfolio) {
      if (mood === 'throws') throw new Error('a bad day')
      while (mood === 'hangs');
      const { lots, pendingEntries } = portfolio.position(bar.symbol)
      if (lots > 0) return [{ action: 'exit', symbol: bar.symbol, lots: null, reason: 'x' }]
      return pendingEntries > 0 ? [] : [{ action: 'enter', symbol: bar.symbol, side: 'BUY', type: 'market', id: String(portfolio.at), ticks: null, size: { lots: 100 }, stopTicks: null, targetTicks: null, reason: 'x' }]
    },
    snapshot: () => null,
  }),
}
`,
    )
    const run = tapedeck(
      'optimize',
      bars,
      '--venue',
      'binance-spot',
      '--strategy',
      module,
      '--param',
      'mood',
      '--min-trades',
      '0',
      '--objective',
      'net_profit',
      '--trial-limit',
      '8',
      '--data',
      join(folder, 'moody'),
      '--out',
      join(folder, 'moody-out'),
      '--workers',
      '1',
    )
    expect({ code: await run.ended, err: run.err() }).toMatchObject({ code: 0 })
    const found = JSON.parse(readFileSync(join(folder, 'moody-out', 'optimize.json'), 'utf8')) as {
      best: { params: object }
      trials: { params: { mood: string }; error: { code: string; message: string } | null }[]
    }
    expect(found.best.params).toEqual({ mood: 'well' })
    const errors = Object.fromEntries(found.trials.map(({ params, error }) => [params.mood, error]))
    expect(errors).toEqual({
      well: null,
      throws: { code: 'TRIAL_FAILED', message: expect.stringContaining('a bad day') as unknown },
      hangs: {
        code: 'TRIAL_TIME_LIMIT',
        message: 'took longer than 8 s and was ended (2 attempts)',
      },
    })
  }, 300_000)
})
