import { inExitOrder, type ClosedTrade } from '@tapedeck/core'
import { excursionChart } from '../chart/excursion-chart.ts'
import { footprintChart } from '../chart/footprint-chart.ts'
import { histogram } from '../chart/histogram.ts'
import { priceChart } from '../chart/price-chart.ts'
import type { Report } from '../build-report.ts'
import { UNKNOWN, duration, moment, number, percent, plain, signed } from '../page/format.ts'
import { markup, type Html } from '../page/html.ts'
import { table, type Column } from '../page/table.ts'
import type { BacktestContext, TradeContext } from '../trade-context.ts'

/** A page with more rows is slow to open; `result.json` has them all. */
const MOST_ROWS = 2000

/** R where it is known, and how far trades went either way. */
export const distributionSection = (
  { performance }: Report,
  trades: readonly ClosedTrade[],
): Html => {
  const { excursions } = performance
  const excursion = excursionChart(trades)
  const kept = excursions.winners_kept
  return markup`<h2 id="spread">What trades made</h2><div class="two"><div class="panel"><h3>R of each trade</h3>${
    excursions.r === null
      ? markup`<p class="muted">Not known: no trade says what it risked.</p>`
      : histogram(excursions.r, 'R')
  }</div><div class="panel"><h3>Excursions: how far against, how far in favor</h3>${
    excursion === null
      ? markup`<p class="muted"> Not known: excursions are counted in R, and no trade says what it risked. </p>`
      : markup`${excursion.chart}<p class="legend"> Discs won, hollow diamonds lost. ${excursion.shown} of ${excursion.of} trades.${kept === null ? null : ` Winners kept ${percent(kept, 0)} of their best, by median.`}</p>`
  }</div></div>`
}

const anchor = (index: number): string => `trade-${index}`

const pictureOf = (
  trade: ClosedTrade,
  context: TradeContext,
  index: number,
  open: boolean,
): Html => {
  const price = priceChart(trade, context)
  const footprint = footprintChart(trade, context)
  const opening = open
    ? markup`<details id="${anchor(index)}" open>`
    : markup`<details id="${anchor(index)}">`
  return markup`${opening}<summary><b>${moment(trade.entered_at)}</b><span>${trade.side === 'LONG' ? '\u25b2 long' : '\u25bc short'} ${plain(trade.quantity)} ${trade.symbol}</span><span class="muted">${trade.strategy.replaceAll('_', ' ')}${trade.grade === null ? null : `, ${trade.grade}`}</span><span class="${trade.net_pnl >= 0 ? 'buy-text' : 'sell-text'}">${signed(trade.net_pnl)}${trade.r === null ? null : ` (${signed(trade.r)} R)`}</span><span class="muted">${trade.exit_reason.toLowerCase().replaceAll('_', ' ')} after ${duration(trade.exited_at - trade.entered_at)}</span></summary><div>${
    price === null
      ? markup`<p class="muted">There are no prints around it.</p>`
      : markup`<div class="scroll"><div class="price">${price}</div></div>`
  }${
    footprint === null
      ? null
      : markup`<div class="scroll">${footprint.chart}</div><p class="legend"> Footprint of the entry's minute and its neighbors: sold at the bid left, bought at the ask right. Notches: imbalances; edge bars: stacks; outline: point of control; dashed: average entry.${footprint.merged > 1 ? ` ${footprint.merged} bins are drawn as one row.` : null}</p>`
  }</div></details>`
}

/** Trades on price, with footprints around their entries, where there is a context beside the result. */
export const picturesSection = (
  trades: readonly ClosedTrade[],
  context: BacktestContext | null,
): Html => {
  const byId = new Map(trades.map((trade) => [trade.trade_id, trade]))
  const pictures = (context?.trades ?? []).flatMap((one) => {
    const trade = byId.get(one.trade_id)
    return trade === undefined ? [] : [{ trade, one }]
  })
  const head = markup`<h2 id="pictures">Trades on price</h2>`
  if (pictures.length === 0)
    return markup`${head}<p class="muted">${trades.length === 0 ? 'There were no trades.' : 'No market data was kept with this result: the pictures need prints around each entry.'}</p>`
  return markup`${head}${context?.chosen == null ? null : markup`<p class="muted">${context.chosen}.</p>`}${pictures.map(({ trade, one }, index) => pictureOf(trade, one, index, index === 0))}`
}

const columnsWith = (pictured: ReadonlyMap<string, number>): Column<ClosedTrade>[] => [
  {
    head: 'entered, UTC',
    cell: ({ trade_id, entered_at }) => {
      const index = pictured.get(trade_id)
      const text = moment(entered_at)
      return {
        text:
          index === undefined ? text : markup`<a data-trade href="#${anchor(index)}">${text}</a>`,
        value: entered_at,
      }
    },
  },
  {
    head: 'held',
    cell: ({ entered_at, exited_at }) => ({
      text: duration(exited_at - entered_at),
      value: exited_at - entered_at,
    }),
  },
  { head: 'symbol', cell: ({ symbol }) => ({ text: symbol }) },
  {
    head: 'side',
    cell: ({ side }) => ({ text: side === 'LONG' ? '\u25b2 long' : '\u25bc short' }),
  },
  { head: 'strategy', cell: ({ strategy }) => ({ text: strategy.replaceAll('_', ' ') }) },
  { head: 'grade', cell: ({ grade }) => ({ text: grade ?? UNKNOWN }) },
  { head: 'quantity', cell: ({ quantity }) => ({ text: plain(quantity), value: quantity }) },
  { head: 'entry', cell: ({ entry_price }) => ({ text: plain(entry_price), value: entry_price }) },
  { head: 'exit', cell: ({ exit_price }) => ({ text: plain(exit_price), value: exit_price }) },
  {
    head: 'reason',
    cell: ({ exit_reason }) => ({ text: exit_reason.toLowerCase().replaceAll('_', ' ') }),
  },
  { head: 'fees', cell: ({ fees }) => ({ text: number(fees), value: fees }) },
  {
    head: 'net',
    cell: ({ net_pnl }) => ({ text: signed(net_pnl), value: net_pnl, tone: net_pnl }),
  },
  { head: 'R', cell: ({ r }) => ({ text: signed(r), value: r, tone: r }) },
  {
    head: 'MAE',
    about: 'worst against, R',
    cell: ({ mae_r }) => ({ text: number(mae_r), value: mae_r }),
  },
  {
    head: 'MFE',
    about: 'best in favor, R',
    cell: ({ mfe_r }) => ({ text: number(mfe_r), value: mfe_r }),
  },
]

/** All trades up to a bound; a click on a head sorts, a click on a time opens the picture. */
export const tradesSection = (
  trades: readonly ClosedTrade[],
  context: BacktestContext | null,
): Html => {
  const known = new Set(trades.map(({ trade_id }) => trade_id))
  const pictured = new Map(
    (context?.trades ?? [])
      .filter(({ trade_id }) => known.has(trade_id))
      .map(({ trade_id }, index) => [trade_id, index]),
  )
  const rows = inExitOrder(trades)
  const shown = rows.slice(0, MOST_ROWS)
  const rest = rows.length - shown.length
  return markup`<h2 id="trades">Trades</h2>${rest > 0 ? markup`<p class="muted">The first ${MOST_ROWS} of ${rows.length}; all are in result.json.</p>` : null}<div class="panel scroll tall">${table(columnsWith(pictured), shown)}</div>`
}
