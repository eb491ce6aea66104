import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MarketEvent, TradeEvent } from '@tapedeck/core'
import { REPOSITORY } from '@tapedeck/dev'
import { writeRawRecording } from '@tapedeck/recordings'
import { testInstrument } from '@tapedeck/test-data'
import { seededRandom } from './seeded-random.ts'

const INSTRUMENT = testInstrument()
const START = Date.UTC(2026, 0, 5, 8)
const MINUTE_MS = 60_000

type Minute = { readonly prices: readonly [number, number, number, number]; readonly lots: number }

/** A rest inside the minute before, a burst on volume, or something usual. */
const nextMinute = (random: () => number, before: Minute | undefined): Minute => {
  const [, one, other, open] = before?.prices ?? [0, 0, 0, 600_000]
  const kind = random()
  const way = random() < 0.5 ? 1 : -1
  if (kind < 0.3 && before !== undefined) {
    const middle = Math.floor((one + other) / 2)
    return { prices: [middle, middle + 5, middle - 5, middle + 1], lots: 90 }
  }
  const burst = kind < 0.42
  const close = open + way * Math.floor(burst ? 3_000 + 1_000 * random() : 50 + 250 * random())
  const wick = burst ? 20 : 200
  const [high, low] = [Math.max(open, close) + wick, Math.min(open, close) - wick]
  return {
    prices: way > 0 ? [open, low, high, close] : [open, high, low, close],
    lots: burst ? 900 : 100,
  }
}

async function* session(minutes: number): AsyncGenerator<readonly MarketEvent[], void, undefined> {
  const random = seededRandom(46)
  let before: Minute | undefined
  let id = 1
  for (let minute = 0; minute < minutes; minute++) {
    before = nextMinute(random, before)
    yield before.prices.map((priceTicks, i): TradeEvent => ({
      kind: 'trade',
      symbol: INSTRUMENT.symbol,
      id: id++,
      priceTicks,
      quantityLots: before!.lots,
      time: START + minute * MINUTE_MS + 2_000 + i * 15_000,
      maker: i % 2 === 0 ? 0 : 1,
      excluded: false,
    }))
  }
}

/** Writes a market of prints alone that rests and bursts, so that setups begin, break out and end. */
export const writeRestlessSession = async (file: string, minutes: number): Promise<void> =>
  await writeRawRecording(session(minutes), { file, instrument: INSTRUMENT, depthIntervalMs: 500 })

/** The shipped configuration with setup events on one-minute bars that end soon. Returns its path. */
export const writeRestlessConfig = (folder: string): string => {
  const shipped = readFileSync(join(REPOSITORY, 'config/tapedeck.yaml'), 'utf8')
  const path = join(folder, 'restless.yaml')
  const text = shipped
    .replace(/timeframes: \[15m, 1h\]/, 'timeframes: [1m, 5m]')
    .replace(/outcome_ttl_bars: 48/, 'outcome_ttl_bars: 5')
  if (text === shipped) throw new Error('the shipped configuration has other setup events')
  writeFileSync(path, text)
  return path
}
