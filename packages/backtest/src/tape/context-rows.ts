import type { FeedStatus } from '@tapedeck/contracts'
import { Float64Buffer, TextBuffer, type ArrowBatch } from '@tapedeck/columnar'
import type { ClockEvent, FeedEvent, MarkEvent } from '@tapedeck/core'
import { int64s, timestamps, type RowBuffers, type RowValues } from './row-buffers.ts'

export const markBuffers = (): RowBuffers<MarkEvent> => {
  const order = int64s()
  const [at, told, next] = [timestamps(), timestamps(), timestamps()]
  const [mark, index, funding] = [new Float64Buffer(), new Float64Buffer(), new Float64Buffer()]
  return {
    columns: [order, at, told, mark, index, funding, next],
    push: (place, reached, event) => {
      order.push(place)
      at.push(reached)
      told.push(event.time)
      mark.push(event.markPrice)
      index.push(event.indexPrice)
      funding.push(event.fundingRate)
      next.push(event.nextFundingTime)
    },
  }
}

export const markValues = (batch: ArrowBatch, symbol: string): RowValues<MarkEvent> => {
  const [time, next] = [batch.int64('time'), batch.int64('next_funding_time')]
  const [mark, index] = [batch.float64('mark_price'), batch.float64('index_price')]
  const funding = batch.float64('funding_rate')
  return (row) => ({
    kind: 'mark',
    symbol,
    time: time.at(row),
    markPrice: mark.at(row),
    indexPrice: index.orNull(row),
    fundingRate: funding.at(row),
    nextFundingTime: next.at(row),
  })
}

export const feedBuffers = (): RowBuffers<FeedEvent> => {
  const at = timestamps()
  const [order, missingFrom, missingTo] = [int64s(), int64s(), int64s()]
  const [channel, status, reason] = [new TextBuffer(), new TextBuffer(), new TextBuffer()]
  return {
    columns: [order, at, channel, status, reason, missingFrom, missingTo],
    push: (place, reached, event) => {
      order.push(place)
      at.push(reached)
      channel.push(event.channel)
      status.push(event.status)
      reason.push(event.reason)
      missingFrom.push(event.missingFrom)
      missingTo.push(event.missingTo)
    },
  }
}

export const feedValues = (batch: ArrowBatch, symbol: string): RowValues<FeedEvent> => {
  const [channel, status, reason] = [
    batch.text('channel'),
    batch.text('status'),
    batch.text('reason'),
  ]
  const [missingFrom, missingTo] = [batch.int64('missing_from'), batch.int64('missing_to')]
  return (row) => ({
    kind: 'feed',
    symbol,
    channel: channel.at(row) as FeedStatus['channel'],
    status: status.at(row) as FeedStatus['status'],
    reason: reason.at(row),
    missingFrom: missingFrom.orNull(row),
    missingTo: missingTo.orNull(row),
  })
}

export const clockBuffers = (): RowBuffers<ClockEvent> => {
  const order = int64s()
  const [at, time] = [timestamps(), timestamps()]
  return {
    columns: [order, at, time],
    push: (place, reached, event) => {
      order.push(place)
      at.push(reached)
      time.push(event.time)
    },
  }
}

export const clockValues = (batch: ArrowBatch): RowValues<ClockEvent> => {
  const time = batch.int64('time')
  return (row) => ({ kind: 'clock', time: time.at(row) })
}
