import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseStep } from '@tapedeck/core'
import { FrameScanner } from './frame-scanner.ts'
import { readSighted, sight, type InstrumentGrid } from './market-message.ts'

const grid: InstrumentGrid = { symbol: 'BTCUSDT', tick: parseStep('0.5'), lot: parseStep('0.001') }
const scanner = new FrameScanner(
  new Map([
    ['btcusdt@aggTrade', { kind: 'aggTrade' as const, grid }],
    ['btcusdt@depth@100ms', { kind: 'depth' as const, grid }],
  ]),
)

/** By way of JSON; undefined where that refuses or does not want it. */
const slowly = (text: string): unknown => {
  try {
    const sighted = sight(JSON.parse(text))
    return sighted?.symbol === 'BTCUSDT' ? readSighted(sighted, grid) : undefined
  } catch {
    return undefined
  }
}

const price = fc.nat({ max: 2_000_000 }).map((ticks) => (ticks / 2).toFixed(2))
const lots = fc.nat({ max: 1_000_000_000 }).map((n) => (n / 1000).toFixed(3))
const time = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 })
const id = fc.integer({ min: 0, max: 9_000_000_000_000 })
const levels = fc.array(fc.tuple(price, lots), { maxLength: 6 })

const print = fc
  .record({ E: time, a: id, p: price, q: lots, T: time, m: fc.boolean() })
  .map((one) => ({
    stream: 'btcusdt@aggTrade',
    data: { e: 'aggTrade', ...one, s: 'BTCUSDT', nq: one.q, f: one.a, l: one.a, st: 1 },
  }))
const change = fc
  .record({ E: time, T: time, U: id, more: fc.nat(50), pu: fc.option(id), b: levels, a: levels })
  .map(({ U, more, pu, b, a, E, T }) => ({
    stream: 'btcusdt@depth@100ms',
    data: {
      e: 'depthUpdate',
      E,
      s: 'BTCUSDT',
      ps: 'BTCUSDT',
      st: 1,
      U,
      u: U + more,
      // Futures have both; spot has neither.
      ...(pu === null ? {} : { T, pu }),
      b,
      a,
    },
  }))
const frame = fc.oneof(print, change).map((one) => JSON.stringify(one))

describe('frames scanned from their text', () => {
  it('are read as JSON is, every one in the usual shape', () => {
    fc.assert(
      fc.property(frame, (text) => {
        const scanned = scanner.scan(text)
        expect(scanned?.stream).toBe((JSON.parse(text) as { stream: string }).stream)
        expect(scanned?.event).toEqual(slowly(text))
      }),
      { numRuns: 2000 },
    )
  })

  const ODD = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom(
      ...'"\\,:[]{}.-09 \n\u0000'.split(''),
      '00',
      'e5',
      '""',
      'null',
      'true',
      '\\u0061',
    ),
    fc.constantFrom('"a":', '"X":"MARKET",', '"X":"ADL",', '"lastUpdateId":5,', '"s":"ETHUSDT",'),
    fc.constantFrom('99999999999999999999', '0.0000001', '"b":[],', '"u":1,'),
  )

  it('are never read differently from JSON, whatever is put into them or cut out', () => {
    let read = 0
    fc.assert(
      fc.property(
        frame,
        fc.array(fc.tuple(fc.nat(), fc.nat(8), ODD), { minLength: 1, maxLength: 2 }),
        (original, changes) => {
          let text = original
          for (const [place, cut, put] of changes) {
            const at = place % (text.length + 1)
            text = text.slice(0, at) + put + text.slice(at + cut)
          }
          const scanned = scanner.scan(text)
          if (scanned === null) return
          read++
          expect(scanned.event).toEqual(slowly(text))
        },
      ),
      { numRuns: 20_000 },
    )
    expect(read).toBeGreaterThan(100)
  })

  it.each([
    ['an escaped key', '{"stream":"btcusdt@aggTrade","data":{"\\u0065":"aggTrade"}}'],
    ['another stream', '{"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate"}}'],
    ['an answer', '{"result":null,"id":1}'],
    ['blanks', '{ "stream": "btcusdt@aggTrade", "data": {} }'],
    ['nothing', ''],
    ['a frame that ends early', '{"stream":"btcusdt@aggTrade","data":{"a":1'],
  ])('leaves %s to the other reader', (_name, text) => {
    expect(scanner.scan(text)).toBeNull()
  })
})
