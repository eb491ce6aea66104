import { Random } from '@tapedeck/core'

const QUARTER_MS = 900_000

/** Klines of 15 minutes as the archives write them, from a seed: mostly quiet, now and then they run. */
export const walkKlines = (rows: number, seed: number): string => {
  const random = new Random(seed)
  let cents = 5_000_000
  const lines: string[] = []
  for (let i = 0; i < rows; i++) {
    const runs = random.chance(0.04)
    const width = runs ? 24_000 : 4000 + 12_000 * random.next() ** 3
    const lean = runs ? (random.chance(0.5) ? 0.1 : 0.9) : 0.5
    const open = cents
    const path = Array.from(
      { length: 5 },
      () => (cents += Math.round((random.next() - lean) * width)),
    )
    const all = [open, ...path]
    const [high, low] = [Math.max(...all), Math.min(...all)]
    const volume = Math.round((runs ? 4000 : 1000) * random.next() ** 2 + 1) / 8
    const start = 1_735_689_600_000 + i * QUARTER_MS
    const quote = ((volume * (high + low)) / 200).toFixed(2)
    const prices = [open, high, low, cents].map((price) => (price / 100).toFixed(2))
    lines.push(
      [start, ...prices, volume, start + QUARTER_MS - 1, quote, 10, volume / 2, quote, 0].join(','),
    )
  }
  return `${lines.join('\n')}\n`
}
