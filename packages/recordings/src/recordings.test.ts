import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import type { BarClosed, Instrument } from '@tapedeck/contracts'
import { MarketComposer, type ComposedStep, type LaneCounts } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { openRecording } from './open-recording.ts'

/** Published market data beside the checkout; its README says what each file holds. */
const shared = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))
const present = existsSync(shared)

const instrument = (venue: string, symbol: string, tick: string, lot: string) =>
  testInstrument({
    venue,
    symbol,
    tick_size: tick,
    lot_size: lot,
    min_quantity: lot,
    min_notional: '5',
  })
const usdm = instrument('binance-usdm', 'BTCUSDT', '0.1', '0.001')
const spot = instrument('binance-spot', 'BTCUSDT', '0.01', '0.00001')
const nexo = instrument('binance-spot', 'NEXOUSDT', '0.001', '0.01')

const play = async (
  names: readonly string[],
  instruments: readonly Instrument[],
  symbol?: string,
): Promise<{ counts: LaneCounts; steps: ComposedStep[]; format: string }> => {
  const files = names.map((name) => `${shared}${name}`)
  const recording = await openRecording({
    files,
    instruments,
    ...(symbol === undefined ? {} : { symbol }),
  })
  const composer = new MarketComposer({ instruments: recording.instruments, ...recording.composer })
  const steps: ComposedStep[] = []
  for await (const events of recording.events()) steps.push(...composer.push(events))
  steps.push(...composer.flush())
  const counts = composer.counts()[recording.instruments[0]!.symbol]!
  return { counts, steps, format: recording.format }
}

const bars = (steps: readonly ComposedStep[], timeframe: string): BarClosed[] =>
  steps
    .flatMap(({ outputs }) => outputs)
    .filter(({ type }) => type === 'market.bar.closed')
    .map(({ payload }) => payload as BarClosed)
    .filter((bar) => bar.timeframe === timeframe)

const key = (bar: BarClosed): string =>
  [
    bar.open_ticks,
    bar.high_ticks,
    bar.low_ticks,
    bar.close_ticks,
    bar.volume_lots,
    bar.buy_lots,
    bar.trades,
  ].join()

const CLEAN = { duplicates: 0, late: 0, missing: 0, rejected: 0, depthGaps: 0 }
const describeWithData = present ? describe : describe.skip

