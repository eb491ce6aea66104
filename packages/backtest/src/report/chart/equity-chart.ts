import type { EquityPoint } from '@tapedeck/core'
import { markup, type Html } from '../page/html.ts'
import { brief, moment, number, percent } from '../page/format.ts'
import { band, path, svg, xAxis, yAxis, type Plot } from './frame.ts'
import { linear, placesFor, roundTicks, timeTicks } from './scale.ts'

type Point = readonly [number, number]

/** At most four points a pixel column, so that no extreme is lost: first, lowest, highest, last. */
const thin = (points: readonly Point[]): Point[] => {
  const kept: Point[] = []
  let start = 0
  while (start < points.length) {
    const column = Math.floor(points[start]![0])
    let end = start
    let [low, high] = [start, start]
    while (end < points.length && Math.floor(points[end]![0]) === column) {
      if (points[end]![1] < points[low]![1]) low = end
      if (points[end]![1] > points[high]![1]) high = end
      end++
    }
    const places = [...new Set([start, low, high, end - 1])].toSorted((a, b) => a - b)
    for (const place of places) kept.push(points[place]!)
    start = end
  }
  return kept
}

/** Equity is what it was until it changes: across, then up or down. */
const steps = (points: readonly Point[]): Point[] =>
  points.flatMap((point, index): Point[] =>
    index === 0 ? [point] : [[point[0], points[index - 1]![1]], point],
  )

const underWater = (equity: readonly EquityPoint[]): number[] => {
  let peak = -Infinity
  return equity.map((point) => {
    peak = Math.max(peak, point.equity)
    return peak > 0 ? (point.equity - peak) / peak : 0
  })
}

const bounds = (values: readonly number[]): [number, number] => {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const margin = (high - low || Math.abs(high) || 1) * 0.04
  return [low - margin, high + margin]
}

const labels = (values: readonly number[], write: (value: number, places: number) => string) => {
  const places = placesFor(values)
  return values.map((at) => ({ at, label: write(at, places) }))
}

/** Equity above, drawdown from the highest equity so far below, on one time axis. */
export const equityChart = (
  equity: readonly EquityPoint[],
  width: number,
  height: number,
): Html => {
  const [first, last] = [equity[0]!, equity.at(-1)!]
  const split = Math.round(height * 0.66)
  const upper: Plot = { left: 64, right: width - 12, top: 12, bottom: split - 14 }
  const lower: Plot = { left: 64, right: width - 12, top: split + 4, bottom: height - 26 }
  const x = linear(first.at, last.at, upper.left, upper.right)
  const [low, high] = bounds(equity.map((point) => point.equity))
  const y = linear(low, high, upper.bottom, upper.top)
  const drawdowns = underWater(equity)
  const deepest = Math.min(
    -0.001,
    drawdowns.reduce((least, value) => Math.min(least, value), 0),
  )
  const yDown = linear(0, deepest, lower.top, lower.bottom)
  const line = steps(thin(equity.map((point): Point => [x(point.at), y(point.equity)])))
  const down = steps(
    thin(equity.map((point, index): Point => [x(point.at), yDown(drawdowns[index]!)])),
  )
  const start = y(first.equity)
  const money = roundTicks(low, high, height > 280 ? 5 : 4)
  const large = Math.max(Math.abs(low), Math.abs(high)) >= 1e6
  const title = `Equity from ${number(first.equity)} to ${number(last.equity)}, ${moment(first.at)} to ${moment(last.at)} UTC; deepest drawdown ${percent(-deepest, 2)}`
  return svg(width, height, title, [
    yAxis(upper, labels(money, large ? brief : number), y),
    yAxis(
      lower,
      labels(roundTicks(deepest, 0, 2), (value, places) => percent(value, Math.max(0, places - 2))),
      yDown,
    ),
    xAxis(lower, timeTicks(first.at, last.at, width / 110), x),
    markup`<path class="equity-fill" d="${band(line, [
      [line[0]![0], upper.bottom],
      [line.at(-1)![0], upper.bottom],
    ])}"/>`,
    markup`<line class="start" x1="${upper.left}" x2="${upper.right}" y1="${start}" y2="${start}" />`,
    markup`<path class="equity" d="${path(line)}" />`,
    markup`<path class="drawdown" d="${band(down, [
      [down[0]![0], lower.top],
      [down.at(-1)![0], lower.top],
    ])}"/>`,
    markup`<text class="label" x="${upper.left + 6}" y="${upper.top + 10}">equity</text>`,
    markup`<text class="label" x="${lower.left + 6}" y="${lower.bottom - 4}">drawdown</text>`,
  ])
}
