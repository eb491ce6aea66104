import type { ClosedTrade } from '@tapedeck/core'
import { markup, type Html } from '../page/html.ts'
import { number, signed } from '../page/format.ts'
import { svg, xAxis, yAxis, type Plot } from './frame.ts'
import { linear, placesFor, px, roundTicks } from './scale.ts'

const WIDTH = 440
const HEIGHT = 300
/** More marks than this hide each other and cost megabytes. */
const MOST_MARKS = 1500

type Excursion = {
  readonly trade: ClosedTrade
  readonly mae: number
  readonly mfe: number
  readonly r: number
}

const known = (trades: readonly ClosedTrade[]): Excursion[] =>
  trades.flatMap((trade) => {
    const { mae_r: mae, mfe_r: mfe, r } = trade
    return mae === null || mfe === null || r === null ? [] : [{ trade, mae: -mae, mfe, r }]
  })

const mark = (
  { trade, mae, mfe, r }: Excursion,
  x: (value: number) => number,
  y: (value: number) => number,
): Html => {
  const title = markup`<title>${trade.trade_id} ${trade.side} ${signed(r)} R, went ${number(mae)} R against and ${number(mfe)} R in favor </title>`
  const [cx, cy] = [x(mae), y(mfe)]
  return r > 0
    ? markup`<circle class="win" cx="${px(cx)}" cy="${px(cy)}" r="3.6">${title}</circle>`
    : markup`<path class="loss" d="M${px(cx)} ${px(cy - 4.4)}l4.4 4.4-4.4 4.4-4.4-4.4Z">${title}</path>`
}

const ticksOf = (values: readonly number[]) =>
  values.map((at) => ({ at, label: number(at, placesFor(values)) }))

/**
 * How far each trade went against (right) and in favor (up) before it ended, in R. Winners are discs, losers hollow
 * diamonds. Null without a trade whose excursions are known.
 */
export const excursionChart = (
  trades: readonly ClosedTrade[],
): { readonly chart: Html; readonly shown: number; readonly of: number } | null => {
  const all = known(trades)
  if (all.length === 0) return null
  const every = Math.ceil(all.length / MOST_MARKS)
  const shown = all.filter((_, index) => index % every === 0)
  const plot: Plot = { left: 44, right: WIDTH - 10, top: 10, bottom: HEIGHT - 42 }
  const most = (pick: (one: Excursion) => number): number =>
    shown.reduce((largest, one) => Math.max(largest, pick(one)), 1) * 1.06
  const x = linear(
    0,
    most(({ mae }) => mae),
    plot.left,
    plot.right,
  )
  const y = linear(
    0,
    most(({ mfe }) => mfe),
    plot.bottom,
    plot.top,
  )
  const xs = roundTicks(
    0,
    most(({ mae }) => mae),
    6,
  )
  const ys = roundTicks(
    0,
    most(({ mfe }) => mfe),
    5,
  )
  const chart = svg(
    WIDTH,
    HEIGHT,
    `Excursions of ${shown.length} trades: adverse against favorable, in R`,
    [
      yAxis(plot, ticksOf(ys), y),
      xAxis(plot, ticksOf(xs), x),
      markup`<line class="start" x1="${px(x(1))}" x2="${px(x(1))}" y1="${plot.top}" y2="${plot.bottom}"/>`,
      markup`<text class="label" x="${px(x(1) - 4)}" y="${plot.top + 10}" text-anchor="end">stop at 1 R</text>`,
      shown.map((one) => mark(one, x, y)),
      markup`<text class="label" x="${(plot.left + plot.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">worst against, R</text>`,
      markup`<text class="label" transform="translate(11 ${(plot.top + plot.bottom) / 2}) rotate(-90)" text-anchor="middle">best in favor, R</text>`,
    ],
  )
  return { chart, shown: shown.length, of: trades.length }
}
