import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { API_CALLS } from '../binance/index.ts'
import { ROUTES } from '../binance/routes/index.ts'
import { FAULT_PRESETS, checkFaultPlan } from '../faults/index.ts'
import { CONTROL_PATHS } from './control/index.ts'

const text = readFileSync(new URL('../../../../docs/venue-simulator.md', import.meta.url), 'utf8')
const lines = text.split('\n')
const rowOf = (cell: string): string | undefined =>
  lines.find((line) => line.startsWith('|') && line.includes(`\`${cell}\``))

describe('docs/venue-simulator.md', () => {
  it.each(CONTROL_PATHS)('has %s', (path) => {
    expect(rowOf(path)).toBeDefined()
  })

  it.each([...new Set(ROUTES.map(({ path }) => path.replace('/fapi/', '')))])('has %s', (path) => {
    expect(rowOf(path)).toBeDefined()
  })

  it.each([...API_CALLS.keys()])('has the method %s', (method) => {
    expect(rowOf(method)).toBeDefined()
  })

  it.each(FAULT_PRESETS)('has the preset $name', ({ name }) => {
    expect(text).toContain(`\`${name}\``)
  })

  it('has a plan that can be read', () => {
    const [, plan = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? []
    expect(checkFaultPlan(JSON.parse(plan), 'the plan').faults).toHaveLength(3)
  })
})
