import type { PayloadOf } from '@tapedeck/contracts'

/** A print as a test writes it: price in ticks, quantity in lots, who was aggressive. */
export type Print = {
  readonly price: number
  readonly quantity: number
  readonly side: 'BUY' | 'SELL'
  /** Default: one millisecond after the print before. */
  readonly time?: number
}

/**
 * A batch of prints in columns, ids in sequence from `firstId`. Throws on an empty list: there is no
 * batch without prints.
 */
export const tradeBatch = (
  prints: readonly Print[],
  at: { readonly firstId?: number; readonly startTime?: number; readonly symbol?: string } = {},
): PayloadOf<'market.trades'> => {
  if (prints.length === 0) throw new Error('a batch needs at least one print')
  const { firstId = 1, startTime = 1_700_000_000_000, symbol = 'BTCUSDT' } = at
  const time: number[] = []
  for (const print of prints) time.push(print.time ?? (time.at(-1) ?? startTime - 1) + 1)
  return {
    venue: 'test',
    symbol,
    tick_size: '0.1',
    lot_size: '0.001',
    first_id: firstId,
    last_id: firstId + prints.length - 1,
    gap: 0,
    id: prints.map((_, index) => firstId + index),
    price_ticks: prints.map(({ price }) => price),
    quantity_lots: prints.map(({ quantity }) => quantity),
    time,
    maker: prints.map(({ side }) => (side === 'SELL' ? 1 : 0)),
    excluded: [],
  }
}
