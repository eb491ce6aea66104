import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { OrderFlowConfig } from '@tapedeck/contracts'
import { describe, expect, it } from '@jest/globals'
import { decimalToSteps, parseStep } from '../market/index.ts'
import { BinVolumes } from './bin-volumes.ts'
import { readFunding } from './funding.ts'
import { measureTrades, type MeasuredTrade } from './measure-trades.ts'

const shared = fileURLToPath(new URL('../../../../../shared/', import.meta.url))
/** Golden answers and recordings; absent outside the workspace that holds them. */
const golden = existsSync(`${shared}golden`) ? describe : describe.skip

const casesOf = <T>(file: string): T[] =>
  (JSON.parse(readFileSync(`${shared}golden/${file}`, 'utf8')) as { cases: T[] }).cases

type RawTrade = { t: number; T: number; p: string; q: string; X: string; m: boolean }

const recordedTrades = (): MeasuredTrade[] => {
  const tick = parseStep('0.10')
  const lot = parseStep('0.001')
  const raw = readFileSync(`${shared}data/binance-ws-raw/usdm-btcusdt-20240808.ws.gz`)
  return gunzipSync(raw)
    .toString()
    .split('\n')
    .filter((line) => line.includes('@trade"'))
    .map((line) => (JSON.parse(line.slice(line.indexOf(' '))) as { data: RawTrade }).data)
    .filter(({ X }) => X === 'MARKET')
    .map(({ t, T, p, q, m }) => ({
      id: t,
      priceTicks: decimalToSteps(p, tick)!,
      quantityLots: decimalToSteps(q, lot)!,
      time: T,
      isBuyerMaker: m,
    }))
}

type DeltaCase = {
  in: number
  delta: Record<string, number>
  ratio: Record<string, number>
  cvd: number
}
type DetectionCase = { in: number; kind: string; weighted: number; confidence: number }

const closeTo = (value: number, wanted: number): void =>
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 1e-9)

/** The published bins are those of Python's round(price / bin); ours are floor. */
const roundHalfEven = (value: number): number => {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}

golden('golden answers', () => {
  it('delta windows, absorption and traps of a recording, evaluation by evaluation', () => {
    const found = [
      ...measureTrades(recordedTrades(), {
        instrument: {
          venue: 'binance-usdm',
          symbol: 'BTCUSDT',
          tick_size: '0.10',
          lot_size: '0.001',
          profile_bin_ticks: 100,
          min_absorption_volume: 50,
          footprint_imbalance_floor: 0,
        },
        volumeBasis: 'trade',
        minAbsorptionVolume: 10,
      }),
    ]
    const deltas = found.filter(({ kind }) => kind === 'delta')
    const wantedDeltas = casesOf<DeltaCase>('delta-windows.json')
    expect(deltas).toHaveLength(wantedDeltas.length)
    for (const [i, wanted] of wantedDeltas.entries()) {
      const { in: at, ratio: ratios, ...exact } = wanted
      const { ratio, ...sums } = deltas[i] as unknown as DeltaCase
      expect(sums).toEqual({ at, kind: 'delta', ...exact })
      for (const [window, value] of Object.entries(ratios)) closeTo(ratio[window]!, value)
    }
    const detections = found.filter(({ kind }) => kind === 'absorption' || kind === 'trapped')
    const wantedDetections = casesOf<DetectionCase>('absorption-and-traps.json')
    expect(detections).toHaveLength(wantedDetections.length)
    for (const [i, wanted] of wantedDetections.entries()) {
      const { in: at, weighted, confidence, ...exact } = wanted
      const detection = detections[i] as unknown as DetectionCase
      expect(detection).toMatchObject({ at, ...exact })
      closeTo(detection.weighted, weighted)
      closeTo(detection.confidence, confidence)
    }
  })

  it('funding: crowding, sentiment and filters', () => {
    const config = OrderFlowConfig.parse({}).funding
    for (const { in: input, ...wanted } of casesOf<{
      in: { rate: number }
      extremity: number
      bias_adjustment: number
      strength: number
    }>('funding.json')) {
      const reading = readFunding(input.rate, config)
      const { extremity, bias_adjustment, strength, ...exact } = wanted
      expect({
        crowding: reading.crowding,
        sentiment: reading.sentiment,
        filter_long: reading.filterLong,
        filter_short: reading.filterShort,
      }).toEqual(exact)
      closeTo(reading.extremity, extremity)
      closeTo(reading.biasAdjustment, bias_adjustment)
      closeTo(reading.strength, strength)
    }
  })

  it('footprint: volume by side and bin of 1000 published trades', () => {
    const file = `${shared}data/expected/footprint/ethusdt-public-trades-1000.csv.gz`
    const trades = gunzipSync(readFileSync(file))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
    expect(trades).toHaveLength(1000)
    const rowsBy = (ticksPerBin: number) => {
      const bins = new BinVolumes(1)
      for (const [, , , , side, price, amount] of trades)
        bins.add(
          roundHalfEven(Math.round(Number(price) * 100) / ticksPerBin),
          Math.round(Number(amount) * 1000),
          side === 'sell',
        )
      return bins.levels().map(({ buyLots, sellLots }) => ({
        sell: sellLots / 1000,
        buy: buyLots / 1000,
        delta: (buyLots - sellLots) / 1000,
      }))
    }
    const fine = rowsBy(5)
    expect(fine).toHaveLength(23)
    expect(fine[0]).toEqual({ sell: 197.512, buy: 88.98, delta: -108.532 })
    expect(fine.at(-1)).toEqual({ sell: 50.659, buy: 108.21, delta: 57.551 })
    const coarse = rowsBy(100)
    expect(coarse).toHaveLength(2)
    expect(coarse[0]).toMatchObject({ sell: 710.98, delta: 52.72 })
  })
})
