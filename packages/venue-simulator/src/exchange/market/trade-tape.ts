import { stepsToDecimal, toDecimalString } from '@tapedeck/core'
import type { InstrumentRules } from '../orders/instrument-rules.ts'
import type { AggregateTrade, PublicTrade } from './market-types.ts'
import { MinuteBars, type SavedBar } from './minute-bars.ts'
import {
  restoreAggregates,
  restoreTrades,
  saveAggregates,
  saveTrades,
  type SavedRows,
} from '../saved/tape-rows.ts'

/** Public trades that can be asked for. */
const KEPT_MAX = 20_000
/** Fills of one price and taking side within so long are one aggregate (binance-ccxt-facts §1.4). */
const AGGREGATION_MS = 100

const windowOf = (time: number): number => Math.floor(time / AGGREGATION_MS)

export type TapePrint = {
  readonly ticks: number
  readonly lots: number
  readonly time: number
  readonly buyerIsMaker: boolean
  readonly excluded: boolean
}

export type SavedTape = {
  readonly nextId: number
  readonly nextAggregateId: number
  readonly open: OpenAggregate | null
  readonly last: PublicTrade | null
  readonly trades: SavedRows
  readonly aggregates: SavedRows
  readonly bars: readonly SavedBar[]
}

export type OpenAggregate = TapePrint & { readonly firstId: number; lastId: number; total: number }

const remember = <T>(rows: T[], row: T): void => {
  rows.push(row)
  if (rows.length > KEPT_MAX + KEPT_MAX / 10) rows.splice(0, rows.length - KEPT_MAX)
}

/** The latest `limit` of rows with rising ids, or the first `limit` from an id on. */
const slice = <T extends { readonly id: number }>(
  rows: readonly T[],
  limit: number,
  from: number | undefined,
): readonly T[] => {
  if (from === undefined) return rows.slice(Math.max(0, rows.length - limit))
  const [first] = rows
  const start = first === undefined ? 0 : Math.max(0, from - first.id)
  return rows.slice(start, start + limit)
}

/** The public trades of a symbol, with ids of their own that rise by one. */
export class TradeTape {
  readonly #rules: InstrumentRules
  readonly bars: MinuteBars
  #trades: PublicTrade[] = []
  #aggregates: AggregateTrade[] = []
  #nextId: number
  #nextAggregateId: number
  #open: OpenAggregate | null = null
  #last: PublicTrade | null = null

  constructor(
    rules: InstrumentRules,
    firstId: number,
    firstAggregateId: number,
    bars = new MinuteBars(),
  ) {
    this.#rules = rules
    this.bars = bars
    this.#nextId = firstId
    this.#nextAggregateId = firstAggregateId
  }

  snapshot(): SavedTape {
    return {
      nextId: this.#nextId,
      nextAggregateId: this.#nextAggregateId,
      open: this.#open,
      last: this.#last,
      trades: saveTrades(this.#trades),
      aggregates: saveAggregates(this.#aggregates),
      bars: this.bars.snapshot(),
    }
  }

  static restore(rules: InstrumentRules, saved: SavedTape): TradeTape {
    const { nextId, nextAggregateId, open, last } = saved
    const tape = new TradeTape(rules, nextId, nextAggregateId, MinuteBars.restore(saved.bars))
    tape.#trades = restoreTrades(rules.symbol, saved.trades)
    tape.#aggregates = restoreAggregates(rules.symbol, saved.aggregates)
    tape.#open = open === null ? null : { ...open }
    tape.#last = last
    return tape
  }

  /** Latest trade of the market; null before the first. */
  get last(): PublicTrade | null {
    return this.#last
  }

  /** Puts a trade on the tape; an aggregate that it ends is handed to `ended`. */
  record(print: TapePrint, ended: (trade: AggregateTrade) => void): PublicTrade {
    const { symbol, tick, lot, tickLot } = this.#rules
    const { ticks, lots, time, buyerIsMaker, excluded } = print
    const trade: PublicTrade = {
      symbol,
      id: this.#nextId++,
      price: stepsToDecimal(ticks, tick),
      quantity: stepsToDecimal(lots, lot),
      quote: toDecimalString(tickLot.times(ticks * lots)),
      time,
      buyerIsMaker,
      excluded,
    }
    remember(this.#trades, trade)
    if (excluded) return trade
    this.#last = trade
    this.bars.add({ id: trade.id, ticks, lots, time, buyerIsMaker })
    this.#aggregate(print, trade.id, ended)
    return trade
  }

  #aggregate(print: TapePrint, id: number, ended: (trade: AggregateTrade) => void): void {
    const open = this.#open
    const same =
      open !== null &&
      open.ticks === print.ticks &&
      windowOf(open.time) === windowOf(print.time) &&
      open.buyerIsMaker === print.buyerIsMaker &&
      open.lastId === id - 1
    if (same) {
      open.lastId = id
      open.total += print.lots
      return
    }
    this.endAggregate(ended)
    this.#open = { ...print, firstId: id, lastId: id, total: print.lots }
  }

  /** When nothing more belongs to what was traded last; Infinity when nothing is open. */
  get aggregateDue(): number {
    return this.#open === null ? Infinity : (windowOf(this.#open.time) + 1) * AGGREGATION_MS
  }

  /** Nothing more belongs to what was traded last. */
  endAggregate(ended: (trade: AggregateTrade) => void): void {
    const open = this.#open
    if (open === null) return
    this.#open = null
    const aggregate: AggregateTrade = {
      symbol: this.#rules.symbol,
      id: this.#nextAggregateId++,
      price: stepsToDecimal(open.ticks, this.#rules.tick),
      quantity: stepsToDecimal(open.total, this.#rules.lot),
      firstTradeId: open.firstId,
      lastTradeId: open.lastId,
      time: open.time,
      buyerIsMaker: open.buyerIsMaker,
    }
    remember(this.#aggregates, aggregate)
    ended(aggregate)
  }

  trades(limit: number, from?: number): readonly PublicTrade[] {
    return slice(this.#trades, limit, from)
  }

  aggregates(limit: number, from?: number): readonly AggregateTrade[] {
    return slice(this.#aggregates, limit, from)
  }
}
