/**
 * `npm run bench -- [names…] [--json]`: measures, each against the same work done bare in the same run.
 * Exit code 0 when everything was measured, whatever the figures say; 1 when something failed; 2 when asked
 * for what does not exist.
 */
import { parseArgs } from 'node:util'
import { BENCHMARKS } from './benchmarks.ts'
import { describeMachine } from './measure/machine.ts'
import type { BenchmarkResult } from './measure/figure.ts'
import { printMachine, printResult } from './print-report.ts'

const NAMES = Object.keys(BENCHMARKS)
const USAGE = `Usage: npm run bench -- [names] [--json]\nBenchmarks: ${NAMES.join(', ')}\n`

const asked = (): { readonly names: readonly string[]; readonly json: boolean } | string => {
  try {
    const { values, positionals } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    })
    if (values.help) return USAGE
    const unknown = positionals.find((name) => BENCHMARKS[name] === undefined)
    if (unknown !== undefined) throw new Error(`there is no benchmark called ${unknown}`)
    return { names: positionals.length === 0 ? NAMES : positionals, json: values.json }
  } catch (error) {
    process.exitCode = 2
    return `${String(error)}\n${USAGE}`
  }
}

const run = async (names: readonly string[], json: boolean): Promise<void> => {
  const machine = describeMachine()
  if (!json) process.stdout.write(printMachine(machine))
  const results: BenchmarkResult[] = []
  for (const name of names) {
    const result = await BENCHMARKS[name]!()
    results.push(result)
    if (!json) process.stdout.write(`${printResult(result)}\n`)
  }
  const at = new Date().toISOString()
  if (json) process.stdout.write(`${JSON.stringify({ at, machine, results }, null, 2)}\n`)
}

const wanted = asked()
if (typeof wanted === 'string') process.stderr.write(wanted)
else await run(wanted.names, wanted.json)
