import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startOf } from '@tapedeck/dev'
import { claimSession } from './claim-session.ts'
import { isAlive, readSessionFile, sessionFileOf } from './session-file.ts'

describe('a claim on a data folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tapedeck-claim-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const leave = (session: object): void =>
    writeFileSync(sessionFileOf(folder), JSON.stringify(session))

  it('is refused while the process that has it lives, and names that process', () => {
    const claim = claimSession(folder)
    expect(() => claimSession(folder)).toThrow(`as process ${process.pid}`)
    claim.release()
    const again = claimSession(folder)
    expect(again.crashed).toBeNull()
    again.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, started: '1' }],
    ['another process that has its number by now', { pid: process.pid, started: 'long ago' }],
  ])('is taken over from %s', (_name, left) => {
    leave({ ...left, since: 1, urls: null })
    const claim = claimSession(folder)
    expect(claim.crashed).toMatchObject(left)
    expect(readSessionFile(sessionFileOf(folder))).toMatchObject({
      pid: process.pid,
      started: startOf(process.pid),
      urls: null,
    })
    claim.release()
  })

  it.each([
    ['a file', (file: string) => file],
    ['below a file', (file: string) => join(file, 'data')],
  ])('is refused by name on %s', (_what, dataDirOf) => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    expect(() => claimSession(dataDirOf(file))).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(`the data folder ${dataDirOf(file)} cannot be used`),
      }),
    )
  })

  it('is taken over where the file cannot be read', () => {
    writeFileSync(sessionFileOf(folder), '{"pid": 1')
    claimSession(folder).release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('tells others where the services listen, readable by its owner alone', () => {
    const claim = claimSession(folder)
    claim.publish({ gateway: 'http://127.0.0.1:1' } as never)
    const session = readSessionFile(sessionFileOf(folder))!
    expect(session.urls).toEqual({ gateway: 'http://127.0.0.1:1' })
    expect(isAlive(session)).toBe(true)
    expect(readFileSync(sessionFileOf(folder), 'utf8')).not.toContain('secret')
    claim.release()
  })
})
