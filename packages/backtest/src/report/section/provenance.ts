import type { Report } from '../build-report.ts'
import { number } from '../page/format.ts'
import { markup, type Html } from '../page/html.ts'

const rows = (entries: readonly (readonly [string, string])[]): Html =>
  markup`<dl>${entries.map(
    ([name, value]) => markup`<dt>${name.replaceAll('_', ' ')}</dt><dd><code>${value}</code></dd>`,
  )}</dl>`

/** What the figures depend on, and what happened how often: enough to make the same report again. */
export const provenanceSection = ({ run, performance, seed }: Report): Html => {
  const { returns } = performance
  const made: (readonly [string, string])[] = [
    ['run', run.run_id],
    ...Object.entries(run.provenance),
    [
      'periods',
      `${returns.periods} of ${returns.period_ms / 3_600_000} h, ${returns.periods_per_year} a year, risk-free ${number(returns.risk_free_rate * 100)} %`,
    ],
    ['seed of this report', String(seed)],
  ]
  const counts = Object.entries(run.counts).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return markup`<h2 id="made">What this was made of</h2><div class="two"><div class="panel">${rows(made)}</div><div class="panel tall"><h3>What happened how often</h3><table><tbody>${counts.map(
    ([what, count]) => markup`<tr><td>${what}</td><td>${number(count, 0)}</td></tr>`,
  )}</tbody></table></div></div>`
}
