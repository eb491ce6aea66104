import { createHash } from 'node:crypto'
import { equityChart } from '../report/chart/equity-chart.ts'
import { UNKNOWN } from '../report/page/format.ts'
import { Html, markup } from '../report/page/html.ts'
import { SCRIPT } from '../report/page/script.ts'
import { STYLE } from '../report/page/style.ts'
import { table } from '../report/page/table.ts'
import type { WalkForwardResult, WindowResult } from './run-walk-forward.ts'
import type { TrialRow } from './search-window.ts'
import type { Span } from './windows.ts'

const HASH = createHash('sha256').update(SCRIPT).digest('base64')
/** Nothing is loaded from anywhere, and only the one script that is here runs. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${HASH}'; base-uri 'none'; form-action 'none'`
const WORDS = { robust: 'Robust', not_robust: 'Not robust', unknown: 'Unknown' } as const

const shown = (value: number | null): string =>
  value === null ? UNKNOWN : String(Number(value.toPrecision(4)))
const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
const spanText = ({ from, to }: Span): string => `${moment(from)} to ${moment(to)}`
const pointText = (params: TrialRow['params']): string =>
  Object.entries(params)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ')

const figure = (value: number | null, tone: number | null = null) => ({
  text: shown(value),
  value,
  tone,
})

const windowsTable = (windows: readonly WindowResult[]): Html =>
  table<WindowResult>(
    [
      {
        head: 'Test',
        about: 'Judged on',
        cell: ({ test }) => ({ text: spanText(test), value: test.from }),
      },
      { head: 'Training', cell: ({ train }) => ({ text: train.map(spanText).join('; ') }) },
      {
        head: 'Best in training',
        cell: ({ best, error }) => ({ text: best === null ? error : pointText(best.params) }),
      },
      { head: 'Score', cell: ({ best }) => figure(best?.score ?? null) },
      {
        head: 'Kept by neighbors',
        about: 'Mean score of the settings next to the best, over the best',
        cell: ({ plateau }) => figure(plateau?.kept ?? null),
      },
      {
        head: 'Net in test',
        cell: ({ test_metrics: metrics }) => {
          const net = metrics?.['net_profit'] ?? null
          return figure(net, net)
        },
      },
      {
        head: 'Trades',
        cell: ({ test_metrics: metrics }) => figure(metrics?.['trades.trades'] ?? null),
      },
    ],
    windows,
  )

const equityPanel = ({ out_of_sample: found }: WalkForwardResult): Html | null =>
  found === null || found.equity.length < 2
    ? null
    : markup`<div class="panel"><div class="wide">${equityChart(found.equity, 1120, 360)}</div><div class="narrow">${equityChart(found.equity, 440, 320)}</div></div>`

/** One HTML page that needs nothing but itself: the verdict, the stitched account, windows and parameters. */
export const renderWalkForward = (result: WalkForwardResult): string => {
  const { verdict, stability, trials, objective } = result
  const checks = table(
    [
      {
        head: 'Shown',
        cell: ({ passed }) => ({ text: passed ? 'yes' : 'no', tone: passed ? 1 : -1 }),
      },
      { head: 'What', cell: ({ name }) => ({ text: name }) },
      { head: 'Value', cell: ({ value }) => figure(value) },
      { head: 'Wanted', cell: ({ wanted }) => ({ text: wanted }) },
    ],
    verdict.checks,
  )
  const parameters = table(
    [
      { head: 'Parameter', cell: ({ key }) => ({ text: key }) },
      { head: 'Stability', cell: ({ score }) => figure(score) },
      { head: 'Best, window by window', cell: ({ values }) => ({ text: values.join(', ') }) },
    ],
    stability.parameters,
  )
  const title = `Walk-forward of ${result.strategy}`
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="dark"><meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}"><title>${title}</title><style>${new Html(STYLE)}</style></head><body>
<header><h1>${title}: ${WORDS[verdict.result]}</h1><p>${trials.settings} settings by ${objective.metric}, ${trials.run} trials, ${trials.failed} failed; data ${result.data.slice(0, 16)}, code ${result.code.slice(0, 16)}, seed ${result.seed}.</p></header>
${equityPanel(result)}
<section><h2>What a robust result shows</h2><div class="scroll">${checks}</div></section>
<section><h2>Windows</h2><div class="scroll">${windowsTable(result.windows)}</div></section>
<section><h2>Parameters</h2><div class="scroll">${parameters}</div></section>
<script>${new Html(SCRIPT)}</script></body></html>
`.text
}
