import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { ERRORS, TapedeckError } from '@tapedeck/contracts'
import { EXIT, EXIT_MEANINGS, exitCodeOf } from './exit-codes.ts'
import { reportError } from './report-error.ts'
import { runCli } from './run-cli.ts'
import { memoryTerminal } from './terminal/memory-terminal.fixture.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const run = async (...argv: string[]) => {
  const terminal = memoryTerminal()
  const code = await runCli(argv, terminal)
  return { code, out: terminal.stdout(), err: terminal.stderr() }
}

describe('usage', () => {
  it.each<[string[], string]>([
    [['replai', 'x'], 'Did you mean replay?'],
    [['simulate'], "unknown command 'simulate'"],
    [['backtest'], "missing required argument 'paths'"],
    [['backtest', 'x', '--from', 'monday'], 'Expected a day such as 2024-01-31'],
    [['up', '--prot', '1'], 'Did you mean --port?'],
    [['up', '--port', '99999'], 'Expected a whole number 0 to 65500.'],
    [['up', '--source', 'moon'], 'Allowed choices are auto, live, generated, recording, none.'],
    [['up', '--speed', '0'], 'Expected max, or a factor of real time'],
    [['up', '--source', 'recording'], '--source recording needs at least one --file.'],
    [
      ['up', '--source', 'live', '--file', 'x'],
      '--file plays a recording, but --source says live.',
    ],
    [['replay'], "missing required argument 'files'"],
    [['measure', 'x', '--min-absorption-volume', '-1'], 'Expected a number above 0.'],
    [['halt'], "required option '--reason <text>' not specified"],
    [
      ['keys', 'create', '--name', 'a', '--role', 'god'],
      'Allowed choices are viewer, trader, operator, admin.',
    ],
  ])('%j is refused with exit code 2 and says why', async (argv, text) => {
    const { code, out, err } = await run(...argv)
    expect({ code, out }).toEqual({ code: EXIT.USAGE, out: '' })
    expect(err).toContain(text)
  })

  it.each<[string[], number, string]>([
    [['venue', '--faults', root], EXIT.USAGE, 'This is a folder, and a file was expected.'],
    [['venue', '--keys', `${root}no-such/keys.json`], EXIT.NOT_FOUND, 'Check the path'],
    [['venue', '--host', '203.0.113.7'], EXIT.USAGE, 'Expected an address of this machine'],
    [['venue', '--symbol', '__proto__'], EXIT.NOT_FOUND, 'the generated market has no __proto__'],
    [['verify', '--decisions', root], EXIT.USAGE, 'is a folder, expected a file'],
    [['verify', '--decisions', '/dev/null'], EXIT.CHECK_FAILED, 'is empty, expected decisions'],
    [['verify', '--decisions', `${root}none`], EXIT.NOT_FOUND, 'backtest --messages wrote'],
  ])('%j is refused by what the machine says, with what to do', async (argv, code, text) => {
    const refused = await run(...argv)
    expect(refused).toMatchObject({ code, out: '' })
    expect(refused.err).toContain(text)
    expect(refused.err).not.toContain('should not happen')
  })

  it('help and version go to stdout with exit code 0', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: '0.1.0\n', err: '' })
    const help = await run('--help')
    expect(help).toMatchObject({ code: 0, err: '' })
    for (const [code, meaning] of EXIT_MEANINGS) expect(help.out).toContain(`${code}  ${meaning}`)
    expect((await run('help', 'replay')).out).toContain('$ tapedeck replay')
  })

  it('the documentation names every command and every exit code', async () => {
    const document = readFileSync(`${root}docs/command-line.md`, 'utf8')
    const { out } = await run('--help')
    const commands = [...out.matchAll(/^ {2}([a-z]+) .*(?=\n)/gm)].map(([, name]) => name!)
    expect(commands).toContain('replay')
    const missing = commands.filter(
      (name) => name !== 'help' && !document.includes(`\`tapedeck ${name}\``),
    )
    expect(missing).toEqual([])
    for (const [code, meaning] of EXIT_MEANINGS)
      expect(document).toMatch(
        code < 100 ? new RegExp(`\\| ${code} +\\| ${meaning} +\\|`) : /130, 143/,
      )
  })

  it('no line of help is wider than 80 columns', async () => {
    const commands = ['up', 'replay', 'measure', 'why', 'doctor', 'status', 'halt', 'keys']
    for (const command of commands) {
      const { out } = await run(command, '--help')
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
    }
  })
})

