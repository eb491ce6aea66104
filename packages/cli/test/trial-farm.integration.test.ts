import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { openFarm, serveTrials, type TrialJob, type TrialStudy } from '@tapedeck/backtest'
import { connectBus, type Bus } from '@tapedeck/bus'
import type { TradingConfig } from '@tapedeck/contracts'
import { startNats, type NatsServer } from '@tapedeck/dev'
import { until } from '@tapedeck/test-data'

const ENTRY = new URL('./echo-thread.ts', import.meta.url)
const open: (() => Promise<void>)[] = []
let folder = ''
let nats: NatsServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tapedeck-farm-'))
  nats = await startNats({ dataDir: folder, useEnvironment: false })
}, 300_000)
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})
afterAll(async () => {
  await nats.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

const study = (strategy: string, code = 'mine'): TrialStudy => ({
  code,
  data: { kind: 'tape', fingerprint: 'tape-a' },
  strategy,
  module: null,
  trading: {} as TradingConfig,
  warmUpMs: 0,
  seed: 1,
  rules: {},
})
const job = (of: TrialStudy, x: number | string): TrialJob => ({
  v: 1,
  study: of,
  params: { x },
  spans: [{ from: 0, to: 1 }],
  role: 'train',
})

const bus = async (): Promise<Bus> => {
  const connected = await connectBus({ servers: nats.url, ...nats.login('admin'), name: 'test' })
  open.push(async () => await connected.close())
  return connected
}

const serve = async (data = 'tape-a', heapMb = 256): Promise<void> => {
  const stop = new AbortController()
  const served = serveTrials({
    bus: await bus(),
    catalog: { [data]: { kind: 'tape', path: '/nowhere' } },
    code: 'mine',
    concurrency: 2,
    trialMsMax: 20_000,
    heapMb,
    signal: stop.signal,
    entry: ENTRY,
  })
  open.push(async () => {
    stop.abort()
    await served
  })
}

const farm = async (of: TrialStudy, options: { stallMs?: number; onStalled?: () => void } = {}) => {
  const opened = await openFarm({ bus: await bus(), study: of, ahead: 20, ...options })
  open.push(async () => await opened.close())
  return opened
}

it('waits while NATS is away, goes on, and asks nobody twice', async () => {
  const of = study('storm')
  await serve()
  const first = await farm(of)
  const asked = Array.from({ length: 200 }, (_, x) => first.run(job(of, x)))
  for (let round = 0; round < 2; round += 1) {
    await sleep(150)
    await nats.kill('SIGKILL')
    await sleep(300)
    await nats.restart()
  }
  const outcomes = await Promise.all(asked)
  expect(outcomes.map((one) => one.status === 'done' && one.metrics['x'])).toEqual(
    Array.from({ length: 200 }, (_, x) => x),
  )
  expect(first.counts()).toEqual({ done: 200, reused: 0, waiting: 0 })
  const second = await farm(of)
  expect(await Promise.all(asked.map(async (_, x) => await second.run(job(of, x))))).toEqual(
    outcomes,
  )
  expect(second.counts()).toEqual({ done: 200, reused: 200, waiting: 0 })
}, 300_000)

it('records what dies, what eats its memory and what misses its data, and does the rest', async () => {
  const of = study('bad')
  await serve('tape-a', 64)
  const { run } = await farm(of)
  const [dies, eats, misses, well] = await Promise.all(
    ['dies', 'eats', 'misses', 7].map(async (x) => await run(job(of, x))),
  )
  expect(dies).toMatchObject({ code: 'THREAD_DIED', message: 'ended with code 3 (2 attempts)' })
  expect(eats).toMatchObject({ status: 'failed', code: 'THREAD_DIED' })
  expect(misses).toMatchObject({ code: 'TRIAL_DATA_MISSING', message: 'it was moved (5 attempts)' })
  expect(well).toMatchObject({ status: 'done', metrics: { x: 7 } })
}, 300_000)

it('waits, and says so, when nobody has the data or the code', async () => {
  const of = study('lonely', 'theirs')
  await serve()
  let stalls = 0
  const lonely = await farm(of, { stallMs: 100, onStalled: () => (stalls += 1) })
  void lonely.run(job(of, 1))
  await until(() => stalls >= 2)
  expect(lonely.counts()).toEqual({ done: 0, reused: 0, waiting: 1 })
})
