import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { stackSecrets } from './stack-secrets.ts'

describe('the secrets of a data folder', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tapedeck-secrets-'))
    file = join(folder, 'secrets.json')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are made once, kept, and readable by their owner only', () => {
    const made = stackSecrets(file)
    expect(stackSecrets(file)).toEqual(made)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(new Set(Object.values(made.rolePasswords)).size).toBe(9)
  })

  it('are filled up where one is missing', () => {
    const { jwtSecret, ...rest } = stackSecrets(file)
    writeFileSync(file, JSON.stringify(rest))
    const again = stackSecrets(file)
    expect(again).toMatchObject(rest)
    expect(again.jwtSecret).not.toBe(jwtSecret)
  })

  it.each(['', '{"jwtSecret": "abc'])('are not replaced when damaged: %j', (text) => {
    writeFileSync(file, text)
    expect(() => stackSecrets(file)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        hint: expect.stringContaining('API keys become invalid'),
      }),
    )
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})
