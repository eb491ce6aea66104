import { describe, expect, it } from '@jest/globals'
import { Vector } from 'apache-arrow'
import fc from 'fast-check'
import type { ArrowColumn } from './arrow-column.ts'
import { ArrowDecoder } from './arrow-decoder.ts'
import { ArrowEncoder } from './arrow-encoder.ts'
import { columnsText } from './arrow-schema.ts'
import { BoolBuffer, Float64Buffer, Int64ListBuffer, TextBuffer } from './column-buffers.ts'
import { Int64Buffer } from './int64-buffer.ts'

const COLUMNS: readonly ArrowColumn[] = [
  { name: 'place', type: 'int64' },
  { name: 'number', type: 'int64', nullable: true },
  { name: 'time', type: 'timestamp_ms', nullable: true },
  { name: 'price', type: 'float64', nullable: true },
  { name: 'flag', type: 'bool' },
  { name: 'text', type: 'string' },
  { name: 'levels', type: 'int64_list' },
]

const whole = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 32, -(2 ** 32), 2 ** 32 - 1, 2 ** 53 - 1),
)
const row = fc.record({
  number: fc.option(whole),
  time: fc.option(fc.maxSafeNat()),
  price: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  flag: fc.boolean(),
  text: fc.string({ unit: 'grapheme' }),
  levels: fc.array(whole, { maxLength: 4 }),
})
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never

const bytesOf = (pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces))

describe('an Arrow file', () => {
  it('gives back every value and every null, batch by batch, with buffers that are used again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(row, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
        (batches) => {
          const encoder = new ArrowEncoder(COLUMNS, { tick_size: '0.1' })
          const head = bytesOf(encoder.head())
          const [place, number, time] = [
            new Int64Buffer('int64'),
            new Int64Buffer('int64'),
            new Int64Buffer('timestamp_ms'),
          ]
          const [price, flag, text, levels] = [
            new Float64Buffer(),
            new BoolBuffer(),
            new TextBuffer(),
            new Int64ListBuffer(),
          ]
          const columns = [place, number, time, price, flag, text, levels]
          const decoder = new ArrowDecoder(head)
          expect(decoder.columns).toBe(columnsText(COLUMNS))
          expect(decoder.metadata.get('tick_size')).toBe('0.1')
          for (const rows of batches) {
            place.pushRange(7, rows.length)
            for (const one of rows) {
              number.push(one.number)
              time.push(one.time)
              price.push(one.price)
              flag.push(one.flag)
              text.push(one.text)
              levels.push(one.levels)
            }
            const block = bytesOf(encoder.batch(rows.length, columns))
            expect(block.length % 8).toBe(0)
            for (const column of columns) column.clear()
            const batch = decoder.batch(block)
            const values = {
              number: batch.int64('number'),
              time: batch.int64('time'),
              price: batch.float64('price'),
              flag: batch.bool('flag'),
              text: batch.text('text'),
              levels: batch.int64List('levels'),
            }
            const read = (at: number): Row => ({
              number: values.number.orNull(at),
              time: values.time.orNull(at),
              price: values.price.orNull(at),
              flag: values.flag.at(at),
              text: values.text.at(at),
              levels: values.levels.at(at),
            })
            expect(rows.map((_, at) => read(at))).toEqual(rows)
            expect(values.flag.any()).toBe(rows.some((one) => one.flag))
            const places = new Float64Array(rows.length)
            batch.int64('place').copyTo(places)
            expect([...places]).toEqual(rows.map((_, at) => 7 + at))
          }
          expect(Buffer.from(bytesOf(encoder.tail())).toString('latin1').endsWith('ARROW1')).toBe(
            true,
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('columns are pushed whole as they are value by value', () => {
    fc.assert(
      fc.property(
        fc.array(whole),
        fc.array(fc.constantFrom(0, 1)),
        fc.nat(9),
        (values, bits, ahead) => {
          const [byRow, whole64] = [new Int64Buffer('int64'), new Int64Buffer('int64')]
          const [byBit, allBits] = [new BoolBuffer(), new BoolBuffer()]
          for (let i = 0; i < ahead; i++)
            for (const flags of [byBit, allBits]) flags.push(i % 3 === 0)
          for (const value of values) byRow.push(value)
          for (const bit of bits) byBit.push(bit === 1)
          whole64.pushAll(Float64Array.from(values), 0, values.length)
          allBits.pushAll(Uint8Array.from(bits), 0, bits.length)
          expect([...new Vector([whole64.data()])]).toEqual([...new Vector([byRow.data()])])
          expect([...new Vector([allBits.data()])]).toEqual([...new Vector([byBit.data()])])
        },
      ),
    )
  })

  it.each([1.5, Number.NaN, Infinity, 2 ** 53])(
    'refuses %d in a column of whole numbers',
    (value) => {
      expect(() => new Int64Buffer('int64').push(value)).toThrow(RangeError)
    },
  )

  it.each([Number.NaN, -Infinity])('refuses %d in a column of numbers', (value) => {
    expect(() => new Float64Buffer().push(value)).toThrow(RangeError)
  })
})
