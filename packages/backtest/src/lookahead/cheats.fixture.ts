import type { TradingConfig } from '@tapedeck/contracts'
import type { BarStrategy, ClosedBar, StrategyDefinition, StrategyOrder } from '@tapedeck/core'
import type { BarSet } from '../bars/bar-series.ts'
import type { TapeReader } from '../tape/tape-chunk.ts'
import { brainSubject } from './brain-subject.ts'
import type { Subject } from './subject.ts'

/** Buys when `rises` says so and sells a bar later; the decision is all that differs between honest and not. */
const strategyOf = (name: string, rises: (bar: ClosedBar) => boolean): StrategyDefinition => ({
  name,
  about: 'Buys before it rises.',
  parameters: {},
  timeframes: null,
  warmupBars: () => 1,
  create: (): BarStrategy => {
    let bars = 0
    return {
      onBar: (bar, portfolio): readonly StrategyOrder[] => {
        const { lots } = portfolio.position(bar.symbol)
        if (lots > 0)
          return [{ action: 'exit', symbol: bar.symbol, lots: null, reason: 'next_bar' }]
        if (!rises(bar)) return []
        return [
          {
            action: 'enter',
            id: `e${bars++}`,
            symbol: bar.symbol,
            side: 'BUY',
            type: 'market',
            ticks: null,
            size: { lots: 10 },
            stopTicks: null,
            targetTicks: null,
            reason: 'rises',
          },
        ]
      },
      snapshot: () => bars,
    }
  },
})

/** Looks at the bar that is at hand. */
export const honest: StrategyDefinition = strategyOf('honest', ({ open, close }) => close > open)

const rowOf = ({ series }: BarSet, openTime: number): number =>
  series[0]!.openTime.indexOf(openTime)

/** Looks at the next bar of an array that it happens to share with the engine. */
export const peeking = (bars: BarSet): StrategyDefinition =>
  strategyOf('peeking', ({ openTime, close }) => {
    const next = bars.series[0]!.close[rowOf(bars, openTime) + 1]
    return next !== undefined && next > close
  })

/** Compares with the mean of all closes: a scale that was fitted to the whole of the data. */
export const fitted = (bars: BarSet): StrategyDefinition => {
  const { close, count } = bars.series[0]!
  const mean = close.subarray(0, count).reduce((sum, ticks) => sum + ticks, 0) / count
  return strategyOf('fitted', (bar) => bar.close < mean)
}

/** Another result each time, whatever comes: not the future's fault. */
export const unsteady = (): (() => StrategyDefinition) => {
  let plays = 0
  return () => {
    const play = plays++
    return strategyOf('unsteady', ({ openTime }) => (openTime / 60_000 + play) % 3 === 0)
  }
}

/** The brain, and beside it a decider that was given the tape to "calibrate" itself and kept the largest print. */
export const smuggling = (trading: TradingConfig): Subject<TapeReader> => ({
  name: 'smuggling',
  play: async (tape, hear) => {
    let largest = 0
    for (const { symbol } of tape.instruments) {
      for await (const { quantityLots, count } of tape.trades(symbol))
        for (let row = 0; row < count; row++) largest = Math.max(largest, quantityLots[row]!)
      for await (const { events } of tape.events(symbol))
        for (const event of events)
          if (event.kind === 'trade') largest = Math.max(largest, event.quantityLots)
    }
    await brainSubject(trading).play(tape, (at, what, body) => {
      hear(at, what, body)
      const { payload } = body as { payload: { timeframe?: string; volume_lots: number } }
      if (what.endsWith('market.bar.closed') && payload.timeframe === '1m')
        hear(at, 'smuggled', { busy: payload.volume_lots / largest })
    })
  },
})

/** All prints of a tape, by whichever way it holds them. */
const printsOf = async (tape: TapeReader, symbol: string): Promise<Print[]> => {
  const prints: Print[] = []
  for await (const { time, priceTicks, count } of tape.trades(symbol))
    for (let row = 0; row < count; row++) prints.push({ time: time[row]!, ticks: priceTicks[row]! })
  for await (const { events } of tape.events(symbol))
    for (const event of events)
      if (event.kind === 'trade') prints.push({ time: event.time, ticks: event.priceTicks })
  return prints
}
type Print = { readonly time: number; readonly ticks: number }

/** The brain, and beside it a decider that knows what each symbol will cost `byMs` later, and says so at every clock. */
export const foreseeing = (trading: TradingConfig, byMs: number): Subject<TapeReader> => ({
  name: 'foreseeing',
  play: async (tape, hear) => {
    const prints = new Map<string, Print[]>()
    for (const { symbol } of tape.instruments) prints.set(symbol, await printsOf(tape, symbol))
    await brainSubject(trading).play(tape, (at, what, body) => {
      hear(at, what, body)
      if (what !== 'market.clock') return
      for (const [symbol, all] of prints)
        hear(at, `${symbol} foreseen`, all.findLast(({ time }) => time <= at + byMs)?.ticks ?? null)
    })
  },
})
