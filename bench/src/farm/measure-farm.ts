import { fork, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  axesOf,
  catalogData,
  codeFingerprint,
  dataOpener,
  openFarm,
  pointAt,
  runTrialOn,
  searchPoints,
  serveTrials,
  type DataCatalog,
  type RunTrial,
  type TrialJob,
  type TrialStudy,
} from '@tapedeck/backtest'
import { connectBus, type Bus } from '@tapedeck/bus'
import type { TradingConfig } from '@tapedeck/contracts'
import { Random } from '@tapedeck/core'
import { startNats, type NatsServer } from '@tapedeck/dev'
import { figure, sampleOf, type BenchmarkResult } from '../measure/figure.ts'
import { withFolder } from '../stack/with-folder.ts'

const BARS = 20_000
const HOUR = 3_600_000
const START = Date.UTC(2022, 0, 1)
const RANGE = { from: START + 1_000 * HOUR, to: START + BARS * HOUR }
const ROUNDS = 3
const MAIN = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url))
const EMPTY = new URL('./empty-trial.ts', import.meta.url)

const writeBars = (folder: string): string => {
  const random = new Random(1)
  let price = 40_000
  const lines = Array.from({ length: BARS }, (_, i) => {
    const open = price
    price = open * (1 + random.normal() * 0.005)
    const [high, low] = [Math.max(open, price) * 1.001, Math.min(open, price) * 0.999]
    const prices = [open, high, low, price].map((value) => value.toFixed(2)).join(',')
    const at = START + i * HOUR
    return `${at},${prices},100.0,${at + HOUR - 1},4000000,1000,50.0,2000000,0`
  })
  const file = join(folder, 'BTCUSDT-1h.csv')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

/** Trials that no earlier round has done: each has a range of its own. */
const jobsOf = (study: TrialStudy, round: number, count: number): TrialJob[] => {
  const axes = axesOf({ entry: { range: [10, 200], step: 1 }, exit: { range: [5, 100], step: 1 } })
  const points = searchPoints(axes, { search: 'random', maxTrials: count, seed: 1 })
  const span = { from: RANGE.from + round * HOUR, to: RANGE.to }
  return points.map((places) => ({
    v: 1,
    study,
    params: pointAt(axes, places),
    spans: [span],
    role: 'train',
  }))
}

/** Jobs a second of each round. */
const rates = async (
  study: TrialStudy,
  first: number,
  count: number,
  run: RunTrial,
): Promise<number[]> => {
  const found: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const jobs = jobsOf(study, first + round, count)
    const startedAt = performance.now()
    const outcomes = await Promise.all(jobs.map(run))
    found.push((count / (performance.now() - startedAt)) * 1_000)
    const failed = outcomes.find(({ status }) => status === 'failed')
    if (failed !== undefined) throw new Error(`a trial failed: ${JSON.stringify(failed)}`)
  }
  return found
}

const busOf = async (nats: NatsServer): Promise<Bus> =>
  await connectBus({ servers: nats.url, ...nats.login('admin'), name: 'bench' })

const startWorker = (nats: NatsServer, file: string): ChildProcess => {
  const { user = '', pass = '' } = nats.login('admin')
  return fork(MAIN, ['worker', '--tapes', file], {
    env: { ...process.env, NATS_URL: `nats://${user}:${pass}@127.0.0.1:${nats.port}` },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: 'ignore',
  })
}

const ended = async (child: ChildProcess): Promise<void> => {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

const withWorkers = async (
  nats: NatsServer,
  study: TrialStudy,
  file: string,
  workers: number,
): Promise<number[]> => {
  const bus = await busOf(nats)
  const children = Array.from({ length: workers }, () => startWorker(nats, file))
  const farm = await openFarm({ bus, study })
  try {
    const first = workers * 100
    // Until every worker has opened its data.
    await Promise.all(jobsOf(study, first, 20 * workers).map(farm.run))
    return await rates(study, first + 10, 60, farm.run)
  } finally {
    await farm.close()
    await Promise.all(children.map(ended))
    await bus.close()
  }
}

const emptyRates = async (
  nats: NatsServer,
  study: TrialStudy,
  catalog: DataCatalog,
): Promise<number[]> => {
  const [bus, serving] = [await busOf(nats), await busOf(nats)]
  const stop = new AbortController()
  const { code } = study
  const limits = { concurrency: 1, trialMsMax: 60_000, heapMb: 256, entry: EMPTY }
  const served = serveTrials({ bus: serving, catalog, code, ...limits, signal: stop.signal })
  const farm = await openFarm({ bus, study })
  try {
    await Promise.all(jobsOf(study, 900, 50).map(farm.run))
    return await rates(study, 910, 1_000, farm.run)
  } finally {
    stop.abort()
    await served
    await farm.close()
    await bus.close()
    await serving.close()
  }
}

/** Trials a second: called directly, on one and on two worker processes; and what the queue itself costs. */
export const measureFarm = async (trading: TradingConfig): Promise<BenchmarkResult> =>
  await withFolder(async (folder) => {
    const file = writeBars(folder)
    const catalog = await catalogData([file], () => undefined)
    const [fingerprint] = Object.keys(catalog)
    const study: TrialStudy = {
      code: codeFingerprint(),
      data: {
        kind: 'bars',
        fingerprint: fingerprint!,
        venue: 'binance-spot',
        files: [{ fingerprint: fingerprint!, symbol: 'BTCUSDT' }],
      },
      strategy: 'donchian',
      module: null,
      trading,
      warmUpMs: 0,
      seed: 1,
      rules: {},
    }
    const data = await dataOpener(catalog)(study)
    // One after the other, as a worker does them: side by side they would only crowd each other out.
    let before: Promise<unknown> = Promise.resolve()
    const here: RunTrial = async (job) => {
      const mine = before.then(async () => await runTrialOn(job, data))
      before = mine
      return await mine
    }
    await rates(study, 0, 20, here)
    const direct = sampleOf('the same trials, called directly', await rates(study, 10, 60, here))
    const nats = await startNats({ dataDir: join(folder, 'nats'), useEnvironment: false })
    try {
      const one = sampleOf('one worker process', await withWorkers(nats, study, file, 1))
      const two = sampleOf('two worker processes', await withWorkers(nats, study, file, 2))
      const empty = await emptyRates(nats, { ...study, seed: 2 }, catalog)
      const perJob = sampleOf(
        'an empty trial through queue and thread',
        empty.map((perSecond) => 1_000 / perSecond),
      )
      return {
        name: 'farm',
        figures: [
          figure({ name: 'trials, one worker', unit: 'trials/s', ours: one, bare: direct }),
          figure({ name: 'trials, two workers', unit: 'trials/s', ours: two, bare: direct }),
          figure({ name: 'queue overhead', unit: 'ms/trial', ours: perJob }),
        ],
        notes: [
          `A trial is a Donchian backtest over ${BARS} hourly bars; each round asks for trials that were not done before.`,
          'Workers are processes of `tapedeck worker`, one trial at a time each; the queue is a nats-server with file storage.',
        ],
      }
    } finally {
      await nats.stop()
    }
  })
