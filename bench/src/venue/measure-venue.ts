import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { figure, sampleOf, type BenchmarkResult } from '../measure/figure.ts'
import { measureInProcess } from './in-process.ts'
import { LISTENERS, measureFanOut, measureRequests, type RequestFigures } from './over-loopback.ts'

const RUNS = 5

interface Host {
  readonly rest: string
  readonly stream: string
  readonly echo: string
  readonly bareStream: string
  readonly time: number
  readonly frames: number
}

const answerOf = async <T>(child: ChildProcess): Promise<T> =>
  await new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the venue ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message as T)
    })
  })

const tell = async (child: ChildProcess, kind: string): Promise<void> => {
  const done = answerOf(child)
  child.send({ kind })
  await done
}

const withHost = async <T>(use: (child: ChildProcess, host: Host) => Promise<T>): Promise<T> => {
  const child = fork(join(import.meta.dirname, 'venue-host.ts'), [], { stdio: 'inherit' })
  try {
    return await use(child, await answerOf<Host>(child))
  } finally {
    child.disconnect()
  }
}

interface Loopback {
  readonly ours: readonly RequestFigures[]
  readonly echo: readonly RequestFigures[]
  readonly fanOut: readonly number[]
  readonly bareFanOut: readonly number[]
}

/** Turn about, after a round to warm up, so that a busy machine is unfair to all alike. */
const overLoopback = async (): Promise<Loopback> =>
  await withHost(async (child, host) => {
    const [ours, echo]: [RequestFigures[], RequestFigures[]] = [[], []]
    const [fanOut, bareFanOut]: [number[], number[]] = [[], []]
    for (let run = -1; run < RUNS; run++) {
      await tell(child, 'fresh')
      const one = {
        echo: await measureRequests(host.echo, host.time),
        ours: await measureRequests(host.rest, host.time),
        bareFanOut: await measureFanOut(
          host.bareStream,
          host.frames,
          async () => await tell(child, 'bare-fan-out'),
        ),
        fanOut: 0,
      }
      await tell(child, 'fresh')
      one.fanOut = await measureFanOut(
        host.stream,
        host.frames,
        async () => await tell(child, 'fan-out'),
      )
      if (run < 0) continue
      ours.push(one.ours)
      echo.push(one.echo)
      fanOut.push(one.fanOut)
      bareFanOut.push(one.bareFanOut)
    }
    return { ours, echo, fanOut, bareFanOut }
  })

const inProcess = () => {
  measureInProcess()
  const runs = Array.from({ length: RUNS }, () => measureInProcess())
  const of = (name: keyof (typeof runs)[number]): number[] => runs.map((run) => run[name])
  return [
    figure({
      name: 'the exchange alone: resting orders placed and canceled',
      unit: 'orders/s',
      ours: sampleOf('placed, canceled, told', of('placed')),
    }),
    figure({
      name: 'the exchange alone: market orders filled',
      unit: 'orders/s',
      ours: sampleOf('checked, matched, booked, told', of('taken')),
    }),
    figure({
      name: 'through the REST wire in process: signed, placed, canceled',
      unit: 'orders/s',
      ours: sampleOf('two requests an order', of('rest')),
      bare: sampleOf('signing, verifying, reading and writing alone', of('bareRest')),
    }),
  ]
}

/** Orders a second of the simulated venue by layer, its latency and its fan-out over loopback. */
export const measureVenue = async (): Promise<BenchmarkResult> => {
  const inside = inProcess()
  const { ours, echo, fanOut, bareFanOut } = await overLoopback()
  const row = (name: string, unit: string, of: (one: RequestFigures) => number) =>
    figure({
      name,
      unit,
      ours: sampleOf('signed orders to the venue, one connection', ours.map(of)),
      bare: sampleOf('the same requests to a bare node:http echo', echo.map(of)),
    })
  return {
    name: 'venue',
    figures: [
      ...inside,
      row('over loopback HTTP, one request after the other', 'requests/s', (one) => one.perSecond),
      row('latency of a request over loopback, p50', 'ms', (one) => one.p50Ms),
      row('latency of a request over loopback, p99', 'ms', (one) => one.p99Ms),
      figure({
        name: `streams to ${LISTENERS} listeners over loopback`,
        unit: 'messages/s',
        ours: sampleOf('market made, matched, told', fanOut),
        bare: sampleOf('the same frames, made before, by bare websockets', bareFanOut),
      }),
    ],
    notes: [
      'the client of the loopback figures signs each request and shares the cores with the venue',
    ],
  }
}
