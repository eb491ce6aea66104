import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { runSuite } from '../bootstrap/run-suite.mjs'
import { REPOSITORY } from '../src/install/cache-folder.ts'

jest.setTimeout(300_000)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapedeck-suite-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What a project of this one test file counts, and what was said. */
const runOf = async (body: string, msMax: number) => {
  writeFileSync(join(folder, 'one.test.cjs'), body)
  const tiny = { displayName: 'tiny', rootDir: folder, testMatch: ['**/*.test.cjs'] }
  const config = JSON.stringify({ rootDir: folder, projects: [tiny] })
  const said: string[] = []
  const say = (line: string): void => void said.push(line)
  const totals = await runSuite(
    { root: REPOSITORY, node: process.execPath, env: process.env, say, stdio: 'ignore' },
    { name: 'tiny', args: ['--config', config, '--runInBand'], msMax },
    folder,
  )
  return { totals, said: said.join('\n') }
}

it('a run that leaves a server open ends, with what it counted', async () => {
  const { totals, said } = await runOf(
    `test('opens', () => { require('node:net').createServer().listen(0, '127.0.0.1') })
     test('fails', () => { expect(1).toBe(2) })`,
    100_000,
  )
  expect(totals).toEqual({ passed: 1, failed: 1, skipped: 0 })
  expect(said).not.toContain('FAIL')
})

it('a run that never ends is killed, is a failure, and its file is named', async () => {
  // Longer where a machine takes longer to get as far as the file.
  for (const seconds of [10, 30, 120]) {
    const { totals, said } = await runOf(`test('loops', () => { for (;;); })`, seconds * 1_000)
    expect(totals).toEqual({ passed: 0, failed: 1, skipped: 0 })
    expect(said).toContain(`FAIL tiny: stopped after ${seconds} s, within `)
    if (/within .*one\.test\.cjs/.test(said)) return
  }
  throw new Error('the file that ran was not named')
})
