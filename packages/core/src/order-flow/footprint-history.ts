import type { Json } from '../decider.ts'
import type { FootprintLevel } from './bin-volumes.ts'

/** Bars whose footprints are kept, and how many of each: about an hour to a day of them. */
export const FOOTPRINT_TIMEFRAMES = {
  '15s': 15_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
} as const
export type FootprintTimeframe = keyof typeof FOOTPRINT_TIMEFRAMES

const KEPT: Readonly<Record<FootprintTimeframe, number>> = {
  '15s': 120,
  '1m': 240,
  '5m': 144,
  '15m': 96,
}

export type BarFootprint = { readonly openTime: number; readonly levels: readonly FootprintLevel[] }

/** [open time, then bin, buy lots, sell lots over and over]. */
type SavedBar = number[]

const saveBar = ({ openTime, levels }: BarFootprint): SavedBar => [
  openTime,
  ...levels.flatMap(({ bin, buyLots, sellLots }) => [bin, buyLots, sellLots]),
]

const restoreBar = (saved: SavedBar): BarFootprint => ({
  openTime: saved[0]!,
  levels: Array.from({ length: (saved.length - 1) / 3 }, (_, i) => ({
    bin: saved[1 + i * 3]!,
    buyLots: saved[2 + i * 3]!,
    sellLots: saved[3 + i * 3]!,
  })),
})

/** Two lists by rising bin as one. */
const merged = (
  into: readonly FootprintLevel[],
  from: readonly FootprintLevel[],
): FootprintLevel[] => {
  const levels: FootprintLevel[] = []
  let other = 0
  for (const level of into) {
    while (other < from.length && from[other]!.bin < level.bin) levels.push(from[other++]!)
    const same = from[other]
    if (same?.bin === level.bin) {
      levels.push({
        bin: level.bin,
        buyLots: level.buyLots + same.buyLots,
        sellLots: level.sellLots + same.sellLots,
      })
      other++
    } else levels.push(level)
  }
  while (other < from.length) levels.push(from[other++]!)
  return levels
}

/** Footprints of the last bars of each timeframe, built from those of 15 s. */
export class FootprintHistory {
  #bars: Record<FootprintTimeframe, BarFootprint[]> = { '15s': [], '1m': [], '5m': [], '15m': [] }

  /** Folds what traded in the 15 s from `openTime` into every timeframe. */
  fold(openTime: number, levels: readonly FootprintLevel[]): void {
    for (const timeframe of Object.keys(FOOTPRINT_TIMEFRAMES) as FootprintTimeframe[]) {
      const bars = this.#bars[timeframe]
      const start = openTime - (openTime % FOOTPRINT_TIMEFRAMES[timeframe])
      const last = bars.at(-1)
      if (last?.openTime === start)
        bars[bars.length - 1] = { openTime: start, levels: merged(last.levels, levels) }
      else bars.push({ openTime: start, levels })
      if (bars.length > KEPT[timeframe]) bars.shift()
    }
  }

  /** The last `limit` bars, oldest first, with the open 15 s (`openTime`, `levels`) folded in. */
  last(
    timeframe: FootprintTimeframe,
    limit: number,
    open: BarFootprint | null = null,
  ): BarFootprint[] {
    if (limit < 1) return []
    const bars = this.#bars[timeframe].slice(-limit)
    if (open === null) return bars
    const start = open.openTime - (open.openTime % FOOTPRINT_TIMEFRAMES[timeframe])
    const last = bars.at(-1)
    if (last?.openTime === start)
      return bars.with(bars.length - 1, {
        openTime: start,
        levels: merged(last.levels, open.levels),
      })
    return [...bars, { openTime: start, levels: open.levels }].slice(-limit)
  }

  snapshot(): Json {
    return {
      '15s': this.#bars['15s'].map(saveBar),
      '1m': this.#bars['1m'].map(saveBar),
      '5m': this.#bars['5m'].map(saveBar),
      '15m': this.#bars['15m'].map(saveBar),
    }
  }

  restore(json: Json): void {
    const saved = json as Record<FootprintTimeframe, SavedBar[]>
    this.#bars = {
      '15s': saved['15s'].map(restoreBar),
      '1m': saved['1m'].map(restoreBar),
      '5m': saved['5m'].map(restoreBar),
      '15m': saved['15m'].map(restoreBar),
    }
  }
}
