import { describe, expect, it } from '@jest/globals'
import { gridOf } from '@tapedeck/venue'
import fc from 'fast-check'
import { testInstrument } from '@tapedeck/test-data'
import type { TradeLayout } from './csv-layout.ts'
import { readRow } from './read-trade-row.ts'
import { TradeRowParser } from './trade-row-parser.ts'
import { TradeRows } from './trade-rows.ts'

const AGG: TradeLayout = {
  kind: 'aggTrades',
  columns: 7,
  id: 0,
  price: 1,
  quantity: 2,
  time: 5,
  maker: 6,
}
/** As in a file whose header names other places, with a column behind the flag. */
const ODD: TradeLayout = {
  kind: 'trades',
  columns: 8,
  id: 3,
  price: 0,
  quantity: 5,
  time: 1,
  maker: 6,
}

const grid = (tick: string, lot: string) =>
  gridOf(testInstrument({ tick_size: tick, lot_size: lot, min_quantity: lot, min_notional: '5' }))
const GRIDS = [
  grid('0.1', '0.001'),
  grid('0.05', '1'),
  grid('5', '0.00000001'),
  grid('0.00250', '10'),
]

const digits = (max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), maxLength: max })
const decimal = fc
  .tuple(digits(18), fc.constantFrom('', '.'), digits(10), fc.constantFrom('', '0', '00', '5'))
  .map((parts) => parts.join(''))
const onGrid = fc
  .tuple(fc.nat(100_000), fc.constantFrom('', '.5', '.1', '.05', '.10', '.0', '.000'))
  .map((parts) => parts.join(''))
const whole = fc.oneof(
  digits(18),
  fc.nat().map(String),
  fc.constantFrom('1700000000000', '1700000000000123', '00000000000000017', '9007199254740993'),
)
const flag = fc.constantFrom(
  'true',
  'false',
  'True',
  'False',
  'TRUE',
  'FALSE',
  ' true',
  'true ',
  'truefalse',
  '',
  '1',
)
const junk = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('-1', '+1', '1e5', 'NaN', '١', '"1"', '1,1', '\u0000'),
)

const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd })

const lineOf = (layout: TradeLayout): fc.Arbitrary<string> =>
  fc
    .array(fc.string({ maxLength: 4 }), { minLength: layout.columns, maxLength: layout.columns })
    .chain((cells) =>
      fc
        .tuple(
          mostly(whole, junk),
          mostly(onGrid, fc.oneof(decimal, junk)),
          mostly(onGrid, fc.oneof(decimal, junk)),
          mostly(whole, junk),
          mostly(flag, junk),
          fc.constantFrom('', '', '', '\r', ','),
        )
        .map(([id, price, quantity, time, maker, end]) => {
          const all = cells.map((cell) => cell.replaceAll(/[\r\n,]/g, 'x'))
          all[layout.id] = id
          all[layout.price] = price
          all[layout.quantity] = quantity
          all[layout.time] = time
          all[layout.maker] = maker
          return `${all.join(',').replaceAll('\n', 'x')}${end}`
        }),
    )

const outcome = (act: () => object): object => {
  try {
    return act()
  } catch (error) {
    return { error: (error as Error).message }
  }
}

describe('rows read off bytes', () => {
  it.each([
    ['of the archives', AGG],
    ['of another layout', ODD],
  ])('%s are what their text says, and refused with the same words', (_name, layout) => {
    let accepted = 0
    fc.assert(
      fc.property(lineOf(layout), fc.constantFrom(...GRIDS), (line, instrument) => {
        const rows = new TradeRows()
        // What follows belongs to the next row and must not be read.
        const bytes = Buffer.from(`${line}\n77,1,1,77,77,77,true\n`)
        const read = outcome(() => {
          const next = new TradeRowParser(layout, instrument).read(bytes, 0, rows, 1)
          return {
            next,
            id: rows.id[0],
            price: rows.priceTicks[0],
            quantity: rows.quantityLots[0],
            time: rows.time[0],
            maker: rows.maker[0],
          }
        })
        const text = outcome(() => {
          const print = readRow(line.replace(/\r$/, ''), layout, instrument)
          const { id, priceTicks: price, quantityLots: quantity, time, maker } = print
          return { next: Buffer.byteLength(line) + 1, id, price, quantity, time, maker }
        })
        expect(read).toEqual(text)
        if (!('error' in text)) accepted++
      }),
      { numRuns: 1500 },
    )
    expect(accepted).toBeGreaterThan(100)
  })
})
