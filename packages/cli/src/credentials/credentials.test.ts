import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPublicKey } from 'node:crypto'
import { makeKeyPair } from '@tapedeck/venue'
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

  it('makes a private key for its owner, tells the public half, seals and checks it', async () => {
    const path = join(folder, 'private.pem')
    const terminal = memoryTerminal({ env: {} })
    expect(await runCli(['credentials', 'make', path], terminal)).toBe(0)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const pem = readFileSync(path, 'utf8')
    expect(createPublicKey(pem).equals(createPublicKey(terminal.stdout()))).toBe(true)
    const [, body = ''] = pem.split('\n')
    expect(terminal.stdout() + terminal.stderr()).not.toContain(body)
    expect((await run(['make', path], {})).code).toBe(5)

    const own = { BINANCE_API_KEY: KEY, BINANCE_API_SECRET_FILE: path }
    const check = await run(['check'], own)
    expect([check.code, check.said]).toEqual([
      0,
      'Key and secret were found, and look like keys; requests are signed by Ed25519.\n',
    ])
    const file = join(folder, 'pem.sealed')
    const sealing = await run(['seal', file], { ...own, ...pass })
    expect(readFileSync(file, 'utf8')).not.toContain(body)
    const opened = await run(['check'], { BINANCE_CREDENTIALS_FILE: file, ...pass })
    expect([sealing.code, opened.code]).toEqual([0, 0])
    expect(opened.said).toContain('Ed25519')
    expect(sealing.said + opened.said).not.toContain(body)
  })

  it.each<[string, Record<string, string>, number, string]>([
    [
      'for an API key',
      { BINANCE_API_KEY: 'PEM', BINANCE_API_SECRET: SECRET },
      3,
      'is a text in PEM',
    ],
    [
      'that is cut off',
      { BINANCE_API_KEY: KEY, BINANCE_API_SECRET: 'HALF' },
      2,
      'is a part of a PEM text',
    ],
  ])('names a private key %s', async (_name, given, code, words) => {
    const pem = makeKeyPair().privateKey.reveal()
    const texts: Record<string, string> = { PEM: pem, HALF: pem.slice(0, 70) }
    const env = Object.fromEntries(
      Object.entries(given).map(([name, text]) => [name, texts[text] ?? text]),
    )
    const { said, ...rest } = await run(['check'], env)
    expect(rest.code).toBe(code)
    expect(said).toContain(words)
    expect(said).not.toContain(pem.slice(30, 60))
  })

  it('refuses a file that everybody may read', async () => {
    const path = join(folder, 'open')
    writeFileSync(path, KEY)
    chmodSync(path, 0o644)
    const { code, said } = await run(['check'], { BINANCE_API_KEY_FILE: path })
    expect([code, said.includes('chmod 600')]).toEqual([2, true])
  })
})
