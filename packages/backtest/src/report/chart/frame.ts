import { markup, type Html, type Part } from '../page/html.ts'
import { px, type Tick } from './scale.ts'

/** The area inside the axes, in the SVG's own units. */
export type Plot = {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** An SVG that fills the width it is given. `title` is read out and shown on hover. */
export const svg = (
  width: number,
  height: number,
  title: string,
  content: Part,
  className = '',
): Html =>
  markup`<svg class="chart ${className}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><title>${title}</title>${content}</svg>`

/** Horizontal lines with labels left of the plot. */
export const yAxis = (plot: Plot, ticks: readonly Tick[], y: (value: number) => number): Html =>
  markup`<g class="axis">${ticks.map(
    ({ at, label }) =>
      markup`<line x1="${plot.left}" x2="${plot.right}" y1="${px(y(at))}" y2="${px(y(at))}" /><text x="${plot.left - 6}" y="${px(y(at) + 4)}" text-anchor="end">${label}</text>`,
  )}</g>`

/** Labels below the plot. */
export const xAxis = (plot: Plot, ticks: readonly Tick[], x: (value: number) => number): Html =>
  markup`<g class="axis">${ticks.map(
    ({ at, label }) =>
      markup`<line x1="${px(x(at))}" x2="${px(x(at))}" y1="${plot.bottom}" y2="${plot.bottom + 4}"/><text x="${px(x(at))}" y="${plot.bottom + 16}" text-anchor="${x(at) > plot.right - 16 ? 'end' : 'middle'}">${label}</text>`,
  )}</g>`

export const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('')

/** The area between a line and another that runs back. */
export const band = (
  upper: readonly (readonly [number, number])[],
  lower: readonly (readonly [number, number])[],
): string => `${path(upper)}${path(lower.toReversed()).replace('M', 'L')}Z`
