import { once } from 'node:events'
import { TapedeckError, type TradingConfig } from '@tapedeck/contracts'
import {
  type Measurement,
  type MeasureOptions,
  TradeContinuity,
  TradeMeasurer,
} from '@tapedeck/core'
import { loadTradingConfig } from '@tapedeck/runtime'
import { openRecordingFiles } from '../playback/recording-files.ts'
import { EXIT } from '../exit-codes.ts'
import { StatusLine, type Terminal, count } from '../terminal/index.ts'

export interface MeasureCommand {
  readonly files: readonly string[]
  readonly symbol: string | undefined
  readonly volumeBasis: 'trade' | 'window' | undefined
  readonly minAbsorptionVolume: number | undefined
  readonly regime: MeasureOptions['regime']
  readonly configPath: string
}

const optionsOf = (
  command: MeasureCommand,
  trading: TradingConfig,
  venue: string,
  symbol: string,
): MeasureOptions => {
  const instrument = trading.instruments.find(
    (one) => one.venue === venue && one.symbol === symbol,
  )!
  const { volumeBasis, minAbsorptionVolume, regime } = command
  return {
    instrument,
    orderFlow: trading.order_flow,
    session: trading.session,
    ...(volumeBasis === undefined ? {} : { volumeBasis }),
    ...(minAbsorptionVolume === undefined ? {} : { minAbsorptionVolume }),
    ...(regime === undefined ? {} : { regime }),
  }
}

/** Writes lines with backpressure; false once nobody reads them any more. */
const writeAll = async (
  { out, outClosed }: Terminal,
  found: readonly Measurement[],
): Promise<boolean> => {
  if (outClosed.aborted) return false
  const text = found.map((one) => `${JSON.stringify(one)}\n`).join('')
  if (out.write(text)) return true
  await once(out, 'drain', { signal: outClosed }).catch(() => undefined)
  return !outClosed.aborted
}

/**
 * Measures recordings with the core alone: one JSON object a line on stdout, in order. Prints that the venue
 * excludes (insurance fund, liquidation engine) are left out, as the services do.
 */
export const runMeasure = async (terminal: Terminal, command: MeasureCommand): Promise<number> => {
  const trading = loadTradingConfig(command.configPath)
  const recording = await openRecordingFiles(command.files, trading, command.symbol)
  if (recording.format === 'klines')
    throw new TapedeckError(
      'RECORDING_INVALID',
      'klines hold bars and no trades, so there is no order flow to measure',
    )
  const { venue, symbol } = recording.instruments[0]!
  const measurer = new TradeMeasurer(optionsOf(command, trading, venue, symbol))
  const line = new StatusLine({ terminal, now: () => performance.now(), plainIntervalMs: 10_000 })
  const started = performance.now()
  let trades = 0
  const continuity = new TradeContinuity()
  let lastTime = 0
  try {
    for await (const events of recording.events()) {
      const found: Measurement[] = []
      for (const event of events) {
        // What repeats or lies off the grid is left out, and times never fall: as on the tape.
        if (event.kind !== 'trade' || continuity.judge(event) !== 'accept') continue
        lastTime = Math.max(lastTime, event.time)
        trades++
        const { id, priceTicks, quantityLots, maker } = event
        found.push(
          ...measurer.push({
            id,
            priceTicks,
            quantityLots,
            time: lastTime,
            isBuyerMaker: maker === 1,
          }),
        )
      }
      if (found.length > 0 && !(await writeAll(terminal, found))) return EXIT.OK
      if (performance.now() - started > 1_000) line.show(`Measured ${count(trades)} trades`)
    }
  } finally {
    line.clear()
  }
  return EXIT.OK
}
