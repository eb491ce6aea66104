import { openTape } from '@tapedeck/backtest'

/** Reads all prints of a tape and looks at each price. Returns how many there are. */
export const readTape = async (folder: string): Promise<number> => {
  const tape = await openTape(folder)
  let rows = 0
  let sum = 0
  for (const { symbol } of tape.instruments)
    for await (const { count, priceTicks } of tape.trades(symbol)) {
      for (let i = 0; i < count; i++) sum += priceTicks[i]!
      rows += count
    }
  return sum === 0 ? 0 : rows
}
