import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import fc from 'fast-check'
import { openRecording } from './open-recording.ts'
import { recordingFingerprint } from './recording-fingerprint.ts'

const BTC = testInstrument()
const ETH: Instrument = { ...BTC, symbol: 'ETHUSDT' }

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapedeck-recordings-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const save = (content: string | Buffer, name = 'file'): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Everything that a file gives, and the error that it ends with. */
const read = async (
  files: readonly string[],
  options: { instruments?: Instrument[]; symbol?: string } = {},
): Promise<{ events: MarketEvent[]; error: unknown }> => {
  const events: MarketEvent[] = []
  const { instruments = [BTC], ...rest } = options
  try {
    const recording = await openRecording({ files, instruments, ...rest })
    for await (const chunk of recording.events()) events.push(...chunk)
    return { events, error: null }
  } catch (error) {
    return { events, error }
  }
}

/** A zip of one file, as the archives pack it. */
const zip = (content: string, method: 0 | 8 = 8): Buffer => {
  const raw = Buffer.from(content)
  const body = method === 8 ? deflateRawSync(raw) : raw
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(method, 8)
  local.writeUInt32LE(body.length, 18)
  local.writeUInt32LE(raw.length, 22)
  local.writeUInt16LE(1, 26)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  return Buffer.concat([local, Buffer.from('a'), body, end])
}

const HEADER =
  'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker'
const row = (id: number, time = 1_700_000_000_000 + id): string =>
  `${id},35000.1,0.010,${id},${id},${time},${id % 2 === 0 ? 'true' : 'True'}`
const rows = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => row(from + index))
const csv = (...lines: string[]): string => `${lines.join('\n')}\n`

const SECOND = 1_700_000_000
const raw = (data: object, at = SECOND): string =>
  `${at}000000000 ${JSON.stringify({ stream: 'btcusdt@x', data })}`
const trade = (change: object = {}): object => ({
  e: 'trade',
  E: SECOND * 1000,
  T: SECOND * 1000,
  s: 'BTCUSDT',
  t: 5,
  p: '35000.10',
  q: '0.010',
  X: 'MARKET',
  m: true,
  ...change,
})
const snapshot = (bid: string, ask: string): string =>
  `${SECOND}000000000 ${JSON.stringify({ lastUpdateId: 9, T: SECOND * 1000, bids: [[bid, '1']], asks: [[ask, '1']] })}`

describe('recordings of every packing and layout', () => {
  it.each([
    ['plain', csv(HEADER, ...rows(1, 50))],
    ['without header', csv(...rows(1, 50))],
    ['with carriage returns', csv(HEADER, ...rows(1, 50)).replaceAll('\n', '\r\n')],
    ['without a last line end', csv(HEADER, ...rows(1, 50)).trimEnd()],
    ['gz', gzipSync(csv(HEADER, ...rows(1, 50)))],
    [
      'gz in two members',
      Buffer.concat([gzipSync(csv(HEADER, ...rows(1, 20))), gzipSync(csv(...rows(21, 50)))]),
    ],
    ['zip', zip(csv(HEADER, ...rows(1, 50)))],
    ['zip, stored', zip(csv(HEADER, ...rows(1, 50)), 0)],
    [
      'out of order within the window',
      csv(...rows(1, 10), row(30), ...rows(11, 29), ...rows(31, 50)),
    ],
    [
      'microseconds',
      csv(...Array.from({ length: 50 }, (_, i) => row(i + 1, (1_700_000_000_000 + i) * 1000 + 7))),
    ],
    [
      'trades',
      csv(
        'id,price,qty,quote_qty,time,is_buyer_maker',
        ...Array.from(
          { length: 50 },
          (_, i) => `${i + 1},35000.1,0.010,350.001,${1_700_000_000_000 + i},false`,
        ),
      ),
    ],
  ])('%s', async (_, content) => {
    const { events, error } = await read([save(content)])
    expect(error).toBeNull()
    expect(events.map((event) => (event.kind === 'trade' ? event.id : null))).toEqual(
      Array.from({ length: 50 }, (__, index) => index + 1),
    )
    expect(events[0]).toMatchObject({
      priceTicks: 350_001,
      quantityLots: 10,
      time: expect.any(Number),
    })
    expect((events[0] as { time: number }).time).toBeLessThan(1_800_000_000_000)
  })

  it('fingerprints content and order, not names', async () => {
    const [a, b, c] = [save('one', 'a'), save('two', 'b'), save('one', 'c')] as const
    expect(await recordingFingerprint([a, b])).toBe(await recordingFingerprint([c, b]))
    expect(await recordingFingerprint([a, b])).not.toBe(await recordingFingerprint([b, a]))
  })
})

