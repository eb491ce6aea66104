import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type { TradeColumns } from './synthetic-trades.ts'

const ROWS_A_WRITE = 5_000

/** Writes trades as an archive of aggregate trades (ticks of 0.1, lots of 0.001), as the venue publishes them. */
export const writeArchive = async (file: string, trades: TradeColumns): Promise<void> => {
  const stream = createWriteStream(file)
  stream.write(
    'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n',
  )
  for (let from = 0; from < trades.count; from += ROWS_A_WRITE) {
    let text = ''
    for (let i = from; i < Math.min(trades.count, from + ROWS_A_WRITE); i++) {
      const id = trades.firstId + i
      const ticks = trades.priceTicks[i]!
      const price = `${Math.floor(ticks / 10)}.${ticks % 10}`
      const lots = trades.quantityLots[i]!
      const quantity = `${Math.floor(lots / 1000)}.${String(lots % 1000).padStart(3, '0')}`
      text += `${id},${price},${quantity},${id},${id},${trades.time[i]},${trades.maker[i] === 1}\n`
    }
    if (!stream.write(text)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
}
