import { duration, moment, number, percent, signed, signedPercent } from '../page/format.ts'
import { markup, type Html, type Part } from '../page/html.ts'
import type { Report } from '../build-report.ts'

/** What ran, when, and whether it got to the end. */
export const headerSection = ({ run }: Report): Html => {
  const name = run.strategy.replaceAll('_', ' ')
  return markup`<header><h1>${name} on ${run.symbols.join(', ')}</h1><span class="span">${moment(run.from)} to ${moment(run.to)} UTC, ${duration(run.to - run.from)}</span></header>${
    run.stopped === null
      ? null
      : markup`<div class="stopped"><b>Stopped at ${moment(run.stopped.at)} UTC.</b> ${run.stopped.reason}. Everything up to there is here and counts. </div>`
  }`
}

/** First of all what this cannot show: limits of the data, holes in it, too few trades. */
export const limitsSection = ({ run, performance }: Report): Html | null => {
  const few = performance.trades.trades < 30
  const notes: Part[] = [
    ...run.limits.map(({ about }) => markup`<li>${about}</li>`),
    run.gaps.length === 0
      ? null
      : markup`<li>${run.gaps.length} ${run.gaps.length === 1 ? 'hole' : 'holes'} in the data: ${run.gaps
          .slice(0, 5)
          .map(
            ({ symbol, from, to, what }) => `${symbol} ${moment(from)} to ${moment(to)} (${what})`,
          )
          .join('; ')}${run.gaps.length > 5 ? '; \u2026' : ''}. </li>`,
    few
      ? markup`<li>${performance.trades.trades} trades are too few to tell skill from luck: read the intervals, not the figures. </li>`
      : null,
  ]
  if (notes.every((note) => note === null)) return null
  return markup`<div class="limits"><b>What this cannot show</b><ul>${notes}</ul></div>`
}

type Tile = {
  readonly name: string
  readonly value: string
  readonly note: string
  readonly tone?: number | null
}

const between = (
  interval: { low: number | null; high: number | null } | null,
  write: (value: number) => string,
): string =>
  interval === null
    ? 'too little for an interval'
    : `95 % ${interval.low === null ? '\u2212\u221e' : write(interval.low)} to ${interval.high === null ? '\u221e' : write(interval.high)}`

const tileOf = ({ name, value, note, tone }: Tile): Html =>
  markup`<div class="tile ${tone === undefined || tone === null || tone === 0 ? '' : tone > 0 ? 'gain' : 'loss'}"><span>${name}</span><b>${value}</b><small>${note}</small></div>`

const accountTiles = ({ performance: p, intervals }: Report): Tile[] => {
  const { trades, returns, deepest_drawdown: deepest } = p
  return [
    {
      name: 'Net profit',
      value: signed(p.net_profit),
      note: `${signedPercent(p.total_return, 2)} of ${number(p.starting_balance, 0)}`,
      tone: p.net_profit,
    },
    {
      name: 'Expectancy',
      value: `${signed(trades.expectancy_r)} R`,
      note: between(intervals.expectancy_r, (value) => signed(value)),
      tone: trades.expectancy_r,
    },
    {
      name: 'Sharpe, annualized',
      value: number(returns.sharpe),
      note: between(intervals.sharpe, (value) => number(value)),
    },
    {
      name: 'Deepest drawdown',
      value: percent(deepest?.fraction ?? 0, 2),
      note:
        deepest === null
          ? 'never under water'
          : deepest.recovered_at === null
            ? `${duration(deepest.duration_ms)}, not recovered`
            : `recovered after ${duration(deepest.duration_ms)}`,
    },
  ]
}

const tradeTiles = ({ performance: p, intervals }: Report): Tile[] => {
  const { trades, returns } = p
  return [
    {
      name: 'Win rate',
      value: percent(trades.win_rate),
      note: between(intervals.win_rate, (value) => percent(value, 0)),
    },
    {
      name: 'Profit factor',
      value: number(trades.profit_factor),
      note: between(intervals.profit_factor, (value) => number(value)),
    },
    {
      name: 'Trades',
      value: number(trades.trades, 0),
      note: `${trades.wins} won, ${trades.losses} lost`,
    },
    {
      name: 'CAGR',
      value: signedPercent(p.cagr),
      note: p.cagr === null ? 'less than 28 days' : `Calmar ${number(p.calmar)}`,
    },
    {
      name: 'Sortino, annualized',
      value: number(returns.sortino),
      note: `volatility ${percent(returns.volatility)}`,
    },
    {
      name: 'Exposure',
      value: percent(p.exposure),
      note: `median trade ${duration(trades.median_duration_ms)}`,
    },
    {
      name: 'Payoff',
      value: number(trades.payoff),
      note: `longest losing streak ${trades.longest_losing_streak}`,
    },
    {
      name: 'Fees',
      value: number(trades.fees),
      note: `${percent(trades.fee_share)} of gross gains; funding ${signed(trades.funding)}`,
    },
  ]
}

/** The dozen figures that people ask for first, each with how sure it is. */
export const tilesSection = (report: Report): Html =>
  markup`<div class="tiles">${[...accountTiles(report), ...tradeTiles(report)].map(tileOf)}</div>`