describe('a damaged recording is read up to the damage, which is named', () => {
  it.each([
    {
      name: 'negative quantity',
      lines: [row(1), row(2).replace('0.010', '-0.010')],
      line: 2,
      says: 'quantity is "-0.010"',
    },
    {
      name: 'NaN',
      lines: [row(1), row(2).replace('35000.1', 'NaN')],
      line: 2,
      says: 'price is "NaN"',
    },
    {
      name: 'off the grid',
      lines: [row(1), row(2).replace('35000.1', '35000.15')],
      line: 2,
      says: 'on the tick of 0.1',
    },
    {
      name: 'a flag that is none',
      lines: [row(1), row(2).replace('true', 'maybe')],
      line: 2,
      says: 'is_buyer_maker is "maybe"',
    },
    {
      name: 'a missing column',
      lines: [row(1), '2,35000.1,0.010,2,2,1700000000002'],
      line: 2,
      says: '7 columns, found 6',
    },
    {
      name: 'a time that falls',
      lines: [row(1), row(2, 1_600_000_000_000)],
      line: 2,
      says: 'expected time to rise',
    },
    { name: 'no known layout', lines: ['a,b,c'], line: 1, says: 'unknown columns a,b,c' },
    {
      name: 'something for the terminal',
      lines: ['a\u001B[2J,\u009Bb,\u202Ec'],
      line: 1,
      says: 'unknown columns a?[2J,?b,?c',
    },
  ])('CSV: $name', async ({ lines, line, says }) => {
    const file = save(csv(...lines))
    const { events, error } = await read([file])
    expect(events).toHaveLength(line - 1)
    expect(error).toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringContaining(says),
      details: { file, line },
    })
  })

  it.each([
    { name: 'not JSON', lines: [raw(trade()), `${SECOND}000000000 {"e":`], says: 'is not JSON' },
    {
      name: 'no receive time',
      lines: [raw(trade()), 'x {"e":"trade"}'],
      says: 'a receive time in ns or µs',
    },
    {
      name: 'a price off the grid',
      lines: [raw(trade()), raw(trade({ p: '1.23' }))],
      says: 'p is "1.23"',
    },
    {
      name: 'a negative quantity',
      lines: [raw(trade()), raw(trade({ q: '-1' }))],
      says: 'q is "-1"',
    },
    { name: 'an id as text', lines: [raw(trade()), raw(trade({ t: '6' }))], says: 't is "6"' },
    { name: 'a crossed snapshot', lines: [raw(trade()), snapshot('2', '1')], says: 'crossed' },
    {
      name: 'time that falls',
      lines: [raw(trade()), raw(trade({ T: 1_600_000_000_000 }))],
      says: 'expected time to rise',
    },
    {
      name: 'another symbol, late in the file',
      lines: [...Array<string>(6000).fill(raw(trade())), raw(trade({ s: 'ETHUSDT' }))],
      says: 'symbol ETHUSDT, expected BTCUSDT',
    },
  ])('raw: $name', async ({ lines, says }) => {
    const file = save(csv(...lines))
    const { events, error } = await read([file])
    expect(events).toHaveLength(lines.length - 1)
    expect(error).toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringContaining(says),
      details: { file, line: lines.length },
    })
  })

  it.each([
    {
      name: 'an unknown symbol',
      lines: [raw(trade({ s: 'DOGEUSDT' }))],
      code: 'SYMBOL_UNKNOWN',
      says: 'DOGEUSDT',
    },
    {
      name: 'several symbols',
      lines: [raw(trade()), raw(trade({ s: 'ETHUSDT' }))],
      code: 'RECORDING_INVALID',
      says: 'several symbols (BTCUSDT, ETHUSDT)',
    },
    { name: 'an empty file', lines: [], code: 'RECORDING_INVALID', says: 'is empty' },
  ])('opening: $name', async ({ lines, code, says }) => {
    const { error } = await read([save(lines.length === 0 ? '' : csv(...lines))])
    expect(error).toMatchObject({ code, message: expect.stringContaining(says) })
  })

  it('opening: a CSV with two configured instruments, a missing file, a folder, mixed kinds', async () => {
    const trades = save(csv(HEADER, ...rows(1, 5)), 'trades')
    const other = save(csv(raw(trade())), 'raw')
    const both = { instruments: [BTC, ETH] }
    expect((await read([trades], both)).error).toMatchObject({
      message: expect.stringContaining('expected one of'),
    })
    const spot = {
      instruments: [BTC, { ...BTC, venue: 'binance-spot' }, { ...BTC, venue: 'generated' }],
    }
    expect((await read([trades], spot)).error).toBeNull()
    expect((await read([trades], { ...both, symbol: 'ETHUSDT' })).events[0]).toMatchObject({
      symbol: 'ETHUSDT',
    })
    expect((await read([join(folder, 'absent')])).error).toMatchObject({
      message: expect.stringContaining('cannot be opened'),
    })
    expect((await read([folder])).error).toMatchObject({
      message: expect.stringContaining('is a folder'),
    })
    expect((await read([trades, other])).error).toMatchObject({
      message: expect.stringContaining('expected aggTrades'),
    })
  })

  it.each([
    ['gz', (content: string): Buffer => gzipSync(content)],
    ['zip', (content: string): Buffer => zip(content)],
    ['zip stored', (content: string): Buffer => zip(content, 0)],
  ])('a truncated %s gives every complete row, then says where it ends', async (_, pack) => {
    const whole = pack(csv(HEADER, ...rows(1, 30_000)))
    const file = save(whole.subarray(0, Math.floor(whole.length / 2)))
    const { events, error } = await read([file])
    expect(events.length).toBeGreaterThan(10_000)
    expect(error).toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringContaining('truncated'),
      details: { complete_lines: events.length + 1 },
    })
  })

  it('a row from further back than the window is refused', async () => {
    const { error } = await read([save(csv(...rows(100, 30_100), row(5)))])
    expect(error).toMatchObject({
      message: expect.stringContaining('id 5 comes more than 10000 rows after'),
    })
  })

  it.each([
    [
      'klines that overlap',
      [
        '1700000040000,1.0,2.0,1.0,2.0,5',
        '1700000100000,1.0,2.0,1.0,2.0,5',
        '1700000100000,1.0,2.0,1.0,2.0,5',
      ],
      'later than the row before',
    ],
    [
      'an impossible range',
      ['1700000040000,1.0,2.0,1.5,2.0,5', '1700000100000,1.0,2.0,1.0,2.0,5'],
      'low <= open',
    ],
    [
      'a timeframe that is not built',
      ['1700000040000,1.0,2.0,1.0,2.0,5', '1700000220000,1.0,2.0,1.0,2.0,5'],
      'bars of 180 s',
    ],
  ])('%s', async (_, lines, says) => {
    const { error } = await read([save(csv('open_time,open,high,low,close,volume', ...lines))])
    expect(error).toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringContaining(says),
    })
  })

  it('never throws anything but an operating error, whatever the bytes', async () => {
    const base = [
      Buffer.from(csv(HEADER, ...rows(1, 20))),
      Buffer.from(
        csv(
          raw(trade()),
          snapshot('1', '2'),
          raw({
            e: 'depthUpdate',
            E: 1,
            s: 'BTCUSDT',
            U: 9,
            u: 10,
            pu: 8,
            b: [['1.0', '2']],
            a: [],
          }),
        ),
      ),
      Buffer.from(
        csv(
          'open_time,open,high,low,close,volume',
          '1700000040000,1.0,2.0,1.0,2.0,5',
          '1700000100000,1.0,2.0,1.0,2.0,5',
        ),
      ),
      gzipSync(csv(HEADER, ...rows(1, 20))),
      zip(csv(HEADER, ...rows(1, 20))),
    ]
    const edit = fc.record({
      at: fc.nat(2000),
      remove: fc.nat(30),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc
          .constantFrom('null', '[]', '{}', '"', ',', '\n', '-1', '1e9', 'NaN', 'true')
          .map((text) => Buffer.from(text)),
      ),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...base),
        fc.array(edit, { maxLength: 4 }),
        async (start, edits) => {
          let bytes = start
          for (const { at, remove, insert } of edits) {
            const from = at % (bytes.length + 1)
            bytes = Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)])
          }
          const { error } = await read([save(bytes, 'fuzz')])
          expect(error === null || error instanceof TapedeckError ? null : error).toBeNull()
        },
      ),
      { numRuns: 400 },
    )
  })
})
