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
import type { InstrumentCounts, Played } from './play-recording.ts'
import type { ClosedTrade, RunSummary } from './summarize-run.ts'

const TIMEFRAME_ORDER = ['15s', '1m', '3m', '5m', '15m', '30m', '1h', '4h', '1d']
const REASONS_SHOWN = 5

const place = (timeframe: string): number => {
  const index = TIMEFRAME_ORDER.indexOf(timeframe)
  return index < 0 ? TIMEFRAME_ORDER.length : index
}

const listOf = (counts: Readonly<Record<string, number>>, max = Infinity): string => {
  const entries = Object.entries(counts)
  if (entries.length === 0) return 'none'
  const shown = entries.slice(0, max).map(([name, value]) => `${name} ${count(value)}`)
  return [...shown, ...(entries.length > max ? [`and ${entries.length - max} more`] : [])].join(
    ' · ',
  )
}

const barsText = (bars: RunSummary['bars']): string =>
  listOf(Object.fromEntries(Object.entries(bars).toSorted(([a], [b]) => place(a) - place(b))))

const bookText = (counts: readonly InstrumentCounts[]): string => {
  const total = (pick: (one: InstrumentCounts) => number): number =>
    counts.reduce((sum, one) => sum + pick(one), 0)
  const compared = total((one) => one.quotesCompared)
  const gaps = total((one) => one.depthGaps)
  const agreement =
    compared === 0
      ? 'no quotes to compare with'
      : `${count(total((one) => one.quotesAgreed))} of ${count(compared)} quotes agree with the book`
  return gaps === 0 ? agreement : `${agreement}, ${counted(gaps, 'gap')}`
}

const sideText = (side: string): string => (side === 'BUY' ? 'long' : 'short')

const tradesTable = (trades: readonly ClosedTrade[]): string =>
  formatTable(
    [
      { title: 'closed' },
      { title: 'trade' },
      { title: 'side' },
      { title: 'grade' },
      { title: 'quantity', align: 'right' },
      { title: 'entry', align: 'right' },
      { title: 'exit', align: 'right' },
      { title: 'reason' },
      { title: 'net', align: 'right' },
      { title: 'R', align: 'right' },
    ],
    trades.map((trade) => [
      utc(trade.closed_at, { day: false }),
      trade.trade_id,
      sideText(trade.side),
      trade.grade,
      trade.quantity,
      trade.entry_price ?? '–',
      trade.exit_price,
      trade.exit_reason,
      money(trade.net_pnl),
      trade.r_multiple.toFixed(2),
    ]),
  )

const evaluationsText = ({ evaluations }: RunSummary): string =>
  evaluations.length === 0
    ? 'none'
    : evaluations
        .map(({ strategy, grade, count: n }) => `${strategy} ${grade} ${count(n)}`)
        .join(' · ')

/** Sums decimals of at most 16 digits for people; the journal's own sums are exact. */
const netOf = (trades: readonly ClosedTrade[]): string =>
  trades.reduce((sum, { net_pnl }) => sum + Number(net_pnl), 0).toFixed(2)

const marketRows = ({ state, summary, seconds }: Played): [string, string][] => {
  const { market, ended } = summary
  const trades = ended?.trades ?? 0
  return [
    ['recording', state.source ?? ''],
    [
      'market time',
      market.from === null || market.to === null
        ? 'no bar closed'
        : `${utc(market.from)} to ${utc(market.to)} (${duration(market.to - market.from)})`,
    ],
    [
      'trades',
      `${count(trades)} (${counted(ended?.duplicates ?? 0, 'duplicate')}, ${count(ended?.late ?? 0)} late, ${count(ended?.missing ?? 0)} missing, ${count(ended?.rejected ?? 0)} rejected)`,
    ],
    ['bars', barsText(summary.bars)],
    ['book', bookText(Object.values(state.counts))],
    ['time taken', duration(seconds * 1_000)],
  ]
}

const decisionRows = ({ summary, deadLetters }: Played): [string, string][] => {
  const of = (type: string): number => summary.events[type] ?? 0
  const { closed_trades: closed } = summary
  return [
    ['evaluations', evaluationsText(summary)],
    ['not signalled', listOf(summary.no_signal, REASONS_SHOWN)],
    ['signals', count(of('setup.signal.generated'))],
    ['approved', count(of('risk.signal.approved'))],
    [
      'denied',
      `${count(of('risk.signal.denied'))}${of('risk.signal.denied') > 0 ? `: ${listOf(summary.denied)}` : ''}`,
    ],
    ['entries unfilled', count(of('execution.trade.abandoned'))],
    [
      'trades closed',
      closed.length === 0 ? '0' : `${count(closed.length)}, net ${money(netOf(closed))}`,
    ],
    ['dead letters', count(deadLetters)],
  ]
}

/** The summary for people. `kept` is the folder that `why` can look into, null when it is gone. */
export const printSummary = (terminal: Terminal, played: Played, kept: string | null): void => {
  const title = (text: string): void =>
    printLine(terminal, `\n${paint(terminal.out, 'bold', text)}`)
  title('Market')
  printLine(terminal, formatPairs(marketRows(played)))
  title('Decisions')
  printLine(terminal, formatPairs(decisionRows(played)))
  const { closed_trades: closed } = played.summary
  if (closed.length > 0) {
    title('Closed trades')
    printLine(terminal, tradesTable(closed).replace(/^/gm, '  '))
    printLine(terminal, `\n  Why? tapedeck why ${closed[0]!.trade_id}`)
  }
  printLine(terminal, '')
  printLine(
    terminal,
    formatPairs([
      ['run', played.state.run_id ?? ''],
      ['data', kept ?? 'removed'],
    ]),
  )
}

/** The summary for programs. */
export const summaryDocument = (played: Played, kept: string | null): Record<string, unknown> => {
  const { state, summary } = played
  const of = (type: string): number => summary.events[type] ?? 0
  const { ended } = summary
  return {
    run_id: state.run_id,
    source: state.source,
    phase: state.phase,
    reason: state.reason,
    market: summary.market,
    trades: ended?.trades ?? 0,
    duplicates: ended?.duplicates ?? 0,
    late: ended?.late ?? 0,
    missing: ended?.missing ?? 0,
    rejected: ended?.rejected ?? 0,
    bars: summary.bars,
    book: Object.fromEntries(
      Object.entries(state.counts).map(([symbol, { quotesCompared, quotesAgreed, depthGaps }]) => [
        symbol,
        { compared: quotesCompared, agreed: quotesAgreed, gaps: depthGaps },
      ]),
    ),
    evaluations: summary.evaluations,
    no_signal: summary.no_signal,
    signals: of('setup.signal.generated'),
    approved: of('risk.signal.approved'),
    denied: of('risk.signal.denied'),
    denied_by_reason: summary.denied,
    fills: summary.fills,
    abandoned: of('execution.trade.abandoned'),
    closed_trades: summary.closed_trades,
    reviews: of('analyst.review.written'),
    dead_letters: played.deadLetters,
    events: summary.events,
    data: kept,
    seconds: played.seconds,
  }
}
