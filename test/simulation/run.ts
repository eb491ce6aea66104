/**
 * Plays seeded life cycles of trades against the simulated venue.
 *
 *   npm run simulate -- --seed 17 --trace     one, and everything that happens in it
 *   npm run simulate -- --cycles 10000        many, and the table of faults survived
 */
import { parseArgs } from 'node:util'
import { drawTrial } from './draw-trial.ts'
import { playTrial } from './play-trial.ts'
import { playMany } from './play-many.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    cycles: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: '1' },
  },
})

if (values.seed === undefined) {
  const { cycles, from, workers } = values
  process.exitCode = await playMany(Number(from), Number(cycles), Number(workers))
} else {
  const trial = drawTrial(Number(values.seed))
  const print = values.trace ? (line: string) => process.stdout.write(`${line}\n`) : null
  if (values.trace) process.stdout.write(`${JSON.stringify(trial, null, 2)}\n`)
  const { problems, hash, injected, virtualMs, exposures } = await playTrial(trial, print)
  const told = {
    seed: trial.seed,
    problems,
    hash: hash(),
    injected,
    virtualMs,
    exposures: exposures.filter(({ ms }) => (ms.ours ?? 0) > 100),
  }
  process.stdout.write(`${JSON.stringify(told, null, 2)}\n`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
