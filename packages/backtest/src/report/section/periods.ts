import type { PeriodReturn } from '@tapedeck/core'
import type { Report } from '../build-report.ts'
import { day, number, signedPercent } from '../page/format.ts'
import { markup, type Html } from '../page/html.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Up to here every period has a row; beyond, the months are what can be read. */
const MOST_DAYS = 92

/** Return over periods that follow each other; null when one of them is not known. */
const compound = (periods: readonly PeriodReturn[]): number | null =>
  periods.reduce<number | null>(
    (product, { value }) => (product === null || value === null ? null : product * (1 + value)),
    1,
  )

const shaded = (value: number | null, largest: number): Html => {
  if (value === null) return markup`<td class="muted">–</td>`
  const alpha = largest === 0 ? 0 : Math.min(0.5, (Math.abs(value) / largest) * 0.5)
  return markup`<td class="${value > 0 ? 'gain' : value < 0 ? 'loss' : ''}" style="--a:${alpha.toFixed(2)}">${signedPercent(value, Math.abs(value) < 0.00995 ? 2 : 1)}</td>`
}

const returnOf = (group: readonly PeriodReturn[] | undefined): number | null => {
  const product = group === undefined ? null : compound(group)
  return product === null ? null : product - 1
}

const monthTable = (periods: readonly PeriodReturn[]): Html => {
  const months = new Map<string, PeriodReturn[]>()
  for (const period of periods) {
    const key = day(period.from).slice(0, 7)
    months.set(key, [...(months.get(key) ?? []), period])
  }
  const values = [...months.values()].map(returnOf)
  const largest = values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0)
  const years = [...new Set([...months.keys()].map((key) => key.slice(0, 4)))].toSorted(
    (a, b) => Number(a) - Number(b),
  )
  return markup`<div class="panel scroll"><h3>By month</h3><table class="months"><thead><tr><th>year</th>${MONTHS.map((name) => markup`<th>${name}</th>`)}<th>year</th></tr></thead><tbody>${years.map(
    (year) => {
      const inYear = periods.filter(({ from }) => day(from).startsWith(year))
      return markup`<tr><td>${year}</td>${MONTHS.map((_, index) => {
        const group = months.get(`${year}-${String(index + 1).padStart(2, '0')}`)
        return group === undefined ? markup`<td></td>` : shaded(returnOf(group), largest)
      })}${shaded(returnOf(inYear), largest)}</tr>`
    },
  )}</tbody></table></div>`
}

const dayTable = (periods: readonly PeriodReturn[]): Html => {
  const largest = periods.reduce((most, { value }) => Math.max(most, Math.abs(value ?? 0)), 0)
  return markup`<div class="panel scroll tall"><h3>By day, UTC</h3><table class="months"><thead><tr><th>day</th><th>return</th><th>equity at its end</th></tr></thead><tbody>${periods.map(
    ({ from, value, ending_equity, short }) =>
      markup`<tr><td>${day(from)}${short ? markup` <span class="muted" title="Covered by less than half: ratios leave it out">short</span>` : null}</td>${shaded(value, largest)}<td>${number(ending_equity)}</td></tr>`,
  )}</tbody></table></div>`
}

/** Returns by month, and by day where that can be read. */
export const periodsSection = ({ periods, performance }: Report): Html => {
  const daily = performance.returns.period_ms === 86_400_000 && periods.length <= MOST_DAYS
  const spansMonths = periods.length > 28
  return markup`<h2 id="periods">When</h2><div class="${daily && !spansMonths ? '' : 'stack'}">${spansMonths || !daily ? monthTable(periods) : null}${daily ? dayTable(periods) : null}</div>`
}
