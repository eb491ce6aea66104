import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { MarketEvent } from '@tapedeck/core'
import { openRecording } from '@tapedeck/recordings'
import type { OpenFile } from './column-file.ts'
import { convertTape, type ConvertOptions, type Converted } from './convert-tape.ts'
import { instrument } from './market-events.fixture.ts'
import { openTape } from './open-tape.ts'
import { playTape } from './play-tape.fixture.ts'
import { testFolder } from './small-tape.fixture.ts'
import { limitsOf } from './tape-limits.ts'
import { recordingSource } from './tape-source.ts'
import { verifyTape } from './verify-tape.ts'

const folder = testFolder()
afterAll(folder.remove)
const BTC = instrument('BTCUSDT')

const DAY = Date.UTC(2024, 7, 8)
const HOUR = 3_600_000
const row = (id: number, time: number): string =>
  `${id},60000.${id % 10},0.01${id % 10},${id},${id},${time},${id % 2 === 0}`
const csv = (ids: readonly number[], time: (id: number) => number): string =>
  `${ids.map((id) => row(id, time(id))).join('\n')}\n`
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

let files = 0
const save = (content: string | Buffer): string => {
  const path = join(folder.path, `file-${files++}.csv`)
  writeFileSync(path, content)
  return path
}
let tapes = 0
const newOutput = (): string => join(folder.path, `tape-${tapes++}`)

const convert = async (
  paths: readonly string[],
  options: Partial<ConvertOptions> = {},
): Promise<Converted & { output: string }> => {
  const output = options.output ?? newOutput()
  const source = await recordingSource({ files: paths, instruments: [BTC] })
  return { ...(await convertTape(source, { ...options, output })), output }
}

/** Nothing half-made may stay beside the tapes. */
const leftovers = (): string[] => readdirSync(folder.path).filter((name) => name.startsWith('.'))

describe('converting', () => {
  it('an archive gives its prints back, in a file a day, whole', async () => {
    const file = save(csv(range(1, 2000), (id) => DAY + id * 80_000))
    const { manifest, output, damage } = await convert([file])
    expect(damage).toBeNull()
    expect(manifest.files.map(({ path, rows, first_id }) => [path, rows, first_id])).toEqual([
      ['BTCUSDT/trades-2024-08-08.arrow', 1079, 1],
      ['BTCUSDT/trades-2024-08-09.arrow', 921, 1080],
    ])
    const recording = await openRecording({ files: [file], instruments: [BTC] })
    const events: MarketEvent[] = []
    for await (const chunk of recording.events()) events.push(...chunk)
    expect(await playTape(await openTape(output))).toEqual(events)
    expect((await verifyTape(output)).problems).toEqual([])
    const again = await convert([file])
    expect((await openTape(again.output)).fingerprint).toBe((await openTape(output)).fingerprint)
  })

  it('a day that is missing is a gap, and is told', async () => {
    const first = save(csv(range(1, 100), (id) => DAY + id))
    const third = save(csv(range(501, 600), (id) => DAY + 48 * HOUR + id))
    const { manifest } = await convert([first, third])
    expect(manifest.gaps).toEqual([
      {
        symbol: 'BTCUSDT',
        kind: 'trades',
        missing_from: 101,
        missing_to: 500,
        missing: 400,
        from: DAY + 100,
        to: DAY + 48 * HOUR + 501,
      },
    ])
    expect(limitsOf(manifest).map(({ code }) => code)).toEqual([
      'NO_BOOK',
      'ABSORPTION_APPROXIMATE',
      'NO_FUNDING',
      'GAPS',
    ])
  })

  it('a clock that runs backwards is kept as it was told, and counted; ids that come again too', async () => {
    const file = save(csv([1, 2, 3, 3, 4], (id) => DAY + (id === 3 ? 500 : 1000 * id)))
    const { manifest, output } = await convert([file])
    expect(manifest.lanes).toEqual([
      expect.objectContaining({ rows: 5, repeated: 1, fallen: 2, fallen_max: 1500 }),
    ])
    expect(limitsOf(manifest).map(({ code }) => code)).toContain('TIME_FALLS')
    const times = (await playTape(await openTape(output))).map(
      (event) => (event as { time: number }).time,
    )
    expect(times).toEqual([1000, 2000, 500, 500, 4000].map((after) => DAY + after))
  })

  it('klines become bars, a file a year, and hide no missing hour', async () => {
    const hours = [0, 1, 2, 4, 5].map((hour) => Date.UTC(2023, 11, 31, 21 + hour))
    const file = save(
      `${hours.map((at) => `${at},1.0,2.0,0.5,1.5,10,${at + HOUR - 1},12,7,6,8,0`).join('\n')}\n`,
    )
    const { manifest, output } = await convert([file])
    expect(manifest.files.map(({ path, rows }) => [path, rows])).toEqual([
      ['BTCUSDT/bars-1h-2023.arrow', 3],
      ['BTCUSDT/bars-1h-2024.arrow', 2],
    ])
    expect(manifest.gaps).toEqual([
      expect.objectContaining({ missing: 1, missing_from: Date.UTC(2024, 0, 1) }),
    ])
    expect((await openTape(output)).composer).toEqual({ base: '1h', clockMs: HOUR })
    expect(limitsOf(manifest)[0]).toMatchObject({ code: 'NO_ORDER_FLOW' })
  })
})

