import { BoolBuffer, Int64ListBuffer, type ArrowBatch } from '@tapedeck/columnar'
import type { DepthEvent, QuoteEvent } from '@tapedeck/core'
import { int64s, timestamps, type RowBuffers, type RowValues } from './row-buffers.ts'

export const depthBuffers = (): RowBuffers<DepthEvent> => {
  const [int, time] = [int64s, timestamps]
  const [order, at, snapshot, first, last, previous, told] = [
    int(),
    time(),
    new BoolBuffer(),
    int(),
    int(),
    int(),
    time(),
  ]
  const [bidTicks, bidLots, askTicks, askLots] = [
    new Int64ListBuffer(),
    new Int64ListBuffer(),
    new Int64ListBuffer(),
    new Int64ListBuffer(),
  ]
  return {
    columns: [
      order,
      at,
      snapshot,
      first,
      last,
      previous,
      told,
      bidTicks,
      bidLots,
      askTicks,
      askLots,
    ],
    push: (place, reached, event) => {
      order.push(place)
      at.push(reached)
      snapshot.push(event.snapshot)
      first.push(event.firstId)
      last.push(event.lastId)
      previous.push(event.previousId)
      told.push(event.time)
      bidTicks.push(event.bidTicks)
      bidLots.push(event.bidLots)
      askTicks.push(event.askTicks)
      askLots.push(event.askLots)
    },
  }
}

export const depthValues = (batch: ArrowBatch, symbol: string): RowValues<DepthEvent> => {
  const snapshot = batch.bool('snapshot')
  const [first, last] = [batch.int64('first_id'), batch.int64('last_id')]
  const [previous, time] = [batch.int64('previous_id'), batch.int64('time')]
  const [bidTicks, bidLots] = [batch.int64List('bid_ticks'), batch.int64List('bid_lots')]
  const [askTicks, askLots] = [batch.int64List('ask_ticks'), batch.int64List('ask_lots')]
  return (row) => ({
    kind: 'depth',
    symbol,
    snapshot: snapshot.at(row),
    firstId: first.at(row),
    lastId: last.at(row),
    previousId: previous.orNull(row),
    time: time.orNull(row),
    bidTicks: bidTicks.at(row),
    bidLots: bidLots.at(row),
    askTicks: askTicks.at(row),
    askLots: askLots.at(row),
  })
}

export const quoteBuffers = (): RowBuffers<QuoteEvent> => {
  const int = int64s
  const at = timestamps()
  const [order, update, bidTicks, bidLots, askTicks, askLots] = [
    int(),
    int(),
    int(),
    int(),
    int(),
    int(),
  ]
  return {
    columns: [order, at, update, bidTicks, bidLots, askTicks, askLots],
    push: (place, reached, event) => {
      order.push(place)
      at.push(reached)
      update.push(event.updateId)
      bidTicks.push(event.bidTicks)
      bidLots.push(event.bidLots)
      askTicks.push(event.askTicks)
      askLots.push(event.askLots)
    },
  }
}

export const quoteValues = (batch: ArrowBatch, symbol: string): RowValues<QuoteEvent> => {
  const update = batch.int64('update_id')
  const [bidTicks, bidLots] = [batch.int64('bid_ticks'), batch.int64('bid_lots')]
  const [askTicks, askLots] = [batch.int64('ask_ticks'), batch.int64('ask_lots')]
  return (row) => ({
    kind: 'quote',
    symbol,
    updateId: update.at(row),
    bidTicks: bidTicks.at(row),
    bidLots: bidLots.at(row),
    askTicks: askTicks.at(row),
    askLots: askLots.at(row),
  })
}
