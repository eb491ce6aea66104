import { createHash } from 'node:crypto'
import { wholeCurve } from '@tapedeck/core'
import type { BacktestResult } from '../result/backtest-result.ts'
import type { Report } from './build-report.ts'
import { equityChart } from './chart/equity-chart.ts'
import { Html, markup } from './page/html.ts'
import { SCRIPT } from './page/script.ts'
import { STYLE } from './page/style.ts'
import { confidenceSection } from './section/confidence.ts'
import { groupsSection } from './section/groups.ts'
import { headerSection, limitsSection, tilesSection } from './section/header.ts'
import { periodsSection } from './section/periods.ts'
import { provenanceSection } from './section/provenance.ts'
import { distributionSection, picturesSection, tradesSection } from './section/trades.ts'
import type { BacktestContext } from './trade-context.ts'

const sourceOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing is loaded from anywhere, and only the one script that is here runs. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src ${sourceOf(SCRIPT)}; base-uri 'none'; form-action 'none'`

const NAV = [
  ['sure', 'How sure'],
  ['spread', 'What trades made'],
  ['periods', 'When'],
  ['groups', 'Where from'],
  ['pictures', 'On price'],
  ['trades', 'Trades'],
  ['made', 'Made of'],
] as const

const equitySection = (result: BacktestResult): Html => {
  const curve = wholeCurve(result)
  return markup`<div class="panel"><div class="wide">${equityChart(curve, 1120, 360)}</div><div class="narrow">${equityChart(curve, 440, 320)}</div></div>`
}

/** One HTML page that needs nothing but itself. */
export const renderReport = (
  report: Report,
  result: BacktestResult,
  context: BacktestContext | null,
): string => {
  const title = `${result.strategy} on ${result.symbols.join(', ')}`
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="dark"><meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}"><title>${title}</title><style>${new Html(STYLE)}</style></head><body>
${headerSection(report)}
<nav>${NAV.map(([id, name]) => markup`<a href="#${id}">${name}</a>`)}</nav>
${limitsSection(report)}
${tilesSection(report)}
${equitySection(result)}
${confidenceSection(report, result.trades)}
${distributionSection(report, result.trades)}
${periodsSection(report)}
${groupsSection(report)}
${picturesSection(result.trades, context)}
${tradesSection(result.trades, context)}
${provenanceSection(report)}
<script>${new Html(SCRIPT)}</script></body></html>
`
  return page.text
}
