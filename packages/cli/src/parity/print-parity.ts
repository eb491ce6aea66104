import { type Outcome, PARTS, type ParityReport, type TradeParity } from '@tapedeck/backtest'
import {
  type Column,
  type Terminal,
  counted,
  formatTable,
  money,
  printLine,
  utc,
} from '../terminal/index.ts'

const isNothing = (amount: string): boolean => Number(amount) === 0
const cell = (amount: string): string => (isNothing(amount) ? '·' : money(amount))
const right = (title: string): Column => ({ title, align: 'right' })

const outcomeText = ({ outcome, net_pnl, exit_reason }: Outcome): string =>
  outcome === 'closed' ? `${money(net_pnl)} ${exit_reason}` : outcome.replaceAll('_', ' ')

const rowOf = (trade: TradeParity): string[] => [
  utc(trade.at),
  trade.symbol,
  trade.side === 'BUY' ? 'long' : 'short',
  outcomeText(trade.recorded),
  outcomeText(trade.backtest),
  cell(trade.gap),
  ...PARTS.map((part) => cell(trade.parts[part])),
]

/** The table of trades, the parts of the gap, and why. Amounts are rounded here only; --json has them exactly. */
export const printParity = (
  terminal: Terminal,
  report: ParityReport,
  { tolerance, isWithin }: { readonly tolerance: string; readonly isWithin: boolean },
): void => {
  const { recorded, backtest, trades } = report
  const scope = report.session === null ? '' : `, session ${report.session}`
  printLine(
    terminal,
    `Run ${report.run_id}${scope}, ${utc(report.from)} to ${utc(report.to)}, against a backtest of the same\n`,
  )
  const side = (name: string, one: typeof recorded): string[] => [
    name,
    String(one.signals),
    String(one.approved),
    String(one.denied),
    String(one.trades),
    money(one.net_pnl),
  ]
  const heads = ['signals', 'approved', 'denied', 'trades closed', 'net'].map(right)
  printLine(
    terminal,
    formatTable(
      [{ title: '' }, ...heads],
      [side('recorded', recorded), side('backtest', backtest)],
    ),
  )
  printLine(
    terminal,
    `\nGap ${money(report.gap)} (without signs ${report.absolute_gap}): ${PARTS.map((part) => `${part} ${cell(report.parts[part])}`).join('  ')}\n`,
  )
  if (trades.length > 0)
    printLine(
      terminal,
      formatTable(
        [
          { title: 'signal' },
          { title: 'symbol' },
          { title: 'side' },
          { title: 'recorded' },
          { title: 'backtest' },
          right('gap'),
          ...PARTS.map(right),
        ],
        trades.map(rowOf),
      ),
    )
  for (const trade of trades.filter(({ reasons }) => reasons.length > 0)) {
    printLine(terminal, `\n${trade.signal_id} (matched: ${trade.matched})`)
    for (const reason of trade.reasons) printLine(terminal, `  ${reason}`)
  }
  for (const { symbol, from, to, recorded_prints, backtest_prints } of report.data)
    printLine(
      terminal,
      `\ndata ${symbol} ${utc(from)} to ${utc(to)}: ${counted(recorded_prints, 'print')} recorded, ${backtest_prints} in the backtest`,
    )
  for (const { at, what } of report.commands) printLine(terminal, `\ncommand ${utc(at)}: ${what}`)
  printLine(terminal, `\n${isWithin ? 'Within' : 'Beyond'} the tolerance of ${tolerance}.`)
}
