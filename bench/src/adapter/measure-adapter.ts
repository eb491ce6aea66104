import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type BenchmarkResult, type Figure, figure, sampleOf } from '../measure/figure.ts'
import type { Race, Route } from './race-frames.ts'

const START_RUNS = 3
const MIB = 1024 ** 2

const answerOf = async <T>(file: string, flags: readonly string[], args: string[]): Promise<T> =>
  await new Promise((resolve, reject) => {
    const execArgv = [...process.execArgv, ...flags]
    const child = fork(join(import.meta.dirname, file), args, { stdio: 'inherit', execArgv })
    let answer: T | null = null
    child.once('message', (message) => (answer = message as T))
    child.once('exit', (code) =>
      answer === null ? reject(new Error(`${file} ended with ${code}`)) : resolve(answer),
    )
  })

const shown = (what: string, { ours, bare }: Race): Figure =>
  figure({
    name: `${what}, from the text of a frame to the reader of the feed`,
    unit: 'messages/s',
    ours: sampleOf('decoded, watched, kept in order, applied, queued', ours),
    bare: sampleOf('JSON.parse of the same texts', bare),
  })

/** In a process of its own: what others load there would slow it down (see the note). */
const speeds = async (): Promise<Figure[]> => {
  const runs = await answerOf<Record<Route, Race>>('race-frames.ts', [], [])
  return [shown('book changes', runs.public), shown('prints', runs.market)]
}

type PerFrame = { readonly ours: number; readonly bare: number }

const allocations = async (): Promise<Figure[]> => {
  const { depth, trades } = await answerOf<{ depth: PerFrame; trades: PerFrame }>(
    'count-allocations.ts',
    ['--expose-gc', '--max-semi-space-size=512'],
    [],
  )
  const allocated = (what: string, { ours, bare }: PerFrame): Figure =>
    figure({
      name: `allocated by ${what}`,
      unit: 'bytes/message',
      ours: sampleOf('through the feed', [ours]),
      bare: sampleOf('JSON.parse', [bare]),
    })
  return [allocated('a book change', depth), allocated('a print', trades)]
}

type Started = { readonly ms: number; readonly bytes: number }

const weighed = async (what: string): Promise<{ ms: number[]; mib: number[] }> => {
  const runs: Started[] = []
  for (let run = 0; run < START_RUNS; run++)
    runs.push(await answerOf<Started>('weigh-start.ts', ['--expose-gc'], [what]))
  return { ms: runs.map(({ ms }) => ms), mib: runs.map(({ bytes }) => bytes / MIB) }
}

const starts = async (): Promise<Figure[]> => {
  const nothing = await weighed('nothing')
  const adapter = await weighed('adapter')
  const ccxt = await weighed('ccxt')
  return [
    figure({
      name: 'loading the adapter with ccxt',
      unit: 'ms',
      ours: sampleOf('with ccxt, as a live run does', ccxt.ms),
      bare: sampleOf('without it, as all else does', adapter.ms),
    }),
    figure({
      name: 'resident with the adapter and ccxt',
      unit: 'MiB',
      ours: sampleOf('with ccxt', ccxt.mib),
      bare: sampleOf('without it', adapter.mib),
    }),
    figure({
      name: 'resident with the adapter alone',
      unit: 'MiB',
      ours: sampleOf('without ccxt', adapter.mib),
      bare: sampleOf('a Node process that does nothing', nothing.mib),
    }),
  ]
}

/** The Binance adapter: what a message costs on its way in, and what loading it costs. */
export const measureAdapter = async (): Promise<BenchmarkResult> => ({
  name: 'adapter',
  figures: [...(await speeds()), ...(await allocations()), ...(await starts())],
  notes: [
    'sockets and TLS are left out: the connections are in this process',
    'a class that extends String, evaluated anywhere in a process (ioredis 6 does), halves these figures',
  ],
})
