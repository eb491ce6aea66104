import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type BenchmarkResult, type Figure, atMost, figure, sampleOf } from '../measure/figure.ts'
import { withFolder } from '../stack/with-folder.ts'
import { type Weighed, playAndWeigh } from './play-and-weigh.ts'

const MIB = 1024 ** 2
const START_SECONDS_MAX = 10

const answerOf = async <T>(file: string, args: readonly string[]): Promise<T> =>
  await new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, file), args, { stdio: 'inherit' })
    let answer: T | null = null
    child.once('message', (message) => (answer = message as T))
    child.once('exit', (code) =>
      answer === null ? reject(new Error(`${file} ended with ${code}`)) : resolve(answer),
    )
  })

const weight = (name: string, bytes: number, bare: number): Figure =>
  figure({
    name,
    unit: 'MiB',
    ours: sampleOf('resident after the replay', [bytes / MIB]),
    bare: sampleOf('a Node process that does nothing', [bare / MIB]),
  })

const starts = (how: string, { firstStartSeconds, startSeconds }: Weighed): Figure[] => [
  figure({
    name: `first start until all are ready, ${how}`,
    unit: 's',
    ours: sampleOf('servers, tables, services', [firstStartSeconds]),
  }),
  figure({
    name: `start until all are ready, ${how}`,
    unit: 's',
    ours: sampleOf('servers and services', [startSeconds]),
    budget: atMost(START_SECONDS_MAX, 's'),
  }),
]

/** Resident memory after the shipped recording was played, and how long a start takes. */
export const measureMemory = async (): Promise<BenchmarkResult> => {
  const bare = await answerOf<number>('bare-process.ts', [])
  const together = await withFolder(
    async (folder) => await answerOf<Weighed>('one-process.ts', [folder]),
  )
  const split = await withFolder(async (folder) => await playAndWeigh(folder, true))
  const weights = Object.entries(split.resident)
  const total = weights.reduce((sum, [, bytes]) => sum + bytes, 0)
  return {
    name: 'memory',
    figures: [
      weight('all services in one process', together.resident.all!, bare),
      ...weights.map(([name, bytes]) => weight(`${name}, a process of its own`, bytes, bare)),
      weight('all processes together', total, bare),
      ...starts('one process', together),
      ...starts('a process each', split),
    ],
    notes: ['what processes share (the Node binary) is counted in each of them'],
  }
}
