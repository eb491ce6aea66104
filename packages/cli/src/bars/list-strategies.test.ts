import { describe, expect, it } from '@jest/globals'
import { memoryTerminal } from '../terminal/memory-terminal.fixture.ts'
import { listStrategies } from './index.ts'

describe('tapedeck strategies', () => {
  it('lists each parameter with its default and range', async () => {
    const terminal = memoryTerminal()
    expect(await listStrategies(terminal, { modules: [], json: false })).toBe(0)
    expect(terminal.stdout()).toMatch(/^donchian: channel breakout/m)
    expect(terminal.stdout()).toMatch(/^ {2}entry +20 +2 to 5000 +bars of the entry channel/m)
    expect(terminal.stdout()).toMatch(/^ {2}limit_mode +risk_cap +risk_cap, unit_count /m)
  })

  it('gives the same to programs', async () => {
    const terminal = memoryTerminal()
    await listStrategies(terminal, { modules: [], json: true })
    const list = JSON.parse(terminal.stdout()) as { name: string; parameters: object }[]
    expect(list.map(({ name }) => name)).toEqual(['donchian', 'turtle'])
    expect(list[0]!.parameters).toHaveProperty(['entry', 'max'], 5000)
  })

  it('refuses a module that is no strategy', async () => {
    const module = import.meta.filename
    await expect(
      listStrategies(memoryTerminal(), { modules: [`${module}.none.ts`], json: false }),
    ).rejects.toMatchObject({ code: 'STRATEGY_INVALID' })
  })
})
