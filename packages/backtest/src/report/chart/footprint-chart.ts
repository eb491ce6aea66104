import type { ClosedTrade, FootprintView } from '@tapedeck/core'
import { markup, type Html } from '../page/html.ts'
import { brief, minute, plain, signed } from '../page/format.ts'
import type { TradeContext } from '../trade-context.ts'
import { svg } from './frame.ts'
import { px } from './scale.ts'

const COLUMN = 112
const ROW = 14
const LEFT = 66
const HEAD = 22
const FOOT = 34
/** More rows than this do not fit a screen: neighboring rows are drawn as one, and it is said. */
const MOST_ROWS = 46
/** Light text on these cells stays readable up to here. */
const MOST_ALPHA = 0.5

type Cell = { buy: number; sell: number; buyImbalance: boolean; sellImbalance: boolean }
type Column = {
  readonly bar: FootprintView
  readonly cells: ReadonlyMap<number, Cell>
  readonly poc: number | null
}

/** Rows of a bar by the index of what is drawn as one row. */
const columnOf = (bar: FootprintView, rowOf: (price: string) => number): Column => {
  const cells = new Map<number, Cell>()
  const at = (row: number): Cell => {
    let cell = cells.get(row)
    if (cell === undefined) {
      cell = { buy: 0, sell: 0, buyImbalance: false, sellImbalance: false }
      cells.set(row, cell)
    }
    return cell
  }
  for (const { price, buy, sell } of bar.rows) {
    const cell = at(rowOf(price))
    cell.buy += Number(buy)
    cell.sell += Number(sell)
  }
  for (const { price, side } of bar.imbalances) {
    const cell = at(rowOf(price))
    if (side === 'BUY') cell.buyImbalance = true
    else cell.sellImbalance = true
  }
  return { bar, cells, poc: bar.poc === null ? null : rowOf(bar.poc) }
}

const cellOf = (cell: Cell, left: number, top: number, most: number, isPoc: boolean): Html => {
  const middle = left + COLUMN / 2
  const half = COLUMN / 2 - 4
  const alpha = (volume: number): string => (MOST_ALPHA * Math.sqrt(volume / most)).toFixed(2)
  const notch = (x: number): Html =>
    markup`<rect class="notch" x="${x}" y="${top + 2}" width="3" height="${ROW - 4}" />`
  return markup`<g><rect class="sell-cell" x="${middle - half}" y="${top}" width="${half}" height="${ROW - 1}" fill-opacity="${alpha(cell.sell)}"/><rect class="buy-cell" x="${middle}" y="${top}" width="${half}" height="${ROW - 1}" fill-opacity="${alpha(cell.buy)}"/>${
    cell.sellImbalance ? markup`<g class="sell-mark">${notch(middle - half)}</g>` : null
  }${cell.buyImbalance ? markup`<g class="buy-mark">${notch(middle + half - 3)}</g>` : null}${
    isPoc
      ? markup`<rect class="poc" x="${middle - half}" y="${top + 0.5}" width="${2 * half}" height="${ROW - 2}"/>`
      : null
  }<text x="${middle - 5}" y="${top + 10.5}" text-anchor="end" ${cell.sellImbalance ? markup` class="strong"` : null}>${brief(cell.sell)}</text><text x="${middle + 5}" y="${top + 10.5}" ${cell.buyImbalance ? markup` class="strong"` : null}>${brief(cell.buy)}</text></g>`
}

const stacksOf = (bar: FootprintView, left: number, topOf: (price: string) => number): Html[] =>
  bar.stacks.map(({ side, low, high }) => {
    const [top, bottom] = [topOf(high), topOf(low) + ROW]
    const x = side === 'BUY' ? left + COLUMN - 3 : left
    return markup`<rect class="${side === 'BUY' ? 'buy-mark' : 'sell-mark'}" x="${x}" y="${top}" width="3" height="${bottom - top - 1}"><title>stacked ${side.toLowerCase()} imbalance ${low} to ${high}</title></rect>`
  })

