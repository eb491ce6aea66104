import { fork } from 'node:child_process'
import { join } from 'node:path'
import { TapeWriter, convertTape, recordingSource } from '@tapedeck/backtest'
import { testInstrument } from '@tapedeck/test-data'
import { syntheticTrades } from '../ingest/synthetic-trades.ts'
import { writeArchive } from '../ingest/write-archive.ts'
import { type BenchmarkResult, type Figure, atLeast, figure, sampleOf } from '../measure/figure.ts'
import { withFolder } from '../stack/with-folder.ts'
import { splitLines, sumWords } from './bare-tape.ts'
import { readTape } from './read-tape.ts'

const ROWS = 2_000_000
const TRADES_A_SECOND = 25
const RUNS = 5
const SEED = 7
const TIMES = 10
const ROWS_A_SECOND_MIN = 1_000_000
const PEAK_RATIO_MAX = 1.25
const MIB = 1024 ** 2

const INSTRUMENT = testInstrument({ min_notional: '5' })

/** Rows a second of something that says how many rows it did; wrong counts are a failure. */
const rateOf = async (work: () => Promise<number>, expected: number): Promise<number> => {
  const start = performance.now()
  const rows = await work()
  const seconds = (performance.now() - start) / 1000
  if (rows !== expected) throw new Error(`${rows} rows, expected ${expected}`)
  return rows / seconds
}

const convert = async (file: string, output: string): Promise<number> => {
  const source = await recordingSource({ files: [file], instruments: [INSTRUMENT] })
  const { manifest } = await convertTape(source, { output, force: true })
  return manifest.rows
}

/** The same prints again and again, ids and times going on. */
const writeLonger = async (output: string, times: number): Promise<number> => {
  const { count, time, maker, ...day } = syntheticTrades(ROWS, TRADES_A_SECOND, SEED)
  const writer = await TapeWriter.create({ output, instruments: [INSTRUMENT] })
  const rows = {
    id: Float64Array.from({ length: count }, (_, i) => i + 1),
    priceTicks: Float64Array.from(day.priceTicks),
    quantityLots: Float64Array.from(day.quantityLots),
    time,
    maker,
    excluded: null,
  }
  const length = time[count - 1]! - time[0]! + 1
  for (let turn = 0; turn < times; turn++) {
    await writer.pushTrades(INSTRUMENT.symbol, rows, 0, count)
    for (let i = 0; i < count; i++) {
      rows.id[i]! += count
      time[i]! += length
    }
  }
  return (await writer.finish()).rows
}

const weigh = async (folder: string): Promise<number> =>
  await new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'weigh-reading.ts'), [folder], {
      stdio: 'inherit',
    })
    let answer: { readonly peakBytes: number } | null = null
    child.once('message', (message) => (answer = message as { readonly peakBytes: number }))
    child.once('exit', (code) =>
      answer === null
        ? reject(new Error(`reading ended with ${code}`))
        : resolve(answer.peakBytes / MIB),
    )
  })

const measureRates = async (folder: string): Promise<Figure[]> => {
  const file = join(folder, 'day.csv')
  await writeArchive(file, syntheticTrades(ROWS, TRADES_A_SECOND, SEED))
  const tape = join(folder, 'day')
  const runs = { convert: [], split: [], read: [], sum: [] } as Record<
    'convert' | 'split' | 'read' | 'sum',
    number[]
  >
  // One round to warm up, then turn about, so that a busy machine is unfair to all alike.
  for (let run = -1; run < RUNS; run++) {
    const rates = {
      split: await rateOf(async () => await splitLines(file), ROWS),
      convert: await rateOf(async () => await convert(file, tape), ROWS),
      sum: await rateOf(async () => ((await sumWords(tape)) === 0 ? 0 : ROWS), ROWS),
      read: await rateOf(async () => await readTape(tape), ROWS),
    }
    if (run < 0) continue
    for (const name of ['convert', 'split', 'read', 'sum'] as const) runs[name].push(rates[name])
  }
  return [
    figure({
      name: `an archive day of ${ROWS / 1e6} million rows to a tape`,
      unit: 'rows/s',
      ours: sampleOf('read, checked, written, synced, checksums of source and tape', runs.convert),
      bare: sampleOf('reading lines and splitting them', runs.split),
      budget: atLeast(ROWS_A_SECOND_MIN, 'rows/s'),
    }),
    figure({
      name: 'the tape read back',
      unit: 'rows/s',
      ours: sampleOf('checksums, seven columns', runs.read),
      bare: sampleOf('reading the files whole and summing their words', runs.sum),
    }),
  ]
}

const measurePeaks = async (folder: string): Promise<Figure> => {
  const [one, ten] = [join(folder, 'one'), join(folder, 'ten')]
  const rows = [await writeLonger(one, 1), await writeLonger(ten, TIMES)]
  const [small, large] = [await weigh(one), await weigh(ten)]
  return figure({
    name: `most memory while reading a tape of ${rows[1]! / 1e6} million rows`,
    unit: 'MiB',
    ours: sampleOf('the whole process', [large]),
    bare: sampleOf(`the same of ${rows[0]! / 1e6} million rows`, [small]),
    budget: {
      text: `at most ${PEAK_RATIO_MAX} of a tape of a tenth`,
      isKept: (_median, ratio) => ratio !== null && ratio <= PEAK_RATIO_MAX,
    },
  })
}

/** Rows a second into a tape and out of it, and how much memory a longer tape takes. */
export const measureTape = async (): Promise<BenchmarkResult> =>
  await withFolder(async (folder) => {
    const rates = await measureRates(folder)
    const peak = await measurePeaks(folder)
    return {
      name: 'tape',
      figures: [...rates, peak],
      notes: ['all files lie in the page cache; every run counts the rows that came out'],
    }
  })
