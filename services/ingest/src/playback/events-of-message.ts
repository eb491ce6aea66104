import { type Message, isType } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'

/** What a composer has to be told to stand where it stood after appending a message. */
export const eventsOfMessage = (message: Message): MarketEvent[] => {
  if (isType(message, 'market.trades')) {
    const { symbol, id, price_ticks, quantity_lots, time, maker, excluded } = message.payload
    const out = new Set(excluded)
    return id.map((tradeId, i) => ({
      kind: 'trade',
      symbol,
      id: tradeId,
      priceTicks: price_ticks[i]!,
      quantityLots: quantity_lots[i]!,
      time: time[i]!,
      maker: maker[i]!,
      excluded: out.has(i),
    }))
  }
  if (isType(message, 'market.depth')) {
    const { symbol, snapshot, first_update_id, last_update_id, time } = message.payload
    const {
      bid_ticks: bidTicks,
      bid_lots: bidLots,
      ask_ticks: askTicks,
      ask_lots: askLots,
    } = message.payload
    return [
      {
        kind: 'depth',
        symbol,
        snapshot,
        firstId: first_update_id,
        lastId: last_update_id,
        previousId: snapshot ? null : first_update_id - 1,
        time,
        bidTicks,
        bidLots,
        askTicks,
        askLots,
      },
    ]
  }
  if (isType(message, 'market.clock')) return [{ kind: 'clock', time: message.payload.at }]
  return []
}
