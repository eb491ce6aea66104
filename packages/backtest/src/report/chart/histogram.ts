import type { Distribution } from '@tapedeck/core'
import { markup, type Html } from '../page/html.ts'
import { number } from '../page/format.ts'
import { svg, xAxis, yAxis, type Plot } from './frame.ts'
import { linear, placesFor, px, roundTicks } from './scale.ts'

const WIDTH = 440
const HEIGHT = 230

/** Bars by bin; those below 0 hollow, so that losses differ by more than color. The median is marked. */
export const histogram = (spread: Distribution, unit: string): Html => {
  const plot: Plot = { left: 40, right: WIDTH - 10, top: 14, bottom: HEIGHT - 40 }
  const [first, last] = [spread.bins[0]!, spread.bins.at(-1)!]
  const flat = first.from === last.to
  const [low, high] = flat ? [first.from - 0.5, first.from + 0.5] : [first.from, last.to]
  const x = linear(low, high, plot.left, plot.right)
  const most = spread.bins.reduce((count, bin) => Math.max(count, bin.count), 1)
  const y = linear(0, most, plot.bottom, plot.top)
  const ticks = roundTicks(low, high, 7)
  const places = placesFor(ticks)
  const counts = roundTicks(0, most, 4).filter(Number.isInteger)
  const bars = spread.bins.map(({ from, to, count }) => {
    const [left, right] = flat ? [x(from - 0.1), x(to + 0.1)] : [x(from), x(to)]
    const side = to <= 1e-12 || from < -1e-12 ? 'loss' : 'win'
    return markup`<rect class="${side}" x="${px(left + 1)}" y="${px(y(count))}" width="${px(Math.max(1, right - left - 2))}" height="${px(plot.bottom - y(count))}"><title>${number(from, places + 1)} to ${number(to, places + 1)} ${unit}: ${count}</title></rect>`
  })
  const median = px(x(spread.median))
  return svg(
    WIDTH,
    HEIGHT,
    `Distribution in ${unit}: median ${number(spread.median)}, mean ${number(spread.mean)}, ${spread.count} trades`,
    [
      yAxis(
        plot,
        counts.map((at) => ({ at, label: String(at) })),
        y,
      ),
      xAxis(
        plot,
        ticks.map((at) => ({ at, label: number(at, places) })),
        x,
      ),
      bars,
      markup`<line class="median" x1="${median}" x2="${median}" y1="${plot.top - 6}" y2="${plot.bottom}"/><text class="label" x="${px(x(spread.median) + 5)}" y="${plot.top}">median ${number(spread.median)}</text>`,
      markup`<text class="label" x="${(plot.left + plot.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${unit}</text>`,
    ],
  )
}
