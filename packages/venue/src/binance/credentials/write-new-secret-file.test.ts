import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { writeNewSecretFile } from './write-new-secret-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-secret-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const MODULE = new URL('write-new-secret-file.ts', import.meta.url).href
const WRITE = `
  const { writeNewSecretFile } = await import(${JSON.stringify(MODULE)})
  try { writeNewSecretFile(process.argv[1], 'a secret') } catch (error) { console.log(error.code) }
`
/** In a process that may write so many blocks into a file: a system that has no room says no in the same place. */
const writeWithin = (blocks: number, file: string): string =>
  spawnSync(
    'sh',
    [
      '-c',
      `ulimit -f ${blocks}; exec "$0" --input-type=module -e "$1" "$2"`,
      process.execPath,
      WRITE,
      file,
    ],
    { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  ).stdout.trim()

describe('a new file for a secret', () => {
  it('is whole, for its owner alone, and replaces nothing', () => {
    const file = join(folder, 'key.pem')
    writeNewSecretFile(file, 'a secret')
    expect(readFileSync(file, 'utf8')).toBe('a secret')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(() => writeNewSecretFile(file, 'another')).toThrow(
      expect.objectContaining({ code: 'OUTPUT_EXISTS' }),
    )
    expect(readFileSync(file, 'utf8')).toBe('a secret')
    expect(readdirSync(folder)).toEqual(['key.pem'])
    rmSync(file)
  })

  it('is not there when there is no room for it, and nothing else is', () => {
    const file = join(folder, 'key.pem')
    expect(writeWithin(0, file)).toBe('EFBIG')
    expect(readdirSync(folder)).toEqual([])
    expect(writeWithin(1, file)).toBe('')
    expect(readFileSync(file, 'utf8')).toBe('a secret')
    rmSync(file)
  })

  it('is written although a process of the same number left a draft behind', () => {
    const file = join(folder, 'key.pem')
    writeFileSync(`${file}.${process.pid}.part`, 'half a sec')
    writeNewSecretFile(file, 'a secret')
    expect(readdirSync(folder)).toEqual(['key.pem'])
    rmSync(file)
  })
})