describe('a conversion that cannot be finished', () => {
  const whole = csv(range(1, 30_000), (id) => DAY + id)
  const cut = gzipSync(whole).subarray(0, 60_000)

  it('leaves nothing behind a damaged source, and says where the damage is', async () => {
    const output = newOutput()
    await expect(convert([save(cut)], { output })).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringMatching(/line \d+: it ends here/),
      hint: expect.stringMatching(/--keep-partial makes a tape of the \d+ rows/),
    })
    expect([existsSync(output), leftovers()]).toEqual([false, []])
  })

  it('keeps what comes before the damage when asked to, as a tape that says so', async () => {
    const { manifest, damage, output } = await convert([save(cut)], { keepPartial: true })
    expect(damage).toMatchObject({ code: 'RECORDING_INVALID' })
    expect(manifest.partial).toBe(damage!.message)
    expect(manifest.rows).toBeGreaterThan(1000)
    expect(limitsOf(manifest).at(-1)).toMatchObject({ code: 'PARTIAL' })
    expect((await verifyTape(output)).problems).toEqual([])
  })

  it.each([
    [
      'a header alone',
      'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n',
      'no market data',
    ],
    [
      'damage in the first row',
      'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n1,x,1,1,1,1,true\n',
      'price is "x"',
    ],
  ])('%s is no tape, partial or not', async (_name, content, says) => {
    for (const keepPartial of [false, true])
      await expect(convert([save(content)], { keepPartial })).rejects.toMatchObject({
        code: 'RECORDING_INVALID',
        message: expect.stringContaining(says),
      })
    expect(leftovers()).toEqual([])
  })

  it('a full disk is said, and everything is removed', async () => {
    const output = newOutput()
    let writes = 0
    const openFile: OpenFile = async (path) => {
      const handle = await open(path, 'wx')
      return {
        writev: async (pieces) => {
          if (++writes > 2)
            throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
          return await handle.writev(pieces)
        },
        datasync: async () => await handle.datasync(),
        close: async () => await handle.close(),
      }
    }
    const file = save(csv(range(1, 200_000), (id) => DAY + id))
    await expect(convert([file], { output, openFile })).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect([existsSync(output), leftovers()]).toEqual([false, []])
  })

  it('a stop is obeyed at once', async () => {
    const controller = new AbortController()
    const output = newOutput()
    const converting = convert([save(whole)], {
      output,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    })
    await expect(converting).rejects.toThrow('enough')
    expect([existsSync(output), leftovers()]).toEqual([false, []])
  })

  it('a folder that exists is not touched; a tape is replaced when asked to, anything else never', async () => {
    const file = save(csv(range(1, 10), (id) => DAY + id))
    const { output } = await convert([file])
    await expect(convert([file], { output })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' })
    const other = save(csv(range(1, 20), (id) => DAY + id))
    expect((await convert([other], { output, force: true })).manifest.rows).toBe(20)
    expect((await openTape(output)).manifest.rows).toBe(20)
    // A folder of somebody else, one with another program's manifest, a tape with notes in it.
    const mine = newOutput()
    mkdirSync(mine)
    const keeps = [join(mine, 'thesis.txt'), join(mine, 'manifest.json'), join(output, 'notes.txt')]
    for (const keep of keeps) {
      writeFileSync(keep, '{}')
      await expect(convert([file], { output: dirname(keep), force: true })).rejects.toMatchObject({
        code: 'OUTPUT_EXISTS',
        message: expect.stringContaining('is not a tape'),
      })
      expect(readFileSync(keep, 'utf8')).toBe('{}')
      if (keep.startsWith(mine)) rmSync(keep)
    }
    expect(leftovers()).toEqual([])
  })
})
