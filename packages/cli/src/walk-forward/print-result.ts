import type { OptimizeResult, TrialRow, WalkForwardResult } from '@tapedeck/backtest'
import {
  count,
  figure,
  formatPairs,
  formatTable,
  paint,
  printLine,
  utc,
  type Terminal,
} from '../terminal/index.ts'

const DAY_MS = 86_400_000
/** A day; with the hour where it is not midnight. */
const stamp = (ms: number): string => utc(ms).slice(0, ms % DAY_MS === 0 ? 10 : 16)
const shown = (value: number | null): string =>
  value === null ? '–' : String(Number(value.toPrecision(4)))
const percent = (value: number | null): string =>
  value === null ? '–' : `${(value * 100).toFixed(2)} %`
const point = (params: TrialRow['params']): string =>
  Object.entries(params)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')

const right = (title: string) => ({ title, align: 'right' as const })

const windowsTable = ({ windows }: WalkForwardResult): string =>
  formatTable(
    [
      { title: 'train' },
      { title: 'test' },
      right('score'),
      right('test net'),
      right('trades'),
      right('plateau'),
      { title: 'best' },
    ],
    windows.map(({ train, test, best, test_metrics: metrics, plateau, error }) => [
      `${stamp(train[0]!.from)}..${stamp(train.at(-1)!.to)}`,
      `${stamp(test.from)}..${stamp(test.to)}`,
      shown(best?.score ?? null),
      shown(metrics?.['net_profit'] ?? null),
      shown(metrics?.['trades.trades'] ?? null),
      shown(plateau?.kept ?? null),
      best === null ? (error ?? '') : `${point(best.params)}${error === null ? '' : ` (${error})`}`,
    ]),
  )

/** What a walk-forward analysis found, for people. */
export const printWalkForward = (terminal: Terminal, result: WalkForwardResult): void => {
  const { out_of_sample: oos, verdict, stability, trials, objective } = result
  const performance = oos?.performance
  printLine(terminal, windowsTable(result))
  printLine(terminal, '')
  printLine(terminal, `Out of sample, ${count(result.windows.length)} windows stitched together:`)
  printLine(
    terminal,
    formatPairs([
      ['return', percent(performance?.total_return ?? null)],
      ['Sharpe ratio (a year)', shown(performance?.returns.sharpe ?? null)],
      ['deflated Sharpe ratio', shown(performance?.confidence?.deflated_sharpe ?? null)],
      ['deepest drawdown', percent(performance?.deepest_drawdown?.fraction ?? null)],
      [
        '95 % of reordered trades',
        `drawdown up to ${percent(oos?.monte_carlo?.max_drawdown.p95 ?? null)}`,
      ],
      ['trades', figure(performance?.trades.trades ?? 0)],
      ['walk-forward efficiency', shown(result.efficiency)],
      ['parameter stability', shown(stability.score)],
      ...stability.parameters.map(
        ({ key, score, values }) => [`  ${key}`, `${shown(score)}  ${values.join(' ')}`] as const,
      ),
      [
        'settings tried',
        `${count(trials.settings)} (${count(trials.run)} trials, ${count(trials.failed)} failed) by ${objective.metric}`,
      ],
    ]),
  )
  const color = { robust: 'green', not_robust: 'red', unknown: 'yellow' } as const
  const words = { robust: 'ROBUST', not_robust: 'NOT ROBUST', unknown: 'UNKNOWN' } as const
  printLine(terminal, '')
  printLine(terminal, paint(terminal.out, color[verdict.result], words[verdict.result]))
  for (const reason of verdict.reasons) printLine(terminal, `  ${reason}`)
}

const TOP = 10

/** What a search found, for people. */
export const printOptimize = (terminal: Terminal, result: OptimizeResult): void => {
  const { best, trials, plateau, objective } = result
  const ranked = trials
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => b.score! - a.score!)
    .slice(0, TOP)
  printLine(
    terminal,
    formatTable(
      [
        right(objective.metric),
        right('trades'),
        right('net'),
        right('drawdown'),
        { title: 'parameters' },
      ],
      ranked.map((row) => [
        shown(objective.direction === 'maximize' ? row.score : -row.score!),
        shown(row.trades),
        shown(row.net_profit),
        percent(row.max_drawdown),
        point(row.params),
      ]),
    ),
  )
  const failed = trials.filter(({ error }) => error !== null)
  printLine(terminal, '')
  printLine(
    terminal,
    formatPairs([
      ['trials', `${count(trials.length)}, ${count(failed.length)} failed`],
      ...(failed[0] === undefined
        ? []
        : [['first failure', `${failed[0].error!.code}: ${failed[0].error!.message}`] as const]),
      ['deflated Sharpe ratio of the best', shown(best?.deflated_sharpe ?? null)],
      ['kept by its neighbors', shown(plateau?.kept ?? null)],
    ]),
  )
  printLine(
    terminal,
    best === null
      ? 'No trial had a score.'
      : 'Best in hindsight. `tapedeck walk-forward` says what it is worth.',
  )
}
