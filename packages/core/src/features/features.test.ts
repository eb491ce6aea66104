import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { FeatureRecord } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { walkBars } from './bars.fixture.ts'
import {
  FEATURE_FIELDS,
  FEATURE_SCHEMA_HISTORY,
  FEATURE_SCHEMA_VERSION,
  FeatureBuilder,
  fieldsOfVersion,
  freezeSnapshot,
  snapshotHash,
  type FeatureBar,
  type FeatureSnapshot,
} from './index.ts'

const snapshotsOf = (bars: readonly FeatureBar[]): FeatureSnapshot[] => {
  const builder = new FeatureBuilder()
  return bars.map((bar) => builder.update(bar))
}

describe('the table of fields', () => {
  it('has the fields that each version is said to have added, and names none twice', () => {
    const counts = FEATURE_SCHEMA_HISTORY.map(({ version }) => fieldsOfVersion(version).length)
    expect(counts).toEqual([36, 47, 75])
    expect(FEATURE_SCHEMA_HISTORY.at(-1)?.version).toBe(FEATURE_SCHEMA_VERSION)
    expect(new Set(FEATURE_FIELDS.map(({ name }) => name)).size).toBe(FEATURE_FIELDS.length)
    const added = FEATURE_FIELDS.filter(({ since }) => since === '1.2.0')
    expect(added.filter(({ name }) => name.startsWith('htf_'))).toHaveLength(13)
    expect(added.filter(({ name }) => !name.startsWith('htf_'))).toHaveLength(15)
  })

  it('has every name that the rules of setups read', () => {
    const names = new Set(FEATURE_FIELDS.map(({ name }) => name))
    const needed =
      'close volume atr_14 vol_state vol_burst vwap donchian_upper_short donchian_lower_short donchian_upper_long candle_body_pct is_inside_bar is_impulse_candle htf_price_vs_daily_mid'
    expect(needed.split(' ').filter((name) => !names.has(name))).toEqual([])
  })

  it('each field is known from the bar on that the table says, and not before', () => {
    const snapshots = snapshotsOf(walkBars(96 * 16, 7))
    const wrong = FEATURE_FIELDS.filter(({ name, needs }) => {
      // A day has 96 bars; a full day is known at the close of its last bar.
      const bars = 'bars' in needs ? needs.bars : Math.max(1, needs.days * 96)
      const first = snapshots.findIndex((snapshot) => snapshot[name] !== null)
      return first !== bars - 1
    })
    expect(wrong.map(({ name }) => name)).toEqual([])
    expect(snapshots.slice(96 * 15).filter((each) => Object.values(each).includes(null))).toEqual(
      [],
    )
  })
})

describe('a snapshot', () => {
  it('is frozen, has exactly the fields of the table, and passes the contract', () => {
    const snapshot = snapshotsOf(walkBars(3, 1)).at(-1)!
    expect(Object.keys(snapshot)).toEqual(FEATURE_FIELDS.map(({ name }) => name))
    expect(Object.isFrozen(snapshot)).toBe(true)
    expect(FeatureRecord.parse(snapshot)).toEqual(snapshot)
  })

  const all = Object.fromEntries(FEATURE_FIELDS.map(({ name }) => [name, null]))
  it.each<[string, unknown, unknown]>([
    ['atr_14', Number.NaN, null],
    ['atr_14', -Infinity, null],
    ['atr_14', -0, 0],
    ['candle_direction', -0, 0],
    ['vol_burst', false, false],
  ])('%s of %p is %p', (name, value, kept) => {
    expect(freezeSnapshot({ ...all, [name]: value })[name]).toBe(kept)
  })

  it.each<[string, unknown]>([
    ['is_inside_bar', 0.5],
    ['vol_burst', 1],
    ['vol_state', 3],
    ['close', '5'],
    ['close', undefined],
  ])('%s may not be %p', (name, value) => {
    expect(() => freezeSnapshot({ ...all, [name]: value })).toThrow(`feature ${name}`)
  })
})

const bar = (openTime: number, ohlc: readonly number[], volume = 1): FeatureBar => {
  const [open, high, low, close] = ohlc as [number, number, number, number]
  return { openTime, closeTime: openTime + 900_000, open, high, low, close, volume, tainted: false }
}
const last = (...bars: (readonly number[])[]): FeatureSnapshot =>
  snapshotsOf(bars.map((ohlc, i) => bar(i * 900_000, ohlc))).at(-1)!

