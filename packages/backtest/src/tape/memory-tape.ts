import { createHash } from 'node:crypto'
import type { Instrument } from '@tapedeck/contracts'
import type { MarketEvent, TradeEvent } from '@tapedeck/core'
import { EventClock, timeOf } from './event-clock.ts'
import type { EventChunk, TapeReader, TimeRange, TradeChunk } from './tape-chunk.ts'
import { TimeWindow } from './time-window.ts'

/** Prints of one symbol in columns; without `order` they are placed by time, symbols in the order of the instruments. */
export type TradeColumnsInput = {
  readonly order?: ArrayLike<number>
  readonly id: ArrayLike<number>
  readonly priceTicks: ArrayLike<number>
  readonly quantityLots: ArrayLike<number>
  readonly time: ArrayLike<number>
  readonly maker: ArrayLike<number>
  readonly excluded?: ArrayLike<number>
}

export type OrderedEvent = { readonly order: number; readonly event: MarketEvent }

/** Rows of a chunk, as many as a batch of a tape file has. */
const CHUNK_ROWS = 65_536

type Columns = Omit<TradeChunk, 'symbol' | 'count'> & { readonly count: number }
type Events = {
  readonly order: Float64Array
  readonly at: Float64Array
  readonly events: MarketEvent[]
}

const floats = (values: ArrayLike<number>): Float64Array =>
  values instanceof Float64Array ? values : Float64Array.from(values)
const bytes = (values: ArrayLike<number>): Uint8Array =>
  values instanceof Uint8Array ? values : Uint8Array.from(values)

/** Places of prints by time; of the same time, the earlier instrument comes first. */
const ordersByTime = (times: readonly ArrayLike<number>[]): Float64Array[] => {
  const orders = times.map(({ length }) => new Float64Array(length))
  const next = times.map(() => 0)
  const total = times.reduce((sum, { length }) => sum + length, 0)
  for (let order = 0; order < total; order++) {
    let at = -1
    for (let i = 0; i < times.length; i++)
      if (next[i]! < times[i]!.length && (at < 0 || times[i]![next[i]!]! < times[at]![next[at]!]!))
        at = i
    orders[at]![next[at]!++] = order
  }
  return orders
}

class MemoryTape implements TapeReader {
  readonly instruments: readonly Instrument[]
  readonly from: number
  readonly to: number
  readonly #trades: ReadonlyMap<string, Columns>
  readonly #events: ReadonlyMap<string, Events>
  #fingerprint: string | null = null

  constructor(
    instruments: readonly Instrument[],
    trades: ReadonlyMap<string, Columns>,
    events: ReadonlyMap<string, Events>,
  ) {
    this.instruments = instruments
    this.#trades = trades
    this.#events = events
    let [from, to] = [Infinity, -Infinity]
    const times = [
      ...[...trades.values()].map(({ time }) => time),
      ...[...events.values()].map(({ at }) => at),
    ]
    for (const column of times)
      for (const time of column) {
        if (time < from) from = time
        if (time > to) to = time
      }
    this.from = from === Infinity ? 0 : from
    this.to = to === -Infinity ? 0 : to + 1
  }

  /** SHA-256 of the contents, when it is first asked for. */
  get fingerprint(): string {
    this.#fingerprint ??= this.#hash()
    return this.#fingerprint
  }

  async *trades(symbol: string, range?: TimeRange): AsyncGenerator<TradeChunk, void, undefined> {
    const all = this.#trades.get(symbol)
    if (all === undefined) return
    const window = new TimeWindow(range)
    for (let at = 0; at < all.count && !window.isOver; at += CHUNK_ROWS) {
      const rows = Math.min(CHUNK_ROWS, all.count - at)
      const { first, end } = window.cut(all.time.subarray(at, at + rows), rows)
      if (end > first) yield { symbol, ...slice(all, at + first, at + end) }
    }
  }

  async *events(symbol: string, range?: TimeRange): AsyncGenerator<EventChunk, void, undefined> {
    const all = this.#events.get(symbol)
    if (all === undefined) return
    const { first, end } = new TimeWindow(range).cut(all.at, all.events.length)
    for (let at = first; at < end; at += CHUNK_ROWS) {
      const last = Math.min(end, at + CHUNK_ROWS)
      yield { symbol, order: all.order.subarray(at, last), events: all.events.slice(at, last) }
    }
  }

  #hash(): string {
    const hash = createHash('sha256').update(JSON.stringify(this.instruments))
    for (const [symbol, { count: _, ...columns }] of this.#trades) {
      hash.update(symbol)
      for (const column of Object.values(columns)) if (column !== null) hash.update(column)
    }
    for (const [symbol, { order, events }] of this.#events)
      hash.update(symbol).update(order).update(JSON.stringify(events))
    return hash.digest('hex')
  }
}

const slice = (all: Columns, from: number, to: number): Columns => ({
  count: to - from,
  order: all.order.subarray(from, to),
  id: all.id.subarray(from, to),
  priceTicks: all.priceTicks.subarray(from, to),
  quantityLots: all.quantityLots.subarray(from, to),
  time: all.time.subarray(from, to),
  maker: all.maker.subarray(from, to),
  excluded: all.excluded === null ? null : all.excluded.subarray(from, to),
})

const assertColumns = (symbol: string, columns: Columns): void => {
  const { count, ...named } = columns
  for (const [name, column] of Object.entries(named))
    if (column !== null && column.length !== count)
      throw new RangeError(
        `${symbol}: ${name} has ${column.length} rows, expected ${count} like id`,
      )
  for (let i = 1; i < count; i++)
    if (!(columns.order[i]! > columns.order[i - 1]!))
      throw new RangeError(`${symbol}: order[${i}] does not rise`)
}

