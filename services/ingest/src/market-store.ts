import { type BarClosed, type Trades, isType } from '@tapedeck/contracts'
import { parseStep, stepsToDecimal } from '@tapedeck/core'
import {
  type Checkpoint,
  type Database,
  type Insertable,
  copyField,
  copyLines,
  ensureDayPartitions,
  loadCheckpoint,
  saveCheckpoint,
} from '@tapedeck/database'
import type { Sealed } from '@tapedeck/runtime'
import type { Tables } from './migrations.ts'

const COLUMNS = [
  'run_id',
  'venue',
  'symbol',
  'id',
  'price',
  'quantity',
  'time',
  'is_buyer_maker',
  'excluded',
]
const BARS_MAX = 2_000

type StoredTrades = { readonly seq: number; readonly runId: string; readonly trades: Trades }
type StoredBar = { readonly seq: number; readonly runId: string; readonly bar: BarClosed }

/** A batch is one piece of text: of its rows, only five columns differ. */
function* tradeLines(batches: readonly { runId: string; trades: Trades }[]): Generator<string> {
  for (const { runId, trades } of batches) {
    const tick = parseStep(trades.tick_size)
    const lot = parseStep(trades.lot_size)
    const excluded = trades.excluded.length === 0 ? null : new Set(trades.excluded)
    const start = `${[runId, trades.venue, trades.symbol].map(copyField).join('\t')}\t`
    let text = ''
    for (let i = 0; i < trades.id.length; i++) {
      const price = stepsToDecimal(trades.price_ticks[i]!, tick)
      const quantity = stepsToDecimal(trades.quantity_lots[i]!, lot)
      const maker = trades.maker[i] === 1 ? 't' : 'f'
      const out = excluded?.has(i) === true ? 't' : 'f'
      text += `${start}${trades.id[i]}\t${price}\t${quantity}\t${trades.time[i]}\t${maker}\t${out}\n`
    }
    yield text
  }
}

const daysOf = (batches: readonly { trades: Trades }[]): string[] => {
  const days = new Set<number>()
  for (const { trades } of batches)
    for (const time of [trades.time[0]!, trades.time.at(-1)!]) days.add(time - (time % 86_400_000))
  return [...days].map((day) => new Date(day).toISOString().slice(0, 10))
}

/**
 * Stores what was put on the tape together with the mark up to which it was: one transaction, so
 * after a crash a trade is stored once, whether or not it is composed again.
 */
export class MarketStore {
  readonly #db: Database<Tables>
  #trades: StoredTrades[] = []
  #bars: StoredBar[] = []
  #rows = 0

  constructor(db: Database<Tables>) {
    this.#db = db
  }

  /** Trades that wait to be stored. */
  get waiting(): number {
    return this.#rows
  }

  note({ seq, message }: Pick<Sealed, 'seq' | 'message'>): void {
    if (isType(message, 'market.trades')) {
      this.#trades.push({ seq, runId: message.run_id, trades: message.payload })
      this.#rows += message.payload.id.length
    } else if (isType(message, 'market.bar.closed'))
      this.#bars.push({ seq, runId: message.run_id, bar: message.payload })
  }

  /**
   * Stores what the checkpoint covers, and the checkpoint with it. Throws what Postgres said; then nothing
   * is stored and all of it waits again. What is noted meanwhile belongs to a later save.
   */
  async save(checkpoint: Checkpoint): Promise<void> {
    const isCovered = ({ seq }: { readonly seq: number }): boolean => seq < checkpoint.nextSeq
    await this.#store(checkpoint, {
      trades: this.#trades.filter(isCovered),
      bars: this.#bars.filter(isCovered),
    })
    this.#trades = this.#trades.filter((one) => !isCovered(one))
    this.#bars = this.#bars.filter((one) => !isCovered(one))
    this.#rows = this.#trades.reduce((sum, { trades }) => sum + trades.id.length, 0)
  }

  async #store(checkpoint: Checkpoint, { trades, bars }: Waiting): Promise<void> {
    if (trades.length > 0) await ensureDayPartitions(this.#db, 'trade', daysOf(trades))
    await this.#db.transaction(async (tx) => {
      // Rows come with new envelopes, so a mark that stands already means that a commit whose answer
      // was lost did happen.
      const stored = await loadCheckpoint(tx)
      if (trades.length > 0 && stored.nextSeq >= checkpoint.nextSeq) return
      await saveCheckpoint(tx, checkpoint)
      if (trades.length > 0) await copyLines(tx, 'trade', COLUMNS, tradeLines(trades))
      for (let from = 0; from < bars.length; from += BARS_MAX)
        await tx
          .insertInto('bar')
          .values(bars.slice(from, from + BARS_MAX).map(barRow))
          .onConflict((on) => on.doNothing())
          .execute()
    })
  }
}

interface Waiting {
  readonly trades: readonly StoredTrades[]
  readonly bars: readonly StoredBar[]
}

const barRow = ({ runId, bar }: StoredBar): Insertable<Tables['bar']> => ({
  run_id: runId,
  venue: bar.venue,
  symbol: bar.symbol,
  timeframe: bar.timeframe,
  open_time: bar.open_time,
  payload: JSON.stringify(bar),
})