it('the golden event has exactly the fields of its version, and the hash that it says', () => {
  const file = new URL('../../../contracts/fixtures/setup.event.recorded.v1.json', import.meta.url)
  const { payload } = JSON.parse(readFileSync(file, 'utf8')) as {
    payload: { feature_snapshot: FeatureSnapshot; feature_snapshot_hash: string }
  }
  const names = fieldsOfVersion('1.2.0').map(({ name }) => name)
  expect(Object.keys(payload.feature_snapshot)).toEqual(names)
  expect(Object.values(payload.feature_snapshot)).not.toContain(null)
  expect(snapshotHash(payload.feature_snapshot)).toBe(payload.feature_snapshot_hash)
})

describe('candles', () => {
  it.each<[string, readonly (readonly number[])[], Record<string, unknown>]>([
    ['a body of zero is a body of zero', [[10, 12, 8, 10]], { candle_body_pct: 0, is_doji: 1 }],
    [
      'a bar of one price has no body to speak of',
      [
        [9, 12, 8, 10],
        [10, 10, 10, 10],
      ],
      { candle_body_pct: null, is_doji: null, is_inside_bar: 1, candle_direction: 0 },
    ],
    ['no bar before, nothing to be inside of', [[10, 12, 8, 10]], { is_inside_bar: null }],
    [
      'inside',
      [
        [10, 12, 8, 10],
        [10, 12, 8.5, 11],
      ],
      { is_inside_bar: 1, is_outside_bar: 0 },
    ],
    [
      'not inside by one side',
      [
        [10, 12, 8, 10],
        [10, 12.01, 9, 11],
      ],
      { is_inside_bar: 0, is_outside_bar: 0 },
    ],
    [
      'outside',
      [
        [10, 12, 8, 10],
        [10, 13, 7, 11],
      ],
      { is_outside_bar: 1 },
    ],
    ['hammer', [[10, 10.5, 6, 10.25]], { is_hammer: 1, is_shooting_star: 0 }],
    ['shooting star', [[10, 14, 9.5, 9.75]], { is_hammer: 0, is_shooting_star: 1 }],
    [
      'engulfing up',
      [
        [10, 10.5, 8, 9],
        [8.75, 11, 8.5, 10.25],
      ],
      { is_bullish_engulfing: 1, is_bearish_engulfing: 0 },
    ],
    [
      'engulfing down',
      [
        [9, 10.5, 8, 10],
        [10.25, 11, 8.5, 8.75],
      ],
      { is_bullish_engulfing: 0, is_bearish_engulfing: 1 },
    ],
  ])('%s', (_, bars, expected) => {
    expect(last(...bars)).toMatchObject(expected)
  })

  it('an impulse is measured against the ATR of the bar before, a burst against the volume before', () => {
    const calm = Array.from({ length: 30 }, (_, i) => bar(i * 900_000, [10, 11, 9, 10], 4))
    const at = 30 * 900_000
    const wide = (range: number, volume: number) =>
      snapshotsOf([...calm, bar(at, [10, 10 + range, 10, 10 + range], volume)]).at(-1)!
    expect(wide(2.5, 8)).toMatchObject({
      candle_range_atr: 1.25,
      is_impulse_candle: 1,
      vol_burst: true,
    })
    expect(wide(2.39, 7.99)).toMatchObject({ is_impulse_candle: 0, vol_burst: false })
  })
})

const hour = (at: number, price: number): FeatureBar => ({
  ...bar(at, [price, price + 1, price - 1, price]),
  closeTime: at + 3_600_000,
})

const DAY = 86_400_000
const hours = (from: number, to: number, price: (at: number) => number): FeatureBar[] =>
  Array.from({ length: (to - from) / 3_600_000 }, (_, i) => from + i * 3_600_000).map((at) =>
    hour(at, price(at)),
  )