describeWithData('recordings of ../shared/data (skipped where the folder is absent)', () => {
  it.each([
    {
      name: 'USD-M 2024: every book state with a quote of its own id equals it',
      files: ['usdm-btcusdt-20240808'],
      of: usdm,
      counts: { trades: 21_313, excluded: 0, quotesCompared: 629, quotesAgreed: 629 },
    },
    {
      name: 'USD-M 2023, two files, one session: the insurance fund print measures nothing',
      files: ['usdm-btcusdt-20230404', 'usdm-btcusdt-20230405'],
      of: usdm,
      counts: { trades: 12_935, excluded: 1, quotesCompared: 1565, quotesAgreed: 1565 },
    },
    {
      name: 'spot 2024 over midnight',
      files: ['spot-btcusdt-20240808', 'spot-btcusdt-20240809'],
      of: spot,
      counts: { trades: 19_904, excluded: 0, quotesCompared: 1072, quotesAgreed: 1072 },
    },
    {
      name: 'spot NEXO, a full day',
      files: ['spot-nexousdt-20240723', 'spot-nexousdt-20240724'],
      of: nexo,
      counts: { trades: 12_458, excluded: 0, quotesCompared: 12_198, quotesAgreed: 12_198 },
    },
  ])('$name', async ({ files, of, counts }) => {
    const paths = files.map((name) => `binance-ws-raw/${name}.ws.gz`)
    const played = await play(paths, [usdm, spot, nexo])
    expect(played.format).toBe('raw')
    expect(played.counts).toMatchObject({ ...CLEAN, retimed: 0, ...counts })
    const outputs = played.steps.flatMap((step) => step.outputs)
    expect(
      outputs.every(({ aggregate_id: id }) => id === 'market' || id.startsWith(of.venue)),
    ).toBe(true)
  })

  it('the print far off the market enters no bar', async () => {
    const { steps } = await play(
      ['binance-ws-raw/usdm-btcusdt-20230404.ws.gz', 'binance-ws-raw/usdm-btcusdt-20230405.ws.gz'],
      [usdm],
    )
    const highest = Math.max(...bars(steps, '1m').map(({ high_ticks }) => high_ticks))
    expect(highest).toBeLessThan(282_000)
  })

  it('a continuation alone has no book: it waits for a snapshot and passes none on', async () => {
    const { counts, steps } = await play(['binance-ws-raw/usdm-btcusdt-20230405.ws.gz'], [usdm])
    expect(counts).toMatchObject({ trades: 10_738, quotesCompared: 0 })
    const types = new Set(steps.flatMap(({ outputs }) => outputs.map(({ type }) => type)))
    expect(types.has('market.depth')).toBe(false)
  })

  it('aggTrade streams of one symbol out of a capture of four', async () => {
    const sushi = instrument('binance-usdm', 'SUSHIUSDT', '0.001', '1')
    const file = 'binance-usdm-streams-20210722/BINANCE_FUTURES.ws.1.0.gz'
    const { counts } = await play([file], [sushi], 'SUSHIUSDT')
    expect(counts).toMatchObject({ ...CLEAN, trades: 40 })
    await expect(play([file], [sushi])).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      details: { symbols: ['AKROUSDT', 'CTKUSDT', 'KEEPUSDT', 'SUSHIUSDT'] },
    })
  })

  it('files in the wrong order are refused, not played backwards', async () => {
    await expect(
      play(
        [
          'binance-ws-raw/usdm-btcusdt-20230405.ws.gz',
          'binance-ws-raw/usdm-btcusdt-20230404.ws.gz',
        ],
        [usdm],
      ),
    ).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringContaining('in order'),
    })
  })

  it('aggTrades of the archive', async () => {
    const xrp = instrument('binance-spot', 'XRPETH', '0.00000001', '1')
    const { counts, format } = await play(
      ['aggtrades/spot-XRPETH-aggTrades-20191011-20191013.csv.gz'],
      [xrp],
    )
    expect(format).toBe('aggTrades')
    expect(counts).toMatchObject({ ...CLEAN, trades: 12_477, retimed: 0 })
  })

  it.each([
    ['binance-spot-klines/BTCUSDT-15m-20241230-20251231', '15m', 35_232],
    ['binance-spot-klines/BTCUSDT-1h-202201-202604', '1h', 37_923],
    ['binance-spot-klines/BTCUSDT-4h-201708-202604', '4h', 19_052],
    ['binance-spot-klines/BTCUSDT-1d-201708-202604', '1d', 3178],
    ['binance-spot-klines/BTCUSDT-1m-202511', '1m', 43_201],
    ['binance-usdm-klines/BTCUSDT-1m-2024-03-30', '1m', 1440],
  ])('klines %s: every row is a bar', async (name, timeframe, rows) => {
    const { steps } = await play([`${name}.csv.gz`], [spot])
    expect(bars(steps, timeframe)).toHaveLength(rows)
  })

  it('15m klines resampled to 1h equal the published 1h klines in all hours', async () => {
    const fine = instrument('binance-spot', 'BTCUSDT', '0.01', '0.00000001')
    const built = bars(
      (await play(['binance-spot-klines/BTCUSDT-15m-20241230-20251231.csv.gz'], [fine])).steps,
      '1h',
    )
    const published = new Map(
      bars(
        (await play(['binance-spot-klines/BTCUSDT-1h-202201-202604.csv.gz'], [fine])).steps,
        '1h',
      ).map((bar) => [bar.open_time, bar]),
    )
    expect(built).toHaveLength(8808)
    const different = built.filter((bar) => {
      const other = published.get(bar.open_time)!
      return key(bar) !== key(other)
    })
    expect(different).toEqual([])
  })
})
