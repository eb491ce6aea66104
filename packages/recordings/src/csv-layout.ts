import { recordingInvalid, type Place } from './recording-error.ts'

/** Where a row keeps what: column numbers from 0, null where the file has no such column. */
export type TradeLayout = {
  readonly kind: 'aggTrades' | 'trades'
  readonly columns: number
  readonly id: number
  readonly price: number
  readonly quantity: number
  readonly time: number
  readonly maker: number
}
export type KlineLayout = {
  readonly kind: 'klines'
  readonly columns: number
  readonly openTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly closeTime: number | null
  readonly quoteVolume: number | null
  readonly count: number | null
  readonly takerVolume: number | null
}
export type CsvLayout = TradeLayout | KlineLayout

/** More than any archive has. */
export const COLUMNS_MAX = 16

const EXPECTED =
  'a raw recording (<ns or µs> <JSON>) or a Binance archive CSV of aggTrades, trades or klines'

const isBoolean = (cell: string | undefined): boolean => /^(true|false)$/i.test(cell ?? '')
const isNumber = (cell: string | undefined): boolean => /^-?\d+(\.\d+)?$/.test(cell ?? '')

type Find = (...names: string[]) => number | null

const headerFind = (cells: readonly string[]): Find => {
  const names = cells.map((cell) => cell.trim().toLowerCase())
  return (...wanted) => {
    const at = names.findIndex((name) => wanted.includes(name))
    return at < 0 ? null : at
  }
}

const required = (place: Place, find: Find, names: readonly string[]): number[] =>
  names.map((name) => {
    const at = find(...name.split('|'))
    if (at === null)
      throw recordingInvalid(place, `the header has no column ${name.replace('|', ' or ')}`, {
        column: name,
      })
    return at
  })

/** What stands there for people: no control characters, which a terminal would obey, and not all of a binary file. */
const shown = (cells: readonly string[]): string =>
  cells
    .join(',')
    .slice(0, 120)
    .replaceAll(/[\p{Cc}\p{Cf}\uFFFD]/gu, '?')

const fromHeader = (cells: readonly string[], place: Place): CsvLayout => {
  const find = headerFind(cells)
  const columns = cells.length
  if (find('agg_trade_id') !== null) {
    const [id, price, quantity, time, maker] = required(place, find, [
      'agg_trade_id',
      'price',
      'quantity|qty',
      'transact_time|time',
      'is_buyer_maker',
    ]) as [number, number, number, number, number]
    return { kind: 'aggTrades', columns, id, price, quantity, time, maker }
  }
  if (find('open_time') !== null) {
    const [openTime, open, high, low, close, volume] = required(place, find, [
      'open_time',
      'open',
      'high',
      'low',
      'close',
      'volume',
    ]) as [number, number, number, number, number, number]
    return {
      kind: 'klines',
      columns,
      openTime,
      open,
      high,
      low,
      close,
      volume,
      closeTime: find('close_time'),
      quoteVolume: find('quote_volume'),
      count: find('count', 'trades'),
      takerVolume: find('taker_buy_volume'),
    }
  }
  if (find('id', 'trade_id') !== null) {
    const [id, price, quantity, time, maker] = required(place, find, [
      'id|trade_id',
      'price',
      'qty|quantity',
      'time',
      'is_buyer_maker',
    ]) as [number, number, number, number, number]
    return { kind: 'trades', columns, id, price, quantity, time, maker }
  }
  throw recordingInvalid(place, `unknown columns ${shown(cells)}, expected ${EXPECTED}`)
}

const AGG_TRADES = { kind: 'aggTrades', id: 0, price: 1, quantity: 2, time: 5, maker: 6 } as const
const TRADES = { kind: 'trades', id: 0, price: 1, quantity: 2, time: 4, maker: 5 } as const
const KLINES = {
  kind: 'klines',
  openTime: 0,
  open: 1,
  high: 2,
  low: 3,
  close: 4,
  volume: 5,
  closeTime: 6,
  quoteVolume: 7,
  count: 8,
  takerVolume: 9,
} as const

/** Older archives have no header: the number of cells and the place of the flag tell them apart. */
const fromCells = (cells: readonly string[], place: Place): CsvLayout => {
  const columns = cells.length
  if (columns === 12) return { ...KLINES, columns }
  if ((columns === 7 || columns === 8) && isBoolean(cells[6]) && isNumber(cells[5]))
    return { ...AGG_TRADES, columns }
  if ((columns === 6 || columns === 7) && isBoolean(cells[5])) return { ...TRADES, columns }
  throw recordingInvalid(place, `${columns} columns without a header, expected ${EXPECTED}`)
}

/** Reads the layout off the first line. `hasHeader` says whether that line is data as well. */
export const layoutOf = (
  line: string,
  place: Place,
): { readonly layout: CsvLayout; readonly hasHeader: boolean } => {
  const cells = line.replace(/^\uFEFF/, '').split(',')
  if (cells.length > COLUMNS_MAX)
    throw recordingInvalid(place, `${cells.length} columns, expected ${EXPECTED}`)
  const hasHeader = !isNumber(cells[0])
  return { layout: hasHeader ? fromHeader(cells, place) : fromCells(cells, place), hasHeader }
}
