import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { Message } from '@tapedeck/contracts'
import { findRuns, scopeOf } from './find-runs.ts'
import { isAbout } from './is-about.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-runs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const runId = (n: number): string => `00000000-0000-5000-8000-${String(n).padStart(12, '0')}`

/** A run with one segment, written at a time in seconds. */
const put = (dataDir: string, n: number, firstSeq: number, writtenAt: number): void => {
  const run = join(dataDir, 'archive', runId(n))
  mkdirSync(run, { recursive: true })
  const file = join(run, `${String(firstSeq).padStart(16, '0')}.tape.gz`)
  writeFileSync(file, 'x')
  utimesSync(file, writtenAt, writtenAt)
}

const main = join(folder, 'main')
put(main, 1, 1, 100)
put(main, 2, 50, 300)
put(join(main, 'replays', '20260101T000000-a'), 3, 1, 400)
put(join(main, 'replays', '20260102T000000-b'), 4, 1, 200)

const find = (what?: string, archive?: string): string[] =>
  findRuns({ mainDataDir: main, archive }, scopeOf(what)).map((run) => run.runId)

describe('which runs are meant', () => {
  it.each<[string, string | undefined, number[]]>([
    ['everything of the data folder, in tape order', undefined, [1, 2]],
    ['the one written last, kept replays too', 'last', [3]],
    ['a run by its id, wherever it lies', runId(4), [4]],
    ['a session: all of them, newest first', '2026-01-05', [3, 2, 4, 1]],
    ['an id of a decision: all of them, newest first', 'DEC-1', [3, 2, 4, 1]],
  ])('%s', (_, what, runs) => {
    expect(find(what)).toEqual(runs.map(runId))
  })

  it('an archive that is named is the only one looked into', () => {
    const archive = join(main, 'replays', '20260102T000000-b', 'archive')
    expect(find('last', archive)).toEqual([runId(4)])
    expect(find(undefined, archive)).toEqual([runId(4)])
  })

  it('nothing archived is said, with what to do', () => {
    const empty = join(folder, 'empty')
    expect(() => findRuns({ mainDataDir: empty, archive: undefined }, scopeOf('last'))).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', hint: expect.stringContaining('--archive') }),
    )
    put(join(empty, 'replays', '20260101T000000-c'), 5, 1, 1)
    expect(() => findRuns({ mainDataDir: empty, archive: undefined }, scopeOf(undefined))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('tapedeck verify last') }),
    )
  })
})

describe('what a message is about', () => {
  const message = {
    event_id: 'E',
    aggregate_id: 'A',
    correlation_id: 'C',
    causation_id: 'CAUSE',
    payload: { setup_id: 'S', reason: 'R', order: { client_order_id: 'O' }, fill: null },
  } as unknown as Message
  it.each([
    ['E', true],
    ['A', true],
    ['C', true],
    ['S', true],
    ['O', true],
    ['R', false],
    ['CAUSE', false],
  ])('%s: %s', (id, is) => {
    expect(isAbout(id)(message)).toBe(is)
  })
})
