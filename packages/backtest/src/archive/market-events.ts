import { type Message, isType } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'

/** The types that the market's own word is archived under. */
export const MARKET_TYPES = [
  'market.trades',
  'market.depth',
  'market.mark',
  'market.feed.status',
  'market.clock',
] as const

/** What the composer says of a feed by itself, from what arrives; it says so again. */
const FOUND =
  /^(\d+ ids missing before \d+|prints arrive|marks arrive|book built from snapshot \d+)$/

/**
 * Archived market messages as the events that a composer makes the same messages of. Book changes on the
 * tape follow each other (what did not was never passed on), so each names the one before it.
 */
export class MarketEvents {
  readonly #depthIds = new Map<string, number>()

  /** Prints come as one event each; everything else as one or none. */
  of(message: Message): MarketEvent[] {
    if (isType(message, 'market.trades')) return prints(message.payload)
    if (isType(message, 'market.depth')) return [this.#depth(message)]
    if (isType(message, 'market.clock'))
      // The first is made by the first event that has a time, which is not the clock's.
      return message.aggregate_version === 1 ? [] : [{ kind: 'clock', time: message.payload.at }]
    if (isType(message, 'market.mark')) {
      const { symbol, mark_price, index_price, funding_rate, next_funding_time } = message.payload
      return [
        {
          kind: 'mark',
          symbol,
          time: message.occurred_at,
          markPrice: mark_price,
          indexPrice: index_price,
          fundingRate: funding_rate,
          nextFundingTime: next_funding_time,
        },
      ]
    }
    if (!isType(message, 'market.feed.status')) return []
    const { symbol, channel, status, reason, missing_from, missing_to } = message.payload
    if (FOUND.test(reason)) return []
    const missing = { missingFrom: missing_from, missingTo: missing_to }
    return [{ kind: 'feed', symbol, channel, status, reason, ...missing }]
  }

  #depth({ payload: depth, occurred_at }: Message<'market.depth'>): MarketEvent {
    const { venue, symbol, snapshot, first_update_id, last_update_id, time } = depth
    const key = `${venue}|${symbol}`
    const previous = this.#depthIds.get(key)
    this.#depthIds.set(key, last_update_id)
    return {
      kind: 'depth',
      symbol,
      snapshot,
      firstId: first_update_id,
      lastId: last_update_id,
      previousId: snapshot ? null : (previous ?? first_update_id - 1),
      // Before the market had a time, a snapshot without one was given none.
      time: occurred_at === 0 ? null : time,
      bidTicks: depth.bid_ticks,
      bidLots: depth.bid_lots,
      askTicks: depth.ask_ticks,
      askLots: depth.ask_lots,
    }
  }
}

const prints = (batch: Message<'market.trades'>['payload']): MarketEvent[] => {
  const excluded = new Set(batch.excluded)
  return batch.id.map((id, i) => ({
    kind: 'trade',
    symbol: batch.symbol,
    id,
    priceTicks: batch.price_ticks[i]!,
    quantityLots: batch.quantity_lots[i]!,
    time: batch.time[i]!,
    maker: batch.maker[i]!,
    excluded: excluded.has(i),
  }))
}
