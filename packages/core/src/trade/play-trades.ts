import type { Trades } from '@tapedeck/contracts'
import type { InstrumentDesk } from './instrument-desk.ts'

/**
 * A batch of prints, one by one: `pass` with the time of each before it is shown, `afterStep` after it. A desk
 * without anything open is shown the last alone.
 */
export const playTrades = (
  desk: InstrumentDesk,
  batch: Trades,
  pass: (time: number) => void,
  afterStep: () => void,
): void => {
  if (desk.isIdle()) {
    let last = batch.id.length - 1
    while (last >= 0 && batch.excluded.includes(last)) last--
    if (last < 0) return
    desk.skipTo(batch.price_ticks[last]!, batch.time[last]!)
    pass(batch.time[last]!)
    return
  }
  const excluded = new Set(batch.excluded)
  for (let i = 0; i < batch.id.length; i++) {
    if (excluded.has(i)) continue
    const time = batch.time[i]!
    pass(time)
    desk.onPrint(batch.price_ticks[i]!, batch.quantity_lots[i]!, time, batch.maker[i]!)
    afterStep()
  }
}