describe('full days', () => {
  it('a day that was joined half way is never taken for a full one, nor has it a VWAP', () => {
    const bars = hours(12 * 3_600_000, 2 * DAY + 3_600_000, (at) => 100 + Math.floor(at / DAY) * 10)
    const snapshots = snapshotsOf(bars)
    const known = snapshots.findIndex((each) => each['htf_daily_high'] !== null)
    expect(bars[known]?.closeTime).toBe(2 * DAY)
    expect(snapshots[known]).toMatchObject({ htf_daily_high: 111, htf_daily_low: 109 })
    expect(snapshots.findIndex((each) => each['vwap'] !== null)).toBe(12)
  })

  it('the day that has just ended is yesterday; the one at hand is not looked at', () => {
    const snapshots = snapshotsOf(hours(0, 2 * DAY, (at) => (at < DAY ? 100 : 500)))
    expect(snapshots[22]).toMatchObject({ htf_daily_high: null, htf_price_vs_daily_mid: null })
    expect(snapshots[23]).toMatchObject({ htf_daily_high: 101, htf_price_vs_daily_mid: 0 })
    expect(snapshots[46]).toMatchObject({ htf_daily_high: 101, htf_price_vs_daily_mid: 400 })
    expect(snapshots[47]).toMatchObject({ htf_daily_high: 501, htf_prev_daily_high: 101 })
  })

  it('after a day without bars, yesterday is unknown', () => {
    const bars = [...hours(0, DAY, () => 100), ...hours(2 * DAY, 3 * DAY + 3_600_000, () => 200)]
    const snapshots = snapshotsOf(bars)
    expect(snapshots[24]).toMatchObject({ htf_daily_high: null, htf_prev_daily_high: 101 })
    expect(snapshots.at(-1)).toMatchObject({ htf_daily_high: 201, htf_prev_daily_high: null })
  })
})

describe('state', () => {
  it('saved and restored anywhere, the rest is the same; what comes later changes nothing before', () => {
    const bars = walkBars(400, 3)
    const whole = snapshotsOf(bars)
    for (const cut of [1, 14, 15, 57, 96, 200]) {
      const first = new FeatureBuilder()
      const head = bars.slice(0, cut).map((each) => first.update(each))
      const second = new FeatureBuilder(JSON.parse(JSON.stringify(first.snapshot())) as Json)
      const tail = bars.slice(cut).map((each) => second.update(each))
      expect([...head, ...tail]).toEqual(whole)
    }
  })
})

const expected = fileURLToPath(new URL('../../../../../shared/data/expected/', import.meta.url))
/** Published results; absent outside the workspace that holds them. */
const published = existsSync(expected) ? describe : describe.skip
const rowsOf = (file: string): string[][] =>
  readFileSync(`${expected}stock-indicators/${file}.csv`, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))

published('published results of 502 daily bars', () => {
  const snapshots = snapshotsOf(
    // A skipped block is run through all the same.
    (existsSync(expected) ? rowsOf('quotes-default') : []).map(([, ...cells], i) => {
      const [open, high, low, close, volume] = cells.map(Number) as [
        number,
        number,
        number,
        number,
        number,
      ]
      return bar(i * 900_000, [open, high, low, close], volume)
    }),
  )
  it.each<[string, string, number, number?]>([
    ['sma_20', 'sma', 1],
    ['ema_20', 'ema', 1],
    ['rsi_14', 'rsi', 1],
    ['atr_14', 'atr', 2],
    ['adx_14', 'adx', 4],
    ['plus_di_14', 'adx', 1],
    ['minus_di_14', 'adx', 2],
    ['bollinger_upper', 'bb', 2],
    ['bollinger_lower', 'bb', 3],
    ['bollinger_percent_b', 'bb', 4],
    ['bollinger_width', 'bb', 6],
    ['choppiness_14', 'chop', 1],
    ['donchian_upper_short', 'donchian', 1],
    ['donchian_lower_short', 'donchian', 3],
  ])('%s is column %s %d', (field, file, column) => {
    const rows = rowsOf(file)
    expect(rows).toHaveLength(502)
    let known = 0
    for (const [i, row] of rows.entries()) {
      const value = snapshots[i]![field] as number | null
      const wanted = row[column]!
      expect(value === null).toBe(wanted === '')
      if (value === null) continue
      known++
      expect(Math.abs(value - Number(wanted))).toBeLessThan(1e-8 * Math.max(1, Math.abs(value)))
    }
    expect(known).toBeGreaterThan(470)
  })
})
