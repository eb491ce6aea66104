import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MarketEvent } from '@tapedeck/core'
import { A, B } from './market-events.fixture.ts'
import { TapeWriter, type TapeWriterOptions } from './tape-writer.ts'

/** A folder for the files of a test file, and how to be rid of it. */
export const testFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'tapedeck-tape-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

const START = Date.UTC(2024, 7, 8, 23, 59, 59)

export const print = (symbol: string, id: number, time: number): MarketEvent => ({
  kind: 'trade',
  symbol,
  id,
  priceTicks: 600_000 + (id % 7),
  quantityLots: 1 + (id % 5),
  time,
  maker: (id % 2) as 0 | 1,
  excluded: id % 11 === 0,
})

/** Two symbols over midnight: prints, a book, quotes, marks, a feed state and bars. */
export const smallSession = (prints: number): MarketEvent[] => {
  const events: MarketEvent[] = []
  for (let id = 1; id <= prints; id++) {
    const time = START + id * 40
    const symbol = id % 3 === 0 ? 'BUSDT' : 'AUSDT'
    events.push(print(symbol, id, time))
    if (id % 4 === 0)
      events.push({
        kind: 'depth',
        symbol,
        snapshot: id === 4,
        firstId: id,
        lastId: id + 1,
        previousId: id % 8 === 0 ? null : id - 1,
        time: id % 12 === 0 ? null : time,
        bidTicks: [600_000, 599_999],
        bidLots: [3, 0],
        askTicks: [600_001],
        askLots: [id],
      })
    if (id % 5 === 0)
      events.push({
        kind: 'quote',
        symbol,
        updateId: id,
        bidTicks: 1,
        bidLots: 2,
        askTicks: 3,
        askLots: 4,
      })
    if (id % 10 === 0)
      events.push({
        kind: 'mark',
        symbol,
        time,
        markPrice: 60_000.05,
        indexPrice: id % 20 === 0 ? null : 60_000.1,
        fundingRate: -0.000_1,
        nextFundingTime: START + 1000,
      })
    if (id % 25 === 0)
      events.push({
        kind: 'feed',
        symbol,
        channel: 'depth',
        status: 'gap',
        reason: 'hole – “é”',
        missingFrom: id,
        missingTo: null,
      })
  }
  return events
}

export const writeTape = async (
  output: string,
  events: readonly MarketEvent[],
  options: Partial<TapeWriterOptions> = {},
): Promise<void> => {
  const writer = await TapeWriter.create({ output, instruments: [A, B], batchRows: 16, ...options })
  await writer.push(events)
  await writer.finish()
}
