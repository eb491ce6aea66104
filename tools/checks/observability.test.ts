import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { CODE_FILES, FILES, isTest, textOf } from './repository.ts'

type Rule = {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; impact: string; runbook: string }
}
type Panel = {
  title: string
  description: string
  datasource: { uid: string }
  fieldConfig: { defaults: { unit: string } }
  targets: { expr: string }[]
}

const RUNBOOK_HEADINGS = [
  'What it means',
  'What it does to open trades',
  'Is trading paused by itself',
  'First checks',
  'Safe actions',
  'Unsafe actions',
  'How to know it worked',
  'Escalation',
]

const rules = (
  parse(textOf('infra/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules)
const runbooks = FILES.filter((path) =>
  /^docs\/runbooks\/(?!README|LiveTrading)\w+\.md$/.test(path),
)

describe('alerts', () => {
  it('each has a runbook of its name, and each runbook an alert', () => {
    const expected = rules.map(({ alert }) => `docs/runbooks/${alert}.md`).toSorted()
    expect(runbooks).toEqual(expected)
  })

  it.each(rules)('$alert says how bad, what, what it costs and where to read on', (rule) => {
    expect(['page', 'ticket']).toContain(rule.labels.severity)
    expect(rule.annotations.summary.length).toBeGreaterThan(10)
    expect(rule.annotations.impact).toMatch(/\.$/)
    expect(rule.annotations.runbook).toBe(`docs/runbooks/${rule.alert}.md`)
  })

  it.each(runbooks)('%s answers the questions of every runbook', (path) => {
    const headings = [...textOf(path).matchAll(/^## (.+)$/gm)].map((match) => match[1])
    expect(headings).toEqual(RUNBOOK_HEADINGS)
  })
})

describe('the dashboard', () => {
  const { panels } = JSON.parse(textOf('infra/grafana/dashboards/overview.json')) as {
    panels: Panel[]
  }

  it.each(panels)('$title has a description, a unit and the one data source', (panel) => {
    expect(panel.description).toMatch(/\.$/)
    expect(panel.fieldConfig.defaults.unit).not.toBe('')
    expect(panel.datasource.uid).toBe('prometheus')
    expect(panel.targets.length).toBeGreaterThan(0)
  })

  it('every measure of ours that it or an alert reads is one that the code defines', () => {
    const expressions = rules
      .map(({ expr }) => expr)
      .concat(panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)))
    const read = new Set(expressions.flatMap((expr) => expr.match(/\btapedeck_\w+/g) ?? []))
    const source = CODE_FILES.filter((path) => /^(packages|services)\//.test(path) && !isTest(path))
      .map((path) => textOf(path))
      .join('\n')
    expect([...read].filter((name) => !source.includes(`'${name}'`))).toEqual([])
  })
})
