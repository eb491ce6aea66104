/**
 * `node --expose-gc --max-semi-space-size=512 count-allocations.ts`: answers its parent with the bytes that
 * the heap grew by a print: inside one second of market time (nothing falls due there), and over hours.
 * Nothing is collected meanwhile: the young generation has room for all of it.
 */
import { Play } from '@tapedeck/backtest'
import { loadTradingConfig } from '@tapedeck/runtime'
import { CONFIG_PATH } from '../stack/with-stack.ts'
import { type TradeColumns, dayOfTrades } from './day-of-trades.ts'
import { INSTRUMENT_OF, TRADES } from './measured-day.ts'

const trading = loadTradingConfig(CONFIG_PATH)
const instrument = INSTRUMENT_OF(trading)
const HOUR_MS = 3_600_000
/** Prints inside one second; fewer than what a batch holds, so that nothing is appended. */
const QUIET = 900

const play = new Play({
  trading,
  instruments: [instrument],
  runId: 'b1f5c3a2-6d0e-5a57-9a53-0c8b8f6f7e12',
  source: 'allocations',
})

const chunkOf = (columns: TradeColumns) => ({
  symbol: instrument.symbol,
  count: columns.id.length,
  order: columns.id,
  excluded: null,
  ...columns,
})

const day = chunkOf(dayOfTrades({ trades: TRADES, seed: 7 }))
const rowAt = (time: number): number => day.time.findIndex((one) => one >= time)
const start = day.time[0]!

const grownBy = (work: () => void): number => {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  work()
  return process.memoryUsage().heapUsed - before
}

/** Bytes that the heap grew by while rows were played, less what looking at it takes. */
const grown = (chunk: typeof day, from: number, to: number): number => {
  const looking = grownBy(() => undefined)
  return Math.max(0, grownBy(() => play.trades(chunk, from, to)) - looking)
}

play.begin()
// Until the code is compiled and every window is full.
play.trades(day, 0, rowAt(start + 10 * HOUR_MS))
const [from, to] = [rowAt(start + 10 * HOUR_MS), rowAt(start + 10.25 * HOUR_MS)]
const overall = grown(day, from, to) / (to - from)

const second = Math.ceil(day.time[to]! / 1000) * 1000 + 60_000
const quiet = chunkOf({
  id: Float64Array.from({ length: QUIET + 2 }, (_, i) => day.id[to]! + i),
  priceTicks: new Float64Array(QUIET + 2).fill(day.priceTicks[to]!),
  quantityLots: new Float64Array(QUIET + 2).fill(5),
  time: Float64Array.from({ length: QUIET + 2 }, (_, i) => second + i),
  maker: Uint8Array.from({ length: QUIET + 2 }, (_, i) => i % 2),
})
play.trades(quiet, 0, 2)
grown(quiet, 0, 0)
const inside = grown(quiet, 2, QUIET + 2) / QUIET
process.send?.({ inside, overall, seconds: 900, prints: to - from })
process.disconnect()
