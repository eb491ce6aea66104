import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { MESSAGE_BYTES_MAX, decode, decodeValue, encode } from './decode.ts'
import type { Envelope } from './envelope.ts'
import { upcast } from './upcast.ts'

const golden = (name: string): Envelope<Record<string, unknown>> =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../fixtures', `${name}.json`), 'utf8'),
  ) as Envelope<Record<string, unknown>>
const clock = golden('market.clock.v1')
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

describe('bytes that cannot be read', () => {
  const big = new Uint8Array(MESSAGE_BYTES_MAX + 1)
  it.each([
    ['one byte too many', big, 'OVERSIZED', /4194305 bytes, at most 4194304/],
    ['as many as allowed, but no JSON', big.subarray(1), 'NOT_JSON', /SyntaxError/],
    ['nothing', text(''), 'NOT_JSON', /SyntaxError/],
    ['half a message', text('{"event_id":"b1f5'), 'NOT_JSON', /SyntaxError/],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0xfe, 0x22), 'NOT_JSON', /TypeError/],
    [
      'a message whose text holds U+0000',
      text(JSON.stringify({ ...clock, correlation_id: 'a\0b' })),
      'TEXT_UNSTORABLE',
      /\["correlation_id"\]/,
    ],
    [
      'half of a surrogate pair',
      text(JSON.stringify({ ...clock, payload: { list: [{ note: '\ud800' }] } })),
      'TEXT_UNSTORABLE',
      /\["payload","list",0,"note"\]/,
    ],
    [
      'a key that cannot be kept',
      text(JSON.stringify({ ...clock, payload: { 'a\0': 1 } })),
      'TEXT_UNSTORABLE',
      /payload/,
    ],
    [
      'nesting without end',
      text(`${'['.repeat(100_000)}"\\u0041"${']'.repeat(100_000)}`),
      'ENVELOPE_INVALID',
      /expected object/,
    ],
    ['JSON that is no envelope', text('[1,2,3]'), 'ENVELOPE_INVALID', /expected object/],
  ])('%s', (_name, bytes, reason, detail) => {
    expect(decode(bytes)).toEqual({ ok: false, reason, detail: expect.stringMatching(detail) })
  })
})

describe('envelopes that cannot be read', () => {
  it.each<[string, object, string, RegExp]>([
    ['an id that is no UUID', { event_id: 'x' }, 'ENVELOPE_INVALID', /event_id/],
    ['sequence zero', { seq: 0 }, 'ENVELOPE_INVALID', /seq/],
    ['a time with a fraction', { occurred_at: 1.5 }, 'ENVELOPE_INVALID', /occurred_at/],
    ['a version below one', { schema_version: 0 }, 'ENVELOPE_INVALID', /schema_version/],
    [
      'a short configuration hash',
      { producer: { service: 'ingest', version: '1', config_hash: 'ab' } },
      'ENVELOPE_INVALID',
      /config_hash/,
    ],
    ['a type nobody knows', { type: 'market.weather' }, 'TYPE_UNKNOWN', /market\.weather/],
    ['a type that every object has', { type: 'has_own.property' }, 'TYPE_UNKNOWN', /has_own/],
    [
      'a version from the future',
      { schema_version: 2 },
      'VERSION_FROM_THE_FUTURE',
      /reads up to 1/,
    ],
    ['a payload of another shape', { payload: { at: 'noon' } }, 'PAYLOAD_INVALID', /at/],
    ['no payload', { payload: undefined }, 'PAYLOAD_INVALID', /expected object/],
  ])('%s', (_name, change, reason, detail) => {
    expect(decodeValue({ ...clock, ...change })).toEqual({
      ok: false,
      reason,
      detail: expect.stringMatching(detail),
    })
  })

  it('an old version whose payload is no object fails by its schema, not by the step up', () => {
    const old = golden('execution.trade.closed.v1')
    for (const payload of [null, 'text', 7, []])
      expect(decodeValue({ ...old, payload })).toMatchObject({ reason: 'PAYLOAD_INVALID' })
  })

  it('a version without a step up is named as such', () => {
    expect(upcast('market.clock', { at: 1 }, 1, 2)).toBeNull()
    expect(upcast('execution.trade.closed', { a: 1 }, 1, 2)).toEqual({
      payload: { a: 1, funding: '0' },
    })
  })

  it('a detail is cut to what a dead letter can hold', () => {
    const decoded = decodeValue({ ...clock, type: `market.${'x'.repeat(5000)}` })
    expect(decoded).toMatchObject({ ok: false })
    expect(decoded.ok ? 0 : decoded.detail.length).toBeLessThanOrEqual(1000)
  })
})

