import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { TradeChunk } from '@tapedeck/backtest'
import {
  TapedeckError,
  type BarClosed,
  type Instrument,
  type TradingConfig,
} from '@tapedeck/contracts'
import { MarketComposer, type ComposedStep, type MarketEvent } from '@tapedeck/core'
import { detectFormat, openRecording } from '@tapedeck/recordings'
import { openRecordingFiles, recordingPaths } from '../playback/recording-files.ts'

export type ScanInput = {
  /** Klines (of several symbols, if their names say so), recordings of one market, or folders of tapes. */
  readonly files: readonly string[]
  readonly symbol: string | undefined
  readonly venue: string
  readonly trading: () => TradingConfig
}

/** Bars of one market. `read` gives every closed bar, shortest timeframe first where several close. */
export type BarSource = {
  readonly name: string
  readonly base: string
  readonly read: (onBars: (bars: readonly BarClosed[]) => Promise<void>) => Promise<void>
}

const barsOf = (steps: readonly ComposedStep[]): BarClosed[] =>
  steps.flatMap(({ outputs }) =>
    outputs.flatMap((output) => (output.type === 'market.bar.closed' ? [output.payload] : [])),
  )

/** `BTCUSDT=klines.csv` says which symbol a file holds; else a name such as `BTCUSDT-1h-2024.csv` does. */
const symbolOf = (given: string, symbol: string | undefined): { file: string; symbol: string } => {
  const explicit = /^([A-Z0-9_-]{1,32})=(.+)$/.exec(given)
  if (explicit !== null) return { symbol: explicit[1]!, file: explicit[2]! }
  const found = symbol ?? /^([A-Z0-9_]{2,32})[-.]/.exec(basename(given))?.[1]
  if (found !== undefined) return { symbol: found, file: given }
  throw new TapedeckError(
    'SYMBOL_UNKNOWN',
    `${basename(given)} does not say whose klines it holds`,
    {
      hint: 'Name the symbol with --symbol, or write SYMBOL=file.',
    },
  )
}

/**
 * Klines need no configured instrument: prices and volumes are read as decimals, on a grid that is finer
 * than any market's, which gives the same float64 as the market's own.
 */
const neutralInstrument = (venue: string, symbol: string): Instrument => ({
  venue,
  symbol,
  base_asset: symbol.slice(0, 16),
  quote_asset: 'QUOTE',
  tick_size: '0.00000001',
  lot_size: '0.00001',
  min_quantity: '0.00001',
  min_notional: '1',
  max_leverage: 1,
})

const klineSource = async (
  files: readonly string[],
  venue: string,
  symbol: string,
): Promise<BarSource> => {
  const instrument = neutralInstrument(venue, symbol)
  const recording = await openRecording({ files, instruments: [instrument], symbol, venue })
  return {
    name: `${symbol} ${venue}`,
    base: recording.composer.base ?? '15s',
    read: async (onBars) => {
      const composer = new MarketComposer({ instruments: [instrument], ...recording.composer })
      for await (const events of recording.events()) await onBars(barsOf(composer.push(events)))
    },
  }
}

const klineSources = async (
  files: readonly string[],
  { symbol, venue }: ScanInput,
): Promise<BarSource[]> => {
  const bySymbol = new Map<string, string[]>()
  for (const given of files) {
    const named = symbolOf(given, symbol)
    const known = bySymbol.get(named.symbol) ?? []
    bySymbol.set(named.symbol, [...known, ...recordingPaths([named.file])])
  }
  const sources: BarSource[] = []
  for (const [name, paths] of bySymbol) sources.push(await klineSource(paths, venue, name))
  return sources
}

const recordingSource = async (
  files: readonly string[],
  { trading, symbol }: ScanInput,
): Promise<BarSource> => {
  const recording = await openRecordingFiles(files, trading(), symbol)
  const { instruments, composer: options } = recording
  return {
    name: instruments.map((one) => `${one.symbol} ${one.venue}`).join(', '),
    base: options.base ?? '15s',
    read: async (onBars) => {
      const composer = new MarketComposer({ instruments, ...options })
      for await (const events of recording.events())
        await onBars(barsOf(composer.push(events.filter(({ kind }) => kind !== 'depth'))))
    },
  }
}

const tradesOf = (chunk: TradeChunk, from: number, to: number): MarketEvent[] =>
  Array.from({ length: to - from }, (_, i) => {
    const row = from + i
    return {
      kind: 'trade',
      symbol: chunk.symbol,
      id: chunk.id[row]!,
      priceTicks: chunk.priceTicks[row]!,
      quantityLots: chunk.quantityLots[row]!,
      time: chunk.time[row]!,
      maker: chunk.maker[row]! as 0 | 1,
      excluded: chunk.excluded?.[row] === 1,
    }
  })

const tapeSource = async (folder: string): Promise<BarSource> => {
  const { feedTape, openTape } = await import('@tapedeck/backtest')
  const tape = await openTape(folder)
  const { instruments, composer: options } = tape
  return {
    name: instruments.map((one) => `${one.symbol} ${one.venue}`).join(', '),
    base: options.base ?? '15s',
    read: async (onBars) => {
      const composer = new MarketComposer({ instruments, ...options })
      let bars: BarClosed[] = []
      const take = (events: readonly MarketEvent[]): void => {
        bars.push(...barsOf(composer.push(events)))
      }
      const sink = {
        trades: (chunk: TradeChunk, from: number, to: number) => take(tradesOf(chunk, from, to)),
        event: (event: MarketEvent) => {
          if (event.kind !== 'depth') take([event])
        },
      }
      const flush = (): Promise<void> | null => {
        if (bars.length === 0) return null
        const ready = bars
        bars = []
        return onBars(ready)
      }
      await feedTape(tape, {}, sink, flush)
      await flush()
    },
  }
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

/**
 * Opens everything that was named. Throws NOT_FOUND, RECORDING_INVALID, TAPE_FILE_INVALID, SYMBOL_UNKNOWN.
 */
export const openSources = async (input: ScanInput): Promise<BarSource[]> => {
  const paths = input.files.map((given) => given.replace(/^[A-Z0-9_-]{1,32}=/, ''))
  if (isFolder(paths[0]!)) return await Promise.all(recordingPaths(paths).map(tapeSource))
  const [first] = recordingPaths(paths)
  const format = await detectFormat(first!)
  return format === 'klines'
    ? await klineSources(input.files, input)
    : [await recordingSource(paths, input)]
}
