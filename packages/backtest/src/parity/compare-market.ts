import type { TapeReader } from '../tape/tape-chunk.ts'
import type { DataDifference } from './parity-report.ts'

const MINUTE_MS = 60_000

/** What the prints of a minute come to: enough to see that they are not the same. */
type Minute = { prints: number; lots: number; product: number }

const minutesOf = async (tape: TapeReader, symbol: string): Promise<Map<number, Minute>> => {
  const minutes = new Map<number, Minute>()
  let minute: Minute = { prints: 0, lots: 0, product: 0 }
  let at = -1
  for await (const chunk of tape.trades(symbol))
    for (let i = 0; i < chunk.count; i++) {
      const start = chunk.time[i]! - (chunk.time[i]! % MINUTE_MS)
      if (start !== at) {
        at = start
        minute = minutes.get(start) ?? { prints: 0, lots: 0, product: 0 }
        minutes.set(start, minute)
      }
      minute.prints++
      minute.lots += chunk.quantityLots[i]!
      // Safe integers stay exact; beyond them the same prints in the same order still give the same.
      minute.product += chunk.priceTicks[i]! * chunk.quantityLots[i]! + (chunk.id[i]! % 1_009)
    }
  return minutes
}

const isSame = (a: Minute | undefined, b: Minute | undefined): boolean =>
  a?.prints === b?.prints && a?.lots === b?.lots && a?.product === b?.product

/**
 * Where the prints of two tapes differ, in stretches of minutes, within the time that both cover. Holds a
 * few numbers a minute.
 */
export const compareMarket = async (
  recorded: TapeReader,
  backtest: TapeReader,
): Promise<DataDifference[]> => {
  if (recorded.fingerprint === backtest.fingerprint) return []
  const from = Math.max(recorded.from, backtest.from)
  const to = Math.min(recorded.to, backtest.to)
  const differences: DataDifference[] = []
  for (const { symbol } of recorded.instruments) {
    const [a, b] = [await minutesOf(recorded, symbol), await minutesOf(backtest, symbol)]
    const starts = [...new Set([...a.keys(), ...b.keys()])].toSorted((x, y) => x - y)
    for (const start of starts) {
      if (start + MINUTE_MS <= from || start >= to || isSame(a.get(start), b.get(start))) continue
      const last = differences.at(-1)
      const counts = [a.get(start)?.prints ?? 0, b.get(start)?.prints ?? 0] as const
      if (last?.symbol === symbol && last.to === start)
        differences[differences.length - 1] = {
          ...last,
          to: start + MINUTE_MS,
          recorded_prints: last.recorded_prints + counts[0],
          backtest_prints: last.backtest_prints + counts[1],
        }
      else
        differences.push({
          symbol,
          from: start,
          to: start + MINUTE_MS,
          recorded_prints: counts[0],
          backtest_prints: counts[1],
        })
    }
  }
  return differences
}
