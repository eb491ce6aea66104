import type { Output, Trades } from '@tapedeck/contracts'

const plain = (column: ArrayLike<number>): number[] => Array.from(column)

/** The output with plain arrays of its own where columns may be views of memory that is used again. */
export const plainPayload = (output: Output): Output => {
  if (output.type !== 'market.trades') return output
  const batch = output.payload
  const payload: Trades = {
    ...batch,
    id: plain(batch.id),
    price_ticks: plain(batch.price_ticks),
    quantity_lots: plain(batch.quantity_lots),
    time: plain(batch.time),
    maker: plain(batch.maker) as Trades['maker'],
    excluded: plain(batch.excluded),
  }
  return { ...output, payload }
}
