import { describe, expect, it } from '@jest/globals'
import { FAULT_PRESETS } from '@tapedeck/venue-simulator'
import { runCli } from '../run-cli.ts'
import { memoryTerminal } from '../terminal/memory-terminal.fixture.ts'

describe('tapedeck venue', () => {
  it.each([
    [['--market', 'recording'], 2, 'needs at least one --file'],
    [['--file', 'a.ws'], 2, '--market says generated'],
    [['--loop'], 2, '--loop is for --market recording'],
    [['--market', 'live', '--speed', '2'], 2, 'no --speed'],
    [['--market', 'live', '--paused'], 2, 'no --paused'],
    [['--market', 'moon'], 2, 'Allowed choices are generated, recording, live.'],
    [['--speed', '5000'], 2, 'up to 1000'],
    [['--speed', '0'], 2, 'Expected a number above 0'],
    [['--balance', 'much'], 2, 'Expected a number above 0'],
    [['--start', 'monday'], 2, 'Expected a day such as'],
    [['--start', '1969-12-31'], 2, 'Expected a time since 1970'],
    [['--symbol', 'NOUSDT'], 4, 'the generated market has no NOUSDT'],
    [['--faults', 'no-such'], 4, 'no preset and no file no-such'],
    [['--market', 'recording', '--file', 'no-such.ws'], 4, 'there is no file no-such.ws'],
  ])('%j is refused with exit code %i', async (options, code, text) => {
    const terminal = memoryTerminal()
    expect(await runCli(['venue', '--port', '0', ...options], terminal)).toBe(code)
    expect(terminal.stdout()).toBe('')
    expect(terminal.stderr()).toContain(text)
  })

  it('names every preset of faults in its help', async () => {
    const terminal = memoryTerminal()
    expect(await runCli(['venue', '--help'], terminal)).toBe(0)
    // Lines are broken within words that have a hyphen, too.
    const help = terminal.stdout().replaceAll(/\s+/g, '')
    expect(FAULT_PRESETS.filter(({ name }) => !help.includes(name))).toEqual([])
  })
})
