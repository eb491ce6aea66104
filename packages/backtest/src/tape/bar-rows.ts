import type { Timeframe } from '@tapedeck/contracts'
import { BoolBuffer, Float64Buffer, type ArrowBatch } from '@tapedeck/columnar'
import type { BarEvent } from '@tapedeck/core'
import { int64s, timestamps, type RowBuffers, type RowValues } from './row-buffers.ts'

/** Columns of a bar that are named after its fields, in the order of the file. */
const BAR_INTS = [
  ['open', 'open_ticks'],
  ['high', 'high_ticks'],
  ['low', 'low_ticks'],
  ['close', 'close_ticks'],
  ['buy', 'buy_lots'],
  ['sell', 'sell_lots'],
  ['minDelta', 'min_delta_lots'],
  ['maxDelta', 'max_delta_lots'],
  ['trades', 'trades'],
] as const

export const barBuffers = (): RowBuffers<BarEvent> => {
  const [int, time] = [int64s, timestamps]
  const [order, at, open] = [int(), time(), time()]
  const volume = int()
  const fields = BAR_INTS.map(([field]) => ({ field, column: int() }))
  const excess = new Float64Buffer()
  const [carried, tainted] = [new BoolBuffer(), new BoolBuffer()]
  const own = fields.map(({ column }) => column)
  return {
    columns: [
      order,
      at,
      open,
      ...own.slice(0, 4),
      volume,
      ...own.slice(4),
      excess,
      carried,
      tainted,
    ],
    push: (place, reached, { bar }) => {
      order.push(place)
      at.push(reached)
      open.push(bar.openTime)
      for (const { field, column } of fields) column.push(bar[field])
      volume.push(bar.buy + bar.sell + bar.unsided)
      excess.push(bar.excess)
      carried.push(bar.carried)
      tainted.push(bar.tainted)
    },
  }
}

export const barValues = (
  batch: ArrowBatch,
  symbol: string,
  timeframe: Timeframe,
): RowValues<BarEvent> => {
  const openTime = batch.int64('open_time')
  const [open, high] = [batch.int64('open_ticks'), batch.int64('high_ticks')]
  const [low, close] = [batch.int64('low_ticks'), batch.int64('close_ticks')]
  const [volume, buy, sell] = [
    batch.int64('volume_lots'),
    batch.int64('buy_lots'),
    batch.int64('sell_lots'),
  ]
  const [minDelta, maxDelta] = [batch.int64('min_delta_lots'), batch.int64('max_delta_lots')]
  const [trades, excess] = [batch.int64('trades'), batch.float64('excess')]
  const [carried, tainted] = [batch.bool('carried'), batch.bool('tainted')]
  return (row) => ({
    kind: 'bar',
    symbol,
    timeframe,
    bar: {
      openTime: openTime.at(row),
      open: open.at(row),
      high: high.at(row),
      low: low.at(row),
      close: close.at(row),
      buy: buy.at(row),
      sell: sell.at(row),
      unsided: volume.at(row) - buy.at(row) - sell.at(row),
      minDelta: minDelta.at(row),
      maxDelta: maxDelta.at(row),
      trades: trades.at(row),
      excess: excess.at(row),
      carried: carried.at(row),
      tainted: tainted.at(row),
    },
  })
}
