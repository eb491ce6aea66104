import type { BenchmarkResult, Figure } from './measure/figure.ts'
import type { Machine } from './measure/machine.ts'

const DIGITS = 3

const shown = (value: number): string =>
  Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(DIGITS)))

const spread = (runs: readonly number[]): string =>
  runs.length < 2 ? '' : ` (${shown(Math.min(...runs))} to ${shown(Math.max(...runs))})`

const verdict = ({ budget, kept }: Figure): string[] =>
  budget === null ? [] : [`    budget: ${budget.text}: ${kept === true ? 'kept' : 'MISSED'}`]

const printFigure = (one: Figure): string[] => {
  const { ours, bare, ratio, unit } = one
  return [
    `  ${one.name}`,
    `    ${shown(ours.median)} ${unit}${spread(ours.runs)}  ${ours.what}`,
    ...(bare === null || ratio === null
      ? []
      : [
          `    ${shown(bare.median)} ${unit}${spread(bare.runs)}  ${bare.what}: ${ratio.toFixed(2)} of it`,
        ]),
    ...verdict(one),
  ]
}

/** A benchmark for people. */
export const printResult = ({ name, figures, notes }: BenchmarkResult): string =>
  [name, ...figures.flatMap(printFigure), ...notes.map((note) => `  note: ${note}`), ''].join('\n')

/** What it was measured on, in two lines. */
export const printMachine = (machine: Machine): string =>
  [
    `Node ${machine.node}, ${machine.platform}, ${machine.cores} x ${machine.cpu}, ${machine.memoryGiB} GiB`,
    `load ${machine.loadAverage.toFixed(1)}; a busy loop of one second was interrupted ${machine.gaps.count} times, ${machine.gaps.longestMs.toFixed(1)} ms at most`,
    '',
    '',
  ].join('\n')