describe('columns of a trade batch', () => {
  const batch = golden('market.trades.v1')
  const times = batch.payload['time'] as number[]
  it.each<[string, object, RegExp]>([
    ['no rows', { id: [] }, /id has no values/],
    ['a column that is missing', { price_ticks: undefined }, /price_ticks is not an array/],
    [
      'a column that is too short',
      { quantity_lots: [120] },
      /quantity_lots has 1 values, expected 4/,
    ],
    [
      'a price between ticks',
      { price_ticks: [601_203.5, 1, 1, 1] },
      /price_ticks\[0\] is 601203.5/,
    ],
    [
      'a price that is not a number',
      { price_ticks: [1, Number.NaN, 1, 1] },
      /price_ticks\[1\] is NaN/,
    ],
    [
      'a price as text',
      { price_ticks: [1, 1, '1', 1] },
      /price_ticks\[2\] is 1, expected an integer/,
    ],
    ['a price of zero', { price_ticks: [1, 1, 0, 1] }, /price_ticks\[2\] is not positive/],
    [
      'a negative quantity',
      { quantity_lots: [1, 1, 1, -415] },
      /quantity_lots\[3\] is not positive/,
    ],
    [
      'a quantity beyond exact integers',
      { quantity_lots: [1, 1, 1, 2 ** 53] },
      /quantity_lots\[3\]/,
    ],
    ['a time that falls', { time: times.toReversed() }, /time\[1\] falls/],
    ['a time before 1970', { time: [-1, 0, 0, 0] }, /time\[0\] is -1/],
    [
      'an id that comes twice',
      { id: [2_984_512_340, 2_984_512_340, 2_984_512_342, 2_984_512_343] },
      /id\[1\] does not rise/,
    ],
    ['a frame that does not fit', { last_id: 2_984_512_344 }, /do not frame/],
    ['a maker flag of 2', { maker: [0, 1, 2, 0] }, /maker\[2\] is neither/],
    ['an excluded row that does not exist', { excluded: [4] }, /excluded\[0\] is 4/],
    ['an excluded row as a fraction', { excluded: [0.5] }, /excluded\[0\] is 0.5/],
    ['excluded rows out of order', { excluded: [2, 1] }, /excluded\[1\] is 1/],
    ['a gap below zero', { gap: -1 }, /gap is -1/],
    ['no symbol', { symbol: undefined }, /venue or symbol/],
    ['a symbol that is no subject token', { symbol: 'BTC.USDT' }, /venue or symbol/],
    ['a tick size of zero', { tick_size: '0.00' }, /tick_size or lot_size/],
  ])('%s', (_name, change, detail) => {
    expect(decodeValue({ ...batch, payload: { ...batch.payload, ...change } })).toEqual({
      ok: false,
      reason: 'PAYLOAD_INVALID',
      detail: expect.stringMatching(detail),
    })
  })

  it('a payload that is no object', () => {
    expect(decodeValue({ ...batch, payload: null })).toMatchObject({ reason: 'PAYLOAD_INVALID' })
  })
})

describe('columns of a book change', () => {
  const depth = golden('market.depth.v1')
  it.each<[string, object, RegExp]>([
    ['lengths that differ', { bid_lots: [1] }, /bid_lots has 1 values, expected 3/],
    ['a side that is missing', { ask_ticks: null }, /ask_ticks is not an array/],
    ['a negative quantity', { ask_lots: [2_750, -1] }, /ask_lots\[1\] is negative/],
    ['a price of zero', { bid_ticks: [601_204, 0, 599_900] }, /bid_ticks\[1\] is not positive/],
    ['a level that is not a number', { bid_ticks: [Number.NaN, 1, 1] }, /bid_ticks\[0\] is NaN/],
    ['no update id', { last_update_id: null }, /last_update_id/],
    ['a time as text', { time: 'now' }, /time is now/],
    ['a snapshot flag as a number', { snapshot: 1 }, /snapshot is not a boolean/],
  ])('%s', (_name, change, detail) => {
    expect(decodeValue({ ...depth, payload: { ...depth.payload, ...change } })).toEqual({
      ok: false,
      reason: 'PAYLOAD_INVALID',
      detail: expect.stringMatching(detail),
    })
  })

  it('an empty book is a book', () => {
    const empty = { bid_ticks: [], bid_lots: [], ask_ticks: [], ask_lots: [], snapshot: true }
    expect(decodeValue({ ...depth, payload: { ...depth.payload, ...empty } }).ok).toBe(true)
  })
})

it('what decode would refuse for its size, encode refuses to make', () => {
  const payload = { at: 1, jump: false, text: 'x'.repeat(MESSAGE_BYTES_MAX) }
  expect(() => encode({ ...clock, payload })).toThrow(/market\.clock .* at most/)
})
