import { recordingFingerprint } from '@tapedeck/recordings'
import { loadTradingConfig } from '@tapedeck/runtime'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals } from '../stop-signals.ts'
import { claimSession } from '../session/index.ts'
import {
  StatusLine,
  type Terminal,
  count,
  paint,
  printLine,
  rate,
  say,
  utc,
} from '../terminal/index.ts'
import { type Played, type RunState, playRecording } from './play-recording.ts'
import { printSummary, summaryDocument } from './print-summary.ts'
import { openRecordingFiles, recordingPaths } from './recording-files.ts'
import { newReplayFolder, pruneReplays } from './replay-folders.ts'

export interface ReplayOptions {
  readonly files: readonly string[]
  readonly symbol: string | undefined
  readonly speed: string
  readonly lockstep: boolean
  readonly split: boolean
  readonly json: boolean
  /** A folder to keep the replay in; without it one of the last few below the main data folder. */
  readonly data: string | undefined
  readonly mainDataDir: string
  readonly configPath: string
  readonly logLevel: string
}

/** A service that cannot go on would leave the others waiting for it for ever. */
const FATAL = /^cannot go on/

const totalTrades = ({ counts }: RunState): number =>
  Object.values(counts).reduce((sum, one) => sum + one.trades, 0)

/** What the line says while a recording plays: market time, trades, and how fast. */
const progressText = (): ((state: RunState) => string) => {
  let first: { at: number; trades: number } | null = null
  return (state) => {
    const trades = totalTrades(state)
    const now = performance.now()
    first ??= { at: now, trades }
    const seconds = (now - first.at) / 1_000
    const speed = seconds > 0.5 ? ` · ${rate((trades - first.trades) / seconds)} trades/s` : ''
    const time = state.market_time === null ? 'starting' : utc(state.market_time)
    return `Playing ${time} · ${count(trades)} trades${speed}`
  }
}

const exitCodeOf = (terminal: Terminal, { state }: Played): number => {
  if (state.phase === 'ended') return EXIT.OK
  say(
    terminal,
    `${paint(terminal.err, 'red', 'error:')} the recording is damaged: ${state.reason ?? ''}`,
  )
  say(terminal, 'Everything before that place was played. [RECORDING_INVALID]')
  return EXIT.CHECK_FAILED
}

/**
 * Plays recordings through all services in a stack of their own, and prints what came of it. Exit code 3
 * when the recording is damaged; what was readable has been played.
 */
export const runReplay = async (terminal: Terminal, options: ReplayOptions): Promise<number> => {
  const trading = loadTradingConfig(options.configPath)
  // Before anything is started: a file that is no recording fails at once.
  await openRecordingFiles(options.files, trading, options.symbol)
  const files = recordingPaths(options.files)
  const folder =
    options.data ??
    newReplayFolder(options.mainDataDir, await recordingFingerprint(files), Date.now())
  if (!options.lockstep && options.speed === 'max')
    say(terminal, 'Without lockstep at full speed the services decide late; most signals expire.')
  const line = new StatusLine({ terminal, now: () => performance.now(), plainIntervalMs: 10_000 })
  const failed = new AbortController()
  const claim = claimSession(folder)
  const signals = catchStopSignals(() => line.log('Stopping. Ctrl-C again ends it at once.'))
  const progress = progressText()
  try {
    const played = await playRecording({
      ...options,
      files,
      dataDir: folder,
      signal: AbortSignal.any([signals.signal, failed.signal]),
      onProgress: (text) => line.show(`${text}…`),
      onState: (state) => line.show(progress(state)),
      onEvent: (service, event) => {
        line.log(`${service}: ${event}`)
        if (FATAL.test(event)) failed.abort(new Error(`${service} ${event}`))
      },
      onStarted: ({ urls }) => claim.publish(urls),
    })
    line.clear()
    if (options.json) printLine(terminal, JSON.stringify(summaryDocument(played, folder)))
    else printSummary(terminal, played, folder)
    return exitCodeOf(terminal, played)
  } catch (error) {
    line.clear()
    if (!signals.caused(error)) throw error
    say(terminal, `Stopped before the end of the recording. Its data is in ${folder}.`)
    return signals.exitCode()!
  } finally {
    claim.release()
    signals.release()
    if (options.data === undefined) pruneReplays(options.mainDataDir)
  }
}
