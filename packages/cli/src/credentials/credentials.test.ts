import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { runCli } from '../run-cli.ts'
import { memoryTerminal } from '../terminal/memory-terminal.fixture.ts'

const KEY = 'q8Zr2LmT5vXwB9nKcJ4hGdF7sPyA3eUiO6tRbWkVxHzMjNQ1oCfDgYlSaEuIpT0B'
const SECRET = 'Vb3nMq7Wz1XcR5tYu9Ip2AsDf6GhJ8kLoP4eQwErTyUi0OaSdFgHjKlZxCvBnM5N'
const folder = mkdtempSync(join(tmpdir(), 'tapedeck-credentials-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))
const sealed = join(folder, 'venue.sealed')
const keys = { BINANCE_API_KEY: KEY, BINANCE_API_SECRET: SECRET }
const pass = { BINANCE_PASSPHRASE: 'correct horse battery' }

const run = async (argv: readonly string[], env: Record<string, string>) => {
  const terminal = memoryTerminal({ env })
  const code = await runCli(['credentials', ...argv], terminal)
  const said = terminal.stdout() + terminal.stderr()
  return { code, said, isClean: !said.includes(KEY) && !said.includes(SECRET) }
}

describe('tapedeck credentials', () => {
  it('seals into a file for its owner, which check opens', async () => {
    expect(await run(['seal', sealed], { ...keys, ...pass })).toMatchObject({
      code: 0,
      isClean: true,
    })
    expect(statSync(sealed).mode & 0o777).toBe(0o600)
    expect(readFileSync(sealed, 'utf8')).not.toContain(KEY)
    const env = { BINANCE_CREDENTIALS_FILE: sealed, ...pass }
    expect(await run(['check', '--json'], env)).toEqual({
      code: 0,
      said: '{"found":true,"problems":[]}\n',
      isClean: true,
    })
  })

  it.each<[string, string[], Record<string, string>, number, string]>([
    ['replaces no file', ['seal', sealed], { ...keys, ...pass }, 5, 'exists already'],
    ['wants keys', ['seal', join(folder, 'a')], pass, 2, 'there are no keys to be sealed'],
    ['wants a passphrase', ['seal', join(folder, 'a')], keys, 2, 'there is no passphrase'],
    [
      'wants a long one',
      ['seal', join(folder, 'a')],
      { ...keys, BINANCE_PASSPHRASE: 'short' },
      2,
      'expected 12 or more',
    ],
    [
      'names a wrong passphrase',
      ['check'],
      { BINANCE_CREDENTIALS_FILE: sealed, BINANCE_PASSPHRASE: 'incorrect horse' },
      2,
      'the passphrase is wrong',
    ],
    [
      'finds placeholders',
      ['check'],
      { BINANCE_API_KEY: 'changeme', BINANCE_API_SECRET: SECRET },
      3,
      'the API key is a placeholder',
    ],
    ['finds nothing', ['check'], {}, 3, 'there are no keys in the environment'],
  ])('%s', async (_name, argv, env, code, words) => {
    const { said, ...rest } = await run(argv, env)
    expect(rest).toEqual({ code, isClean: true })
    expect(said).toContain(words)
  })

  it('refuses a file that everybody may read', async () => {
    const path = join(folder, 'open')
    writeFileSync(path, KEY)
    chmodSync(path, 0o644)
    const { code, said } = await run(['check'], { BINANCE_API_KEY_FILE: path })
    expect([code, said.includes('chmod 600')]).toEqual([2, true])
  })
})