/** Under each bar: its delta and volume. */
const footOf = ({ bar }: Column, left: number, top: number): Html =>
  markup`<text class="${Number(bar.delta) >= 0 ? 'buy-text' : 'sell-text'}" x="${left + COLUMN / 2}" y="${top + 14}" text-anchor="middle">Δ ${signed(Number(bar.delta), 2)}</text><text class="muted" x="${left + COLUMN / 2}" y="${top + 28}" text-anchor="middle">${brief(Number(bar.volume))}</text>`

const entryMark = (trade: ClosedTrade, left: number, y: number, width: number): Html =>
  markup`<line class="entry-line" x1="${LEFT}" x2="${width}" y1="${px(y)}" y2="${px(y)}" /><path class="${trade.side === 'LONG' ? 'buy-mark' : 'sell-mark'}" d="M${left} ${px(y)}l-7 5v-10Z"/>`

/**
 * Volume at price around the entry: sold at the bid left, bought at the ask right, darker with volume. Notches mark
 * diagonal imbalances, bars at the edge stacks of them, the outline each bar's point of control. Null without prints.
 */
export const footprintChart = (
  trade: ClosedTrade,
  context: TradeContext,
): { readonly chart: Html; readonly merged: number } | null => {
  const { footprints, footprint_ms: barMs, row_height: rowHeight } = context
  const bins = footprints.flatMap(({ rows }) =>
    rows.map(({ price }) => Math.round(Number(price) / rowHeight)),
  )
  if (bins.length === 0 || !(rowHeight > 0)) return null
  const [lowest, highest] = [Math.min(...bins), Math.max(...bins)]
  const merged = Math.ceil((highest - lowest + 1) / MOST_ROWS)
  const topRow = Math.floor(highest / merged)
  const rows = topRow - Math.floor(lowest / merged) + 1
  const rowOf = (price: string): number =>
    topRow - Math.floor(Math.round(Number(price) / rowHeight) / merged)
  const columns = footprints.map((bar) => columnOf(bar, rowOf))
  const most = columns.reduce(
    (largest, { cells }) =>
      [...cells.values()].reduce((one, { buy, sell }) => Math.max(one, buy, sell), largest),
    1e-9,
  )
  const [width, height] = [LEFT + columns.length * COLUMN + 4, HEAD + rows * ROW + FOOT]
  const leftOf = (index: number): number => LEFT + index * COLUMN
  const entryColumn = columns.findIndex(
    ({ bar }) => trade.entered_at >= bar.open_time && trade.entered_at < bar.open_time + barMs,
  )
  const entryY = HEAD + (topRow + 1 - trade.entry_price / (rowHeight * merged)) * ROW
  const chart = svg(
    width,
    height,
    `Footprints around the entry of ${trade.trade_id}`,
    [
      entryColumn < 0
        ? null
        : markup`<rect class="entry-bar" x="${leftOf(entryColumn)}" y="0" width="${COLUMN}" height="${height}"/>`,
      Array.from(
        { length: rows },
        (_, row) =>
          markup`<text class="muted" x="${LEFT - 6}" y="${HEAD + row * ROW + 10.5}" text-anchor="end">${plain((topRow - row) * merged * rowHeight)}</text>`,
      ),
      columns.map((column, index) => [
        markup`<text class="muted" x="${leftOf(index) + COLUMN / 2}" y="14" text-anchor="middle">${minute(column.bar.open_time)}</text>`,
        [...column.cells].map(([row, cell]) =>
          cellOf(cell, leftOf(index), HEAD + row * ROW, most, row === column.poc),
        ),
        stacksOf(column.bar, leftOf(index), (price) => HEAD + rowOf(price) * ROW),
        footOf(column, leftOf(index), HEAD + rows * ROW),
      ]),
      entryColumn < 0 ? null : entryMark(trade, leftOf(entryColumn), entryY, width),
    ],
    'footprint',
  )
  return { chart, merged }
}