/**
 * A tape in memory, over columns (typed arrays are not copied) and events with their places. Where there
 * are events, the prints need an `order` too. Clocks belong to the first instrument. Throws RangeError on
 * columns of different lengths, places that do not rise, and symbols that are not among the instruments.
 */
export const tapeOf = (
  instruments: readonly Instrument[],
  tradesBySymbol: Readonly<Record<string, TradeColumnsInput>>,
  events: readonly OrderedEvent[] = [],
): TapeReader => {
  const symbols = instruments.map(({ symbol }) => symbol)
  const stranger = Object.keys(tradesBySymbol).find((symbol) => !symbols.includes(symbol))
  if (stranger !== undefined)
    throw new RangeError(`symbol ${stranger} is not among the instruments`)
  const given = symbols.flatMap((symbol) => {
    const columns = tradesBySymbol[symbol]
    return columns === undefined ? [] : [{ symbol, columns }]
  })
  const unplaced = given.filter(({ columns }) => columns.order === undefined)
  if (unplaced.length > 0 && (events.length > 0 || unplaced.length < given.length))
    throw new RangeError(`${unplaced[0]!.symbol}: order is missing, expected one for every print`)
  const orders = unplaced.length === 0 ? [] : ordersByTime(given.map(({ columns }) => columns.time))
  const trades = new Map<string, Columns>()
  given.forEach(({ symbol, columns }, i) => {
    const whole: Columns = {
      count: columns.id.length,
      order: floats(columns.order ?? orders[i]!),
      id: floats(columns.id),
      priceTicks: floats(columns.priceTicks),
      quantityLots: floats(columns.quantityLots),
      time: floats(columns.time),
      maker: bytes(columns.maker),
      excluded: columns.excluded === undefined ? null : bytes(columns.excluded),
    }
    assertColumns(symbol, whole)
    trades.set(symbol, whole)
  })
  return new MemoryTape(instruments, trades, eventsBySymbol(symbols, events, trades))
}

const eventsBySymbol = (
  symbols: readonly string[],
  events: readonly OrderedEvent[],
  trades: ReadonlyMap<string, Columns>,
): Map<string, Events> => {
  const lists = new Map<string, { order: number[]; at: (number | null)[]; events: MarketEvent[] }>()
  const clock = new EventClock()
  const passed = symbols.map((symbol) => ({ columns: trades.get(symbol), next: 0 }))
  for (const { order, event } of events) {
    for (const lane of passed)
      while (lane.columns !== undefined && lane.columns.order[lane.next]! < order)
        clock.reach(lane.columns.time[lane.next++]!)
    const symbol = event.kind === 'clock' ? symbols[0]! : event.symbol
    if (!symbols.includes(symbol))
      throw new RangeError(`symbol ${symbol} is not among the instruments`)
    let list = lists.get(symbol)
    if (list === undefined) lists.set(symbol, (list = { order: [], at: [], events: [] }))
    if (!(order > (list.order.at(-1) ?? -1)))
      throw new RangeError(`event order ${order} does not rise`)
    list.order.push(order)
    list.at.push(clock.of(event))
    list.events.push(event)
  }
  const first = firstTime(events, trades)
  return new Map(
    [...lists].map(([symbol, list]) => [
      symbol,
      {
        order: floats(list.order),
        at: Float64Array.from(list.at, (at) => at ?? first),
        events: list.events,
      },
    ]),
  )
}

/** The time that is told first, which is also the place of what came before it. */
const firstTime = (
  events: readonly OrderedEvent[],
  trades: ReadonlyMap<string, Columns>,
): number => {
  const timed = events.find(({ event }) => timeOf(event) !== null)
  const told = [...trades.values()]
    .filter(({ count }) => count > 0)
    .map(({ order, time }) => ({ order: order[0]!, time: time[0]! }))
  if (timed !== undefined) told.push({ order: timed.order, time: timeOf(timed.event)! })
  return told.toSorted((a, b) => a.order - b.order)[0]?.time ?? 0
}

/** A tape in memory of events as a source yields them; the place of each is its index. */
export const tapeOfEvents = (
  instruments: readonly Instrument[],
  events: readonly MarketEvent[],
): TapeReader => {
  const rows = new Map<string, { order: number[]; prints: TradeEvent[] }>()
  const others: OrderedEvent[] = []
  events.forEach((event, order) => {
    if (event.kind !== 'trade') {
      others.push({ order, event })
      return
    }
    let list = rows.get(event.symbol)
    if (list === undefined) rows.set(event.symbol, (list = { order: [], prints: [] }))
    list.order.push(order)
    list.prints.push(event)
  })
  const columns = [...rows].map(([symbol, { order, prints }]) => [
    symbol,
    {
      order,
      id: prints.map(({ id }) => id),
      priceTicks: prints.map(({ priceTicks }) => priceTicks),
      quantityLots: prints.map(({ quantityLots }) => quantityLots),
      time: prints.map(({ time }) => time),
      maker: prints.map(({ maker }) => maker),
      ...(prints.some(({ excluded }) => excluded)
        ? { excluded: prints.map(({ excluded }) => Number(excluded)) }
        : {}),
    } satisfies TradeColumnsInput,
  ])
  return tapeOf(
    instruments,
    Object.fromEntries(columns) as Record<string, TradeColumnsInput>,
    others,
  )
}
