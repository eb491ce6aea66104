import type { ClosedTrade } from '@tapedeck/core'
import { markup, type Html } from '../page/html.ts'
import { moment, number, plain, signed } from '../page/format.ts'
import type { ContextBar, TradeContext } from '../trade-context.ts'
import { svg, xAxis, yAxis, type Plot } from './frame.ts'
import { linear, placesFor, px, roundTicks, timeTicks } from './scale.ts'

const WIDTH = 720
const HEIGHT = 330
const DELTA_HEIGHT = 56

type Scale = (value: number) => number

/** Rising bars filled, falling ones hollow. */
const candle = (bar: ContextBar, x: Scale, y: Scale, width: number): Html => {
  const center = x(bar.open_time) + width / 2
  const [top, bottom] = [y(Math.max(bar.open, bar.close)), y(Math.min(bar.open, bar.close))]
  const kind = bar.close >= bar.open ? 'up' : 'down'
  const body = Math.max(1, width - 2)
  return markup`<g class="${kind}"><title>${moment(bar.open_time)} open ${plain(bar.open)} high ${plain(bar.high)} low ${plain(bar.low)} close ${plain(bar.close)} volume ${plain(bar.volume)} delta ${signed(bar.delta)}</title><line x1="${px(center)}" x2="${px(center)}" y1="${px(y(bar.high))}" y2="${px(y(bar.low))}" /><rect x="${px(center - body / 2)}" y="${px(top)}" width="${px(body)}" height="${px(Math.max(1, bottom - top))}"/></g>`
}

/** A triangle that points with the order, buys up from below, sells down from above, and the price beside it. */
const fill = (
  at: number,
  price: number,
  buys: boolean,
  label: 'in' | 'out',
  x: Scale,
  y: Scale,
): Html => {
  const [cx, cy] = [x(at), y(price)]
  const away = buys ? 1 : -1
  // In and out may be close to each other: their prices stand on either side.
  const leftward = label === 'in' ? cx > 190 : cx > WIDTH - 130
  const triangle = `M${px(cx)} ${px(cy + away * 3)}l-6 ${away * 11}h12Z`
  return markup`<g class="${buys ? 'fill-buy' : 'fill-sell'}"><path d="${triangle}" /><line class="fill-line" x1="${px(cx - 14)}" x2="${px(cx + 14)}" y1="${px(cy)}" y2="${px(cy)}"/><text x="${px(cx + (leftward ? -10 : 10))}" y="${px(cy + away * 16)}" text-anchor="${leftward ? 'end' : 'start'}">${label} ${plain(price)}</text></g>`
}

const deltaBars = (bars: readonly ContextBar[], x: Scale, width: number, plot: Plot): Html[] => {
  const most = bars.reduce((largest, { delta }) => Math.max(largest, Math.abs(delta)), 1e-9)
  const y = linear(-most, most, plot.bottom, plot.top)
  return bars.map(({ open_time, delta }) => {
    const [from, to] = [y(0), y(delta)]
    return markup`<rect class="${delta >= 0 ? 'win' : 'loss'}" x="${px(x(open_time) + 1)}" y="${px(Math.min(from, to))}" width="${px(Math.max(1, width - 2))}" height="${px(Math.max(0.5, Math.abs(to - from)))}"><title>delta ${signed(delta, 3)}</title></rect>`
  })
}

/** Candles around a trade with where it entered and left, and the delta of each bar below. */
export const priceChart = (trade: ClosedTrade, context: TradeContext): Html | null => {
  const { bars, bar_ms: barMs } = context
  const [first, last] = [bars[0], bars.at(-1)]
  if (first === undefined || last === undefined) return null
  const plot: Plot = { left: 74, right: WIDTH - 12, top: 14, bottom: HEIGHT - DELTA_HEIGHT - 34 }
  const below: Plot = { ...plot, top: plot.bottom + 10, bottom: HEIGHT - 24 }
  const x = linear(first.open_time, last.open_time + barMs, plot.left, plot.right)
  const shown = (at: number): boolean => at >= first.open_time && at <= last.open_time + barMs
  const prices = bars.flatMap(({ high, low }) => [high, low])
  const [low, high] = [Math.min(...prices), Math.max(...prices)]
  const margin = (high - low || 1) * 0.1
  const y = linear(low - margin, high + margin, plot.bottom, plot.top)
  const width = x(first.open_time + barMs) - x(first.open_time)
  const ticks = roundTicks(low - margin, high + margin, 6)
  const long = trade.side === 'LONG'
  const end = Math.min(trade.exited_at, last.open_time + barMs)
  const held = markup`<rect class="held" x="${px(x(trade.entered_at))}" y="${plot.top}" width="${px(Math.max(1, x(end) - x(trade.entered_at)))}" height="${plot.bottom - plot.top}"/>`
  const delta = deltaBars(bars, x, width, below)
  return svg(WIDTH, HEIGHT, `${trade.side} ${trade.symbol} on bars of a minute`, [
    yAxis(
      plot,
      ticks.map((at) => ({ at, label: number(at, placesFor(ticks)) })),
      y,
    ),
    xAxis(below, timeTicks(first.open_time, last.open_time + barMs, 8), x),
    held,
    markup`<g class="candles">${bars.map((bar) => candle(bar, x, y, width))}</g>`,
    markup`<g>${delta}</g><text class="label" x="${plot.left - 6}" y="${below.top + 14}" text-anchor="end">delta</text>`,
    shown(trade.entered_at) ? fill(trade.entered_at, trade.entry_price, long, 'in', x, y) : null,
    shown(trade.exited_at) ? fill(trade.exited_at, trade.exit_price, !long, 'out', x, y) : null,
  ])
}
