import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { Tally, type Outcome } from './tally.ts'

const FAILURES_SHOWN = 10
const TELL_EVERY = 500

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const tellFailure = ({ seed, problems, lastLines }: Outcome): void => {
  say(`\nseed ${seed} failed:`)
  for (const problem of problems.slice(0, 12)) say(`  ${problem}`)
  for (const line of lastLines) say(`    ${line}`)
  say(`  again: npm run simulate -- --seed ${seed} --trace`)
}

/**
 * Plays so many seeds from `from` on, in so many threads, and prints what came of them. Returns the exit
 * code: 1 when any failed.
 */
export const playMany = async (from: number, cycles: number, workers: number): Promise<number> => {
  const tally = new Tally()
  const began = performance.now()
  const seconds = (): number => (performance.now() - began) / 1000
  const take = (outcome: Outcome): void => {
    tally.add(outcome)
    if (outcome.problems.length > 0 && tally.failures.length <= FAILURES_SHOWN) tellFailure(outcome)
    if (tally.cycles % TELL_EVERY === 0)
      process.stderr.write(
        `${tally.cycles} of ${cycles}, ${tally.failures.length} failed, ${seconds().toFixed(0)} s\n`,
      )
  }
  await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      const workerData = { first: from + index, end: from + cycles, step: workers }
      const worker = new Worker(new URL('trial-worker.ts', import.meta.url), { workerData })
      worker.on('message', take)
      // Stopped by hand: what was played until then is told.
      process.once('SIGINT', () => void worker.terminate())
      return new Promise<void>((resolve, reject) => {
        worker.on('error', reject)
        worker.on('exit', () => resolve())
      })
    }),
  )
  say(`\n${tally.table()}\n\n${tally.exposures.table()}\n\n${tally.summary(seconds())}`)
  const failed = tally.failures.map(({ seed }) => seed)
  if (failed.length > 0) say(`Failed seeds: ${failed.slice(0, 200).join(' ')}`)
  return failed.length === 0 && tally.cycles === cycles ? 0 : 1
}
