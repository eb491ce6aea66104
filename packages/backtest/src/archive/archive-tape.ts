import { createHash } from 'node:crypto'
import { type Instrument, TapedeckError, isType } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import type { EventChunk, TapeReader, TimeRange, TradeChunk } from '../tape/tape-chunk.ts'
import type { ArchiveRun } from './archive-run.ts'
import { MARKET_TYPES, MarketEvents } from './market-events.ts'
import { readArchiveRun } from './read-archive-run.ts'

/** More than the prints of any batch: leaves each its own place behind its message's. */
const PLACES = 65_536

/** The market data of an archived run as a tape that backtests read, straight from the archive. */
class ArchiveTape implements TapeReader {
  readonly #run: ArchiveRun
  readonly instruments: readonly Instrument[]
  readonly from: number
  readonly to: number
  readonly fingerprint: string

  constructor(run: ArchiveRun, about: Omit<TapeReader, 'trades' | 'events'>) {
    this.#run = run
    this.instruments = about.instruments
    this.from = about.from
    this.to = about.to
    this.fingerprint = about.fingerprint
  }

  async *trades(symbol: string, range: TimeRange = {}): AsyncGenerator<TradeChunk> {
    for await (const { message, tapeSeq } of readArchiveRun(this.#run, {
      types: ['market.trades'],
    })) {
      if (!isType(message, 'market.trades') || message.payload.symbol !== symbol) continue
      const { payload } = message
      const rows = payload.time.map((_, i) => i).filter((i) => this.#isIn(payload.time[i]!, range))
      if (rows.length === 0) continue
      const column = (of: (row: number) => number): Float64Array => Float64Array.from(rows, of)
      const excluded = new Set(payload.excluded)
      yield {
        symbol,
        count: rows.length,
        order: column((row) => tapeSeq * PLACES + row),
        id: column((row) => payload.id[row]!),
        priceTicks: column((row) => payload.price_ticks[row]!),
        quantityLots: column((row) => payload.quantity_lots[row]!),
        time: column((row) => payload.time[row]!),
        maker: Uint8Array.from(rows, (row) => payload.maker[row]!),
        excluded:
          excluded.size === 0 ? null : Uint8Array.from(rows, (row) => Number(excluded.has(row))),
      }
    }
  }

  async *events(symbol: string, range: TimeRange = {}): AsyncGenerator<EventChunk> {
    const first = this.instruments[0]?.symbol === symbol
    const source = new MarketEvents()
    const types = MARKET_TYPES.filter((type) => type !== 'market.trades')
    for await (const { message, tapeSeq } of readArchiveRun(this.#run, { types })) {
      const events = source
        .of(message)
        .filter((event) => (event.kind === 'clock' ? first : event.symbol === symbol))
      if (events.length === 0 || !this.#isIn(timeOf(events[0]!, message.occurred_at), range))
        continue
      yield { symbol, order: Float64Array.of(tapeSeq * PLACES), events }
    }
  }

  /** Book changes and marks run ahead of prints, and the first snapshot has no time: the ends are open. */
  #isIn(time: number, { from = this.from, to = this.to }: TimeRange): boolean {
    return (from <= this.from || time >= from) && (to >= this.to || time < to)
  }
}

const timeOf = (event: MarketEvent, occurredAt: number): number =>
  event.kind === 'clock' ? event.time : occurredAt

/**
 * Opens an archived run as a tape: its prints, book, marks, feeds and clocks, in the order of the tape.
 * Reads it once for its extent. Throws ARCHIVE_DAMAGED where it is damaged, NOT_FOUND without a market.
 */
export const openArchiveTape = async (run: ArchiveRun): Promise<TapeReader> => {
  let instruments: readonly Instrument[] = []
  let [from, to] = [Infinity, 0]
  const hash = createHash('sha256').update(run.runId)
  for await (const { message, tapeSeq } of readArchiveRun(run, {
    types: ['market.run.started', 'market.clock', 'market.trades'],
  })) {
    if (isType(message, 'market.run.started')) instruments = message.payload.instruments
    else {
      from = Math.min(from, message.occurred_at)
      to = Math.max(to, message.occurred_at + 1)
      hash.update(`${tapeSeq} ${message.event_id}`)
    }
  }
  if (instruments.length === 0 || to === 0)
    throw new TapedeckError('NOT_FOUND', `run ${run.runId} holds no market data`)
  return new ArchiveTape(run, { instruments, from, to, fingerprint: hash.digest('hex') })
}
