/**
 * `node --expose-gc play-days.ts <days>`: plays so many days through the whole brain and answers its parent
 * with what the process held at most, and what of it was alive at the end.
 */
import { runBacktest } from '@tapedeck/backtest'
import { loadTradingConfig } from '@tapedeck/runtime'
import { CONFIG_PATH } from '../stack/with-stack.ts'
import { dayOfTrades } from './day-of-trades.ts'
import { INSTRUMENT_OF, TRADES } from './measured-day.ts'
import { repeatedDay } from './repeated-day.ts'

const trading = loadTradingConfig(CONFIG_PATH)
const day = dayOfTrades({ trades: TRADES, seed: 7 })
const days = Number(process.argv[2])
const tape = repeatedDay(INSTRUMENT_OF(trading), day, days, day.time[0]!)
let peak = 0
const weigh = (): void => {
  peak = Math.max(peak, process.memoryUsage.rss())
}
const { stopped } = await runBacktest({ tape, trading, onProgress: weigh })
if (stopped !== null) throw new Error(stopped.reason)
weigh()
globalThis.gc?.()
const { heapUsed, arrayBuffers } = process.memoryUsage()
process.send?.({ peak, live: heapUsed + arrayBuffers })
process.disconnect()
