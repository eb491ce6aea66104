import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { isType, type Message } from '@tapedeck/contracts'
import { GeneratedMarket, MarketComposer, type MarketEvent } from '@tapedeck/core'
import { listArchiveRuns, type ArchiveRun } from '../archive/index.ts'
import { clocks, writeArchive, type Placed } from '../archive/write-archive.fixture.ts'
import { INSTRUMENT, record } from '../verify/recorded-session.fixture.ts'
import { convertTape } from './convert-tape.ts'
import { openTape } from './open-tape.ts'
import { playTape } from './play-tape.fixture.ts'
import { testFolder } from './small-tape.fixture.ts'
import { archiveSource } from './tape-source.ts'

const folder = testFolder()
afterAll(folder.remove)

const RUN = '0f8fad5b-d9cb-469f-a165-70867728950e'

const market = (): MarketEvent[] => {
  const generated = new GeneratedMarket({
    instrument: INSTRUMENT,
    seed: 5,
    startTime: Date.UTC(2026, 0, 5, 8),
    startPrice: '60000',
    tradesPerSecond: 4,
    meanQuantity: 1,
    depthIntervalMs: 500,
  })
  const events: MarketEvent[] = [generated.bookSnapshot()]
  while (generated.time < Date.UTC(2026, 0, 5, 8, 3)) events.push(...generated.next())
  return events
}

/** An archive of members of fifty messages. */
const archived = (name: string, placed: readonly Placed[]): ArchiveRun => {
  const members: Placed[][] = []
  for (let i = 0; i < placed.length; i += 50) members.push(placed.slice(i, i + 50))
  writeArchive(join(folder.path, name), RUN, [members])
  return listArchiveRuns(join(folder.path, name))[0]!
}

const pick = (
  messages: readonly { readonly type: string }[],
  type: 'market.trades' | 'market.depth' | 'market.mark' | 'market.bar.closed',
): object[] =>
  (messages as readonly Message[]).flatMap((message) =>
    isType(message, type) ? [message.payload] : [],
  )

describe('an archived run as a tape', () => {
  it('makes a composer say what was on the tape of the run', async () => {
    const placed = record(market(), { runId: RUN })
    const output = join(folder.path, 'tape')
    const { manifest } = await convertTape(await archiveSource(archived('archive', placed)), {
      output,
    })
    expect(manifest.source).toMatchObject({
      format: 'archive',
      files: [{ sha256: expect.any(String) }],
    })
    expect(manifest.instruments).toEqual([INSTRUMENT])
    const composer = new MarketComposer({ instruments: manifest.instruments })
    const steps = composer.push(await playTape(await openTape(output)))
    const said = [...steps, ...composer.flush()].flatMap(({ outputs }) => outputs)
    const recorded = placed.map(({ message }) => message)
    for (const type of [
      'market.trades',
      'market.depth',
      'market.mark',
      'market.bar.closed',
    ] as const) {
      expect(pick(said, type)).toEqual(pick(recorded, type))
      expect(pick(recorded, type).length).toBeGreaterThan(5)
    }
  })

  it('keeps what comes before damage of the archive when asked to', async () => {
    const placed = record(market(), { runId: RUN })
    const run = archived('damaged', placed)
    const [segment] = run.segments as [string]
    const bytes = readFileSync(segment)
    bytes[Math.floor(bytes.length / 2)]! ^= 1
    writeFileSync(segment, bytes)
    const output = join(folder.path, 'part')
    await expect(convertTape(await archiveSource(run), { output })).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
    })
    const { manifest, damage } = await convertTape(await archiveSource(run), {
      output,
      keepPartial: true,
    })
    expect(damage).toMatchObject({ code: 'ARCHIVE_DAMAGED' })
    expect(manifest.rows).toBeGreaterThan(100)
    expect(manifest.partial).toContain('tape sequence')
  })

  it('a run of clocks alone is no market', async () => {
    const started = record(market(), { runId: RUN })[0]!
    const run = archived('clocks', [started, ...clocks(RUN, [2, 3, 4])])
    const output = join(folder.path, 'none')
    await expect(convertTape(await archiveSource(run), { output })).rejects.toMatchObject({
      message: expect.stringContaining('holds neither prints nor a book'),
    })
  })
})
