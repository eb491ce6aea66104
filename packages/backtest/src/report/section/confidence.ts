import {
  inExitOrder,
  tradeReturns,
  type ClosedTrade,
  type Interval,
  type MonteCarlo,
} from '@tapedeck/core'
import { fanChart } from '../chart/fan-chart.ts'
import { linear, px } from '../chart/scale.ts'
import type { Report } from '../build-report.ts'
import { UNKNOWN, number, percent } from '../page/format.ts'
import { markup, type Html } from '../page/html.ts'

type Row = {
  readonly name: string
  readonly interval: Interval | null
  readonly neutral: number
  readonly places: number
}

/** Estimate and bounds on a line, with the value that would mean nothing. */
const whisker = ({ estimate, low, high }: Interval, neutral: number): Html => {
  const known = [estimate, neutral, low ?? estimate, high ?? estimate]
  const x = linear(Math.min(...known), Math.max(...known), 6, 174)
  return markup`<svg class="whisker" viewBox="0 0 180 18" aria-hidden="true"><line class="zero" x1="${px(x(neutral))}" x2="${px(x(neutral))}" y1="1" y2="17" /><line x1="${low === null ? 0 : px(x(low))}" x2="${high === null ? 180 : px(x(high))}" y1="9" y2="9"/><circle cx="${px(x(estimate))}" cy="9" r="4" /></svg>`
}

const rowOf = ({ name, interval, neutral, places }: Row): Html =>
  interval === null
    ? markup`<tr><td>${name}</td><td>${UNKNOWN}</td><td>${UNKNOWN}</td><td class="left muted">too little to say</td></tr>`
    : markup`<tr><td>${name}</td><td>${number(interval.estimate, places)}</td><td>${interval.low === null ? '\u2212\u221e' : number(interval.low, places)} to ${interval.high === null ? '\u221e' : number(interval.high, places)}</td><td class="left">${whisker(interval, neutral)}</td></tr>`

const intervalTable = ({ intervals }: Report): Html => {
  const rows: Row[] = [
    { name: 'Sharpe ratio, annualized', interval: intervals.sharpe, neutral: 0, places: 2 },
    { name: 'Expectancy, R', interval: intervals.expectancy_r, neutral: 0, places: 3 },
    { name: 'Expectancy, money', interval: intervals.expectancy, neutral: 0, places: 2 },
    { name: 'Win rate', interval: intervals.win_rate, neutral: 0.5, places: 3 },
    { name: 'Profit factor', interval: intervals.profit_factor, neutral: 1, places: 2 },
  ]
  const resamples = Object.values(intervals).find((interval) => interval !== null)?.resamples
  return markup`<div class="panel scroll"><h3> 95 % intervals by bootstrap${resamples === undefined ? null : `, ${resamples} resamples`}</h3><table><thead><tr><th>figure</th><th>estimate</th><th>interval</th><th class="left">dashed: no edge</th></tr></thead><tbody>${rows.map(rowOf)}</tbody></table><p class="legend">Returns are resampled in blocks (stationary bootstrap, percentiles), trades one by one (BCa). An interval that holds the dashed value leaves open whether there is an edge.</p></div>`
}

const sharpeFacts = ({ performance }: Report): Html => {
  const { confidence, returns } = performance
  if (confidence === null)
    return markup`<div class="panel"><h3>Sharpe ratio</h3><p class="muted">Not known: it takes at least two periods whose returns differ.</p></div>`
  const length = confidence.minimum_track_record
  const needed =
    length === null
      ? 'no length would do: the ratio is not above 0'
      : `${number(Math.ceil(length), 0)} periods; there are ${returns.periods}`
  const deflated =
    confidence.deflated_sharpe === null
      ? 'not known: the variance of the trials was not given'
      : `${percent(confidence.deflated_sharpe)} after ${confidence.trials} ${confidence.trials === 1 ? 'trial' : 'trials'}`
  return markup`<div class="panel"><h3>Is the Sharpe ratio above 0?</h3><dl><dt>Probabilistic Sharpe</dt><dd>${percent(confidence.probabilistic_sharpe)}</dd><dt>Deflated Sharpe</dt><dd>${deflated}</dd><dt>Takes for 95 %</dt><dd>${needed}</dd><dt>Returns</dt><dd> skewness ${number(confidence.skewness)}, kurtosis ${number(confidence.kurtosis)} (normal: 3) </dd><dt>Per period</dt><dd>${number(confidence.sharpe_per_period, 4)}, ${returns.periods_per_year} periods a year </dd></dl></div>`
}

const fanPanel = (runs: MonteCarlo | null, happened: readonly number[]): Html => {
  if (runs === null)
    return markup`<div class="panel"><h3>Other orders</h3><p class="muted">Not known: it takes at least two trades, and equity above 0.</p></div>`
  const { max_drawdown: down, final_equity: end } = runs
  const title =
    runs.mode === 'shuffle'
      ? 'The same trades in another order'
      : 'Trades drawn again, with replacement'
  return markup`<div class="panel"><h3>${title}</h3>${fanChart(runs, happened)}<p class="legend">Bands: 5–95 and 25–75 % of ${runs.runs} runs; white: as it happened.</p><dl><dt>Deepest drawdown</dt><dd>median ${percent(down.p50)}, one in twenty above ${percent(down.p95)}</dd>${
    runs.mode === 'shuffle'
      ? null
      : markup`<dt>Final equity</dt><dd>${number(end.p5, 3)}× to ${number(end.p95, 3)}×, a loss in ${percent(runs.loss_probability)}</dd>`
  }<dt>Ruin (below ${percent(runs.ruin_at, 0)})</dt><dd>${percent(runs.ruin_probability, 2)}</dd></dl></div>`
}

/** How sure all of this is. */
export const confidenceSection = (report: Report, trades: readonly ClosedTrade[]): Html => {
  const { shuffle, resample } = report.monte_carlo
  const shares =
    tradeReturns(
      inExitOrder(trades).map(({ net_pnl }) => net_pnl),
      report.run.starting_balance,
    ) ?? []
  const happened = [1]
  for (const share of shares) happened.push(happened.at(-1)! * (1 + share))
  return markup`<h2 id="sure">How sure is that?</h2><div class="two">${intervalTable(report)}${sharpeFacts(report)}</div><div class="two" style="margin-top:12px">${fanPanel(shuffle, happened)}${fanPanel(resample, happened)}</div>`
}
