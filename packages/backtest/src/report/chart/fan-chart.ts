import type { MonteCarlo } from '@tapedeck/core'
import { markup, type Html } from '../page/html.ts'
import { number } from '../page/format.ts'
import { band, path, svg, xAxis, yAxis, type Plot } from './frame.ts'
import { linear, placesFor, px, roundTicks } from './scale.ts'

const WIDTH = 440
const HEIGHT = 260

/** Bands of 5 to 95 and 25 to 75 %, the median, and the order in which it really happened. */
export const fanChart = (runs: MonteCarlo, happened: readonly number[]): Html => {
  const plot: Plot = { left: 46, right: WIDTH - 10, top: 10, bottom: HEIGHT - 42 }
  const { fan, ruin_at: ruin } = runs
  const low = Math.min(...fan.map(({ p5 }) => p5), ...thinned(happened))
  const high = Math.max(...fan.map(({ p95 }) => p95), ...thinned(happened))
  const margin = (high - low || 0.1) * 0.05
  const x = linear(0, runs.trades, plot.left, plot.right)
  const y = linear(low - margin, high + margin, plot.bottom, plot.top)
  const line = (pick: (step: (typeof fan)[number]) => number) =>
    fan.map((step): [number, number] => [x(step.trade), y(pick(step))])
  const ys = roundTicks(low - margin, high + margin, 5)
  const xs = roundTicks(0, runs.trades, 5).filter(Number.isInteger)
  const step = Math.max(1, Math.floor(happened.length / 400))
  const real = happened
    .map((equity, trade): [number, number] => [x(trade), y(equity)])
    .filter((_, index) => index % step === 0 || index === happened.length - 1)
  const how = runs.mode === 'shuffle' ? 'in other orders' : 'drawn with replacement'
  return svg(WIDTH, HEIGHT, `Equity of ${runs.runs} runs of the same trades ${how}`, [
    yAxis(
      plot,
      ys.map((at) => ({ at, label: `${number(at, placesFor(ys))}×` })),
      y,
    ),
    xAxis(
      plot,
      xs.map((at) => ({ at, label: String(at) })),
      x,
    ),
    markup`<path class="fan-wide" d="${band(
      line(({ p95 }) => p95),
      line(({ p5 }) => p5),
    )}"/>`,
    markup`<path class="fan-narrow" d="${band(
      line(({ p75 }) => p75),
      line(({ p25 }) => p25),
    )}"/>`,
    markup`<path class="fan-median" d="${path(line(({ p50 }) => p50))}" />`,
    markup`<path class="happened" d="${path(real)}" />`,
    ruin > low - margin
      ? markup`<line class="ruin" x1="${plot.left}" x2="${plot.right}" y1="${px(y(ruin))}" y2="${px(y(ruin))}"/>`
      : null,
    markup`<text class="label" x="${(plot.left + plot.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">trades</text>`,
  ])
}

/** Few enough to spread into a call. */
const thinned = (values: readonly number[]): number[] => {
  const every = Math.max(1, Math.floor(values.length / 2000))
  return values.filter((_, index) => index % every === 0)
}
