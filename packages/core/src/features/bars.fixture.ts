import { Random } from '../generator/index.ts'
import type { FeatureBar } from './feature-bar.ts'

const QUARTER_MS = 900_000

/**
 * A walk of bars from a seed, 15 minutes each, on a grid of 0.01, from a UTC midnight. Mostly quiet; now and
 * then it runs one way on volume, so that there are compressions and breaks.
 */
export const walkBars = (count: number, seed: number): FeatureBar[] => {
  const random = new Random(seed)
  const bars: FeatureBar[] = []
  let ticks = 5_000_000
  for (let i = 0; i < count; i++) {
    const runs = random.chance(0.04)
    const width = runs ? 24_000 : 4000 + 12_000 * random.next() ** 3
    const lean = runs ? (random.chance(0.5) ? 0.1 : 0.9) : 0.5
    const path = Array.from({ length: 5 }, () => Math.round((random.next() - lean) * width))
    const open = ticks
    const prices = path.map((step) => (ticks += step))
    const all = [open, ...prices]
    const openTime = 1_700_006_400_000 + i * QUARTER_MS
    bars.push({
      openTime,
      closeTime: openTime + QUARTER_MS,
      open: open / 100,
      high: Math.max(...all) / 100,
      low: Math.min(...all) / 100,
      close: ticks / 100,
      volume: Math.round((runs ? 4000 : 1000) * random.next() ** 2 + 1) / 8,
      tainted: false,
    })
  }
  return bars
}
