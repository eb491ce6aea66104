import type { ApiClient } from '../session/index.ts'
import { EXIT } from '../exit-codes.ts'
import {
  type Terminal,
  duration,
  formatPairs,
  formatTable,
  money,
  paint,
  printLine,
  utc,
} from '../terminal/index.ts'

/** The parts of the gateway's `/v1/status` that fit on a screen. */
export interface StatusView {
  readonly ready: boolean
  readonly version: string
  readonly run: {
    readonly run_id: string
    readonly kind: string
    readonly source: string
    readonly ended: { readonly reason: string } | null
  } | null
  readonly tape: {
    readonly connection: string
    readonly last_seq: number | null
    readonly lag: number | null
  }
  readonly services: readonly {
    readonly service: string
    readonly ready: boolean | null
    readonly reasons: readonly string[]
  }[]
  readonly feeds: readonly {
    readonly venue: string
    readonly symbol: string
    readonly state: string
    readonly market_time: number | null
    readonly age_ms: number | null
    readonly last_price: string | null
  }[]
  readonly account: { readonly equity: string; readonly wallet_balance: string } | null
  readonly session: {
    readonly status: string
    readonly realized_pnl: string
    readonly trades: number
    readonly wins: number
    readonly losses: number
    readonly reason: string | null
  } | null
  readonly trading_state: { readonly state: string; readonly reason: string } | null
  readonly positions: readonly {
    readonly symbol: string
    readonly side: string
    readonly quantity: string
    readonly average_price: string | null
    readonly stop_price: string | null
    readonly target_price: string | null
    readonly protected: boolean
    readonly trade_id: string | null
  }[]
  readonly setups: readonly {
    readonly setup_id: string
    readonly at: number
    readonly side: string
    readonly grade: string
    readonly signalled: boolean
    readonly decision: string | null
    readonly reasons: readonly string[]
  }[]
  readonly refusals: readonly {
    readonly at: number
    readonly decision_id: string
    readonly reasons: readonly string[]
  }[]
}

const SETUPS_SHOWN = 5

const marketText = ({ run, feeds }: StatusView): string[] => {
  if (run === null) return ['no run has started']
  const lines = [
    `${run.source} (${run.kind})${run.ended === null ? '' : `, ended: ${run.ended.reason}`}`,
  ]
  for (const feed of feeds) {
    const time = feed.market_time === null ? 'no data yet' : utc(feed.market_time)
    const age = feed.age_ms === null ? '' : `, ${duration(feed.age_ms)} old`
    lines.push(
      `${feed.venue} ${feed.symbol} ${feed.last_price ?? '–'} at ${time}, ${feed.state}${age}`,
    )
  }
  return lines
}

const sessionText = ({ session, trading_state: state, account }: StatusView): string => {
  const parts = [
    state === null
      ? 'trading state unknown'
      : `${state.state}${state.reason === '' ? '' : ` (${state.reason})`}`,
  ]
  if (session !== null)
    parts.push(
      `session ${session.status}, ${session.trades} trades, ${session.wins} won, ${session.losses} lost, realized ${money(session.realized_pnl)}`,
    )
  if (account !== null) parts.push(`equity ${Number(account.equity).toFixed(2)}`)
  return parts.join(' · ')
}

const printServices = (terminal: Terminal, { services }: StatusView): void => {
  const notReady = services.filter(({ ready }) => ready !== true)
  const ok = services.length - notReady.length
  const color = notReady.length === 0 ? 'green' : 'red'
  printLine(
    terminal,
    formatPairs([['services', paint(terminal.out, color, `${ok} of ${services.length} ready`)]]),
  )
  for (const { service, ready, reasons } of notReady)
    printLine(
      terminal,
      `            ${service}: ${ready === null ? 'does not answer' : 'not ready'}, ${reasons.join('; ')}`,
    )
}

const printPositions = (terminal: Terminal, { positions }: StatusView): void => {
  const open = positions.filter(({ side }) => side !== 'FLAT')
  if (open.length === 0) return printLine(terminal, '\n  no open position')
  const columns = [
    'symbol',
    'side',
    'quantity',
    'entry',
    'stop',
    'target',
    'protected',
    'trade',
  ].map((title) => ({ title }))
  const rows = open.map((one) => [
    one.symbol,
    one.side.toLowerCase(),
    one.quantity,
    one.average_price ?? '–',
    one.stop_price ?? '–',
    one.target_price ?? '–',
    one.protected ? 'yes' : 'NO',
    one.trade_id ?? '–',
  ])
  printLine(terminal, `\n${formatTable(columns, rows).replace(/^/gm, '  ')}`)
}

const printSetups = (terminal: Terminal, { setups }: StatusView): void => {
  if (setups.length === 0) return
  const columns = ['last setups', 'side', 'grade', 'outcome', 'id'].map((title) => ({ title }))
  const rows = setups
    .slice(0, SETUPS_SHOWN)
    .map((one) => [
      utc(one.at),
      one.side === 'BUY' ? 'long' : 'short',
      one.grade,
      one.signalled ? (one.decision ?? 'signalled') : one.reasons.join(', '),
      one.setup_id,
    ])
  printLine(terminal, `\n${formatTable(columns, rows).replace(/^/gm, '  ')}`)
  printLine(terminal, `\n  Why? tapedeck why ${setups[0]!.setup_id}`)
}

/** One screen. Exit code 3 when a service is not ready. */
export const showStatus = async (
  terminal: Terminal,
  gateway: ApiClient,
  json: boolean,
): Promise<number> => {
  const status = await gateway.get<StatusView>('/v1/status')
  if (json) printLine(terminal, JSON.stringify(status))
  else {
    const [source, ...feeds] = marketText(status)
    printServices(terminal, status)
    printLine(
      terminal,
      formatPairs([['market  ', source!], ...feeds.map((feed): [string, string] => ['', feed])]),
    )
    printLine(terminal, formatPairs([['trading ', sessionText(status)]]))
    printLine(terminal, formatPairs([['page    ', gateway.url]]))
    printPositions(terminal, status)
    printSetups(terminal, status)
  }
  return status.ready ? EXIT.OK : EXIT.CHECK_FAILED
}
