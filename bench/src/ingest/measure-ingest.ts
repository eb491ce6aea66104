import { join } from 'node:path'
import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import { syntheticTrades } from './synthetic-trades.ts'
import { type BenchmarkResult, type Figure, atLeast, figure, sampleOf } from '../measure/figure.ts'
import { withFolder } from '../stack/with-folder.ts'
import { type Played, playArchive } from './play-archive.ts'
import { writeArchive } from './write-archive.ts'

const TRADES = 1_000_000
const SEED = 7
const BUDGET = 200_000

interface Case {
  readonly name: string
  /** Prints a second of market time: how many go into a batch. */
  readonly rate: number
  readonly services: readonly ServiceName[]
  readonly runs: number
  readonly hasBudget: boolean
}

const CASES: readonly Case[] = [
  {
    name: 'ingest, tape, orderflow; market of 2,000 trades/s',
    rate: 2_000,
    services: ['orderflow'],
    runs: 3,
    hasBudget: true,
  },
  {
    name: 'all services; market of 2,000 trades/s',
    rate: 2_000,
    services: SERVICES.filter((name) => name !== 'ingest' && name !== 'gateway'),
    runs: 2,
    hasBudget: false,
  },
  {
    name: 'ingest, tape, orderflow; market of 100 trades/s',
    rate: 100,
    services: ['orderflow'],
    runs: 1,
    hasBudget: false,
  },
]

const microseconds = (seconds: number): string => ((seconds / TRADES) * 1e6).toFixed(2)

const measureCase = async (
  folder: string,
  one: Case,
): Promise<{ figure: Figure; note: string }> => {
  const file = join(folder, `${one.rate}.csv`)
  await writeArchive(file, syntheticTrades(TRADES, one.rate, SEED))
  const played: Played[] = []
  for (let run = 0; run < one.runs; run++)
    played.push(
      await withFolder(async (data) => await playArchive(data, file, TRADES, one.services, true)),
    )
  const { cpu } = played.at(-1)!
  return {
    figure: figure({
      name: one.name,
      unit: 'trades/s',
      ours: sampleOf(
        'played, on the tape, measured and stored',
        played.map(({ seconds }) => TRADES / seconds),
      ),
      bare: sampleOf(
        'the same bytes published and rows copied',
        played.map(({ bareSeconds }) => TRADES / bareSeconds!),
      ),
      ...(one.hasBudget ? { budget: atLeast(BUDGET, 'trades/s') } : {}),
    }),
    note: `${one.name}: ${TRADES} trades, each stored once; CPU a trade: services ${microseconds(cpu.services)} µs, NATS ${microseconds(cpu.nats)} µs, Postgres ${microseconds(cpu.postgres)} µs`,
  }
}

/** Trades a second from a file through the real services, on real servers that sync their files. */
export const measureIngest = async (): Promise<BenchmarkResult> =>
  await withFolder(async (folder) => {
    const measured = []
    for (const one of CASES) measured.push(await measureCase(folder, one))
    return {
      name: 'ingest',
      figures: measured.map((one) => one.figure),
      notes: measured.map((one) => one.note),
    }
  })
