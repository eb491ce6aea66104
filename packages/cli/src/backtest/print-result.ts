import type { BacktestResult } from '@tapedeck/backtest'
import { type Performance, performanceOf } from '@tapedeck/core'
import {
  type Terminal,
  count,
  counted,
  duration,
  formatPairs,
  formatTable,
  money,
  paint,
  printLine,
  utc,
} from '../terminal/index.ts'

const percent = (fraction: number | null, digits = 1): string =>
  fraction === null ? '–' : `${(fraction * 100).toFixed(digits)} %`
const ratio = (value: number | null): string => (value === null ? '–' : value.toFixed(2))

const figures = (performance: Performance): [string, string][] => {
  const { trades, deepest_drawdown: deepest, returns } = performance
  return [
    [
      'Net profit',
      `${money(String(performance.net_profit))} (${percent(performance.total_return, 2)})`,
    ],
    ['Fees', trades.fees.toFixed(2)],
    ['Funding', money(String(trades.funding))],
    ['Trades', `${count(trades.trades)}, ${percent(trades.win_rate)} won`],
    ['Expectancy', `${ratio(trades.expectancy_r)} R`],
    ['Profit factor', ratio(trades.profit_factor)],
    ['Deepest drawdown', deepest === null ? '–' : percent(deepest.fraction, 2)],
    ['Sharpe', ratio(returns.sharpe)],
    ['Time in market', percent(performance.exposure)],
  ]
}

const groups = ({ groups: by }: Performance): string[][] =>
  by.grade.map(({ key, ...summary }) => [
    key ?? '–',
    count(summary.trades),
    percent(summary.win_rate),
    money(String(summary.net_profit)),
    ratio(summary.expectancy_r),
  ])

const decisions = (counts: BacktestResult['counts']): [string, string][] =>
  Object.entries(counts)
    .filter(([key]) => key.startsWith('denied.'))
    .toSorted(([, a], [, b]) => b - a)
    .map(([key, times]) => [key.slice('denied.'.length), count(times)])

/** The result for people: what it made, what it decided, and what the data cannot show. */
export const printResult = (
  terminal: Terminal,
  result: BacktestResult,
  { wallMs }: { readonly wallMs: number },
): void => {
  const performance = performanceOf(result)
  const of = (type: string): string => count(result.counts[type] ?? 0)
  const title = `${result.strategy} on ${result.symbols.join(', ')}`
  const say = (text: string): void => printLine(terminal, text)
  say(paint(terminal.out, 'bold', title))
  say(
    formatPairs([
      ['Run', result.run_id],
      ['Time', `${utc(result.from)} to ${utc(result.to)}, played in ${duration(wallMs)}`],
      ...figures(performance),
      ...(result.strategy === 'order_flow'
        ? ([
            ['Evaluations', of('setup.evaluated')],
            ['Signals', of('setup.signal.generated')],
            ['Approved, denied', `${of('risk.signal.approved')}, ${of('risk.signal.denied')}`],
          ] as [string, string][])
        : []),
    ]),
  )
  const byGrade = groups(performance)
  const columns = ['Grade', 'Trades', 'Won', 'Net', 'R'].map((name, i) =>
    i === 0 ? { title: name } : { title: name, align: 'right' as const },
  )
  if (byGrade.length > 0 && result.strategy === 'order_flow')
    say(`\n${formatTable(columns, byGrade)}`)
  const denied = decisions(result.counts)
  if (denied.length > 0) say(`\nDenied\n${formatPairs(denied)}`)
  if (result.gaps.length > 0) say(`\n${counted(result.gaps.length, 'hole')} in the data`)
  if (result.limits.length > 0)
    say(
      `\nWhat this data cannot show\n${formatPairs(result.limits.map(({ code, about }) => [code, about]))}`,
    )
}