describe('what cannot be found', () => {
  it.each<[string[], number, string]>([
    [['measure', 'no-such-file.gz'], EXIT.NOT_FOUND, 'there is no file no-such-file.gz'],
    [['replay', 'no-such-file.gz'], EXIT.NOT_FOUND, 'there is no file no-such-file.gz'],
    [['measure', `${root}package.json`], EXIT.CHECK_FAILED, 'package.json line 1'],
    [['status', '--data', `${root}no-such-folder`], EXIT.UNAVAILABLE, 'Tapedeck does not run on'],
    [
      ['why', 'x', '--data', `${root}no-such-folder`],
      EXIT.NOT_FOUND,
      'no recorded event is about x',
    ],
    [
      ['doctor', '--config', 'no.yaml', '--json', '--data', `${root}.tapedeck`],
      EXIT.CHECK_FAILED,
      '',
    ],
  ])('%j ends with %i', async (argv, code, text) => {
    const result = await run(...argv)
    expect(result.code).toBe(code)
    expect(result.err).toContain(text)
  })
})

describe('errors', () => {
  it('each code of the catalogue has an exit code that the help explains', () => {
    const explained = new Set(EXIT_MEANINGS.map(([code]) => code))
    const codes = Object.keys(ERRORS) as (keyof typeof ERRORS)[]
    expect(codes.filter((code) => !explained.has(exitCodeOf(code)))).toEqual([])
  })

  it('say what to do, and show the stack only when asked', () => {
    const error = new TapedeckError('PORT_IN_USE', 'port 7700 is in use', {
      hint: 'Choose another.',
    })
    const quiet = memoryTerminal()
    expect(reportError(quiet, error, false)).toBe(EXIT.CONFLICT)
    expect(quiet.stderr()).toBe('error: port 7700 is in use\nChoose another. [PORT_IN_USE]\n')
    const unexpected = memoryTerminal()
    expect(reportError(unexpected, new Error('broken'), true)).toBe(EXIT.FAILED)
    expect(unexpected.stderr()).toContain('at ')
  })
})

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url))

/** The golden answers lie outside of the repository. */
const golden = existsSync(`${shared}golden`) ? describe : describe.skip

const near = (value: number, wanted: number): void =>
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 1e-9)

golden('measure', () => {
  const recording = `${shared}data/binance-ws-raw/usdm-btcusdt-20240808.ws.gz`
  const cases = (file: string) =>
    (
      JSON.parse(readFileSync(`${shared}golden/${file}`, 'utf8')) as {
        cases: Record<string, unknown>[]
      }
    ).cases
  type Row = Record<string, unknown> & {
    kind: string
    weighted: number
    confidence: number
    ratio: Record<string, number>
  }

  it('prints the golden answers of a recording, line by line', async () => {
    const { code, out } = await run(
      'measure',
      recording,
      '--volume-basis',
      'trade',
      '--min-absorption-volume',
      '10',
    )
    expect(code).toBe(EXIT.OK)
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
    const deltas = rows.filter(({ kind }) => kind === 'delta')
    const wantedDeltas = cases('delta-windows.json')
    expect(deltas).toHaveLength(wantedDeltas.length)
    for (const [i, { in: at, ratio, ...exact }] of wantedDeltas.entries()) {
      expect(deltas[i]).toMatchObject({ at, ...exact })
      for (const [name, value] of Object.entries(ratio as Record<string, number>))
        near(deltas[i]!.ratio[name]!, value)
    }
    const found = rows.filter(({ kind }) => kind === 'absorption' || kind === 'trapped')
    const wanted = cases('absorption-and-traps.json')
    expect(found).toHaveLength(wanted.length)
    for (const [i, { in: at, weighted, confidence, ...exact }] of wanted.entries()) {
      expect(found[i]).toMatchObject({ at, ...exact })
      if (found[i]!.kind === 'absorption') near(found[i]!.weighted, weighted as number)
      near(found[i]!.confidence, confidence as number)
    }
  })
})
