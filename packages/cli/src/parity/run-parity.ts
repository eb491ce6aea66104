import {
  type ArchiveRun,
  type ParityReport,
  type TapeReader,
  compareSessions,
  openTape,
  recordedConfigs,
} from '@tapedeck/backtest'
import { TapedeckError, type TradingConfig } from '@tapedeck/contracts'
import { dec } from '@tapedeck/core'
import { loadTradingConfig } from '@tapedeck/runtime'
import { EXIT } from '../exit-codes.ts'
import { StatusLine, type Terminal, printLine } from '../terminal/index.ts'
import { findRuns, scopeOf } from '../verify/index.ts'
import { printParity } from './print-parity.ts'

export interface ParityCommand {
  /** `last`, a run, or a session's date. */
  readonly what: string
  readonly mainDataDir: string
  readonly archive: string | undefined
  /** What the backtest decides by, instead of the recorded configuration. */
  readonly configPath: string | undefined
  /** A tape folder that the backtest reads, instead of the market data of the archive. */
  readonly tapePath: string | undefined
  /** Sum of the trades' gaps without their signs that is still parity, in the quote asset. */
  readonly tolerance: string
  readonly json: boolean
}

/** The run that is meant, and the session when a date was. */
const choose = (command: ParityCommand): { runs: ArchiveRun[]; session: string | undefined } => {
  const scope = scopeOf(command.what)
  const runs = findRuns(command, scope)
  if (scope.kind === 'date') return { runs, session: scope.date }
  const run = runs[0]!
  if (scope.kind === 'id' && run.runId !== scope.id)
    throw new TapedeckError('NOT_FOUND', `no archived run is ${command.what}`, {
      hint: 'Name a run, last, or a session date such as 2026-01-05.',
    })
  return { runs: [run], session: undefined }
}

const configOf = (run: ArchiveRun): TradingConfig => {
  const [only, ...more] = recordedConfigs(run)
  if (only !== undefined && more.length === 0) return only.trading
  throw new TapedeckError(
    'CONFIG_INVALID',
    `${only === undefined ? 'no configuration lies' : 'several configurations lie'} beside run ${run.runId}`,
    { hint: 'Name the one that the backtest decides by: --config <file>.' },
  )
}

/**
 * Holds a recorded session against a backtest of the same period and prints the gap. 0 within the tolerance,
 * 1 beyond it. Throws NOT_FOUND when no run is meant, ARCHIVE_DAMAGED when it cannot be read.
 */
export const runParity = async (terminal: Terminal, command: ParityCommand): Promise<number> => {
  const { configPath, tapePath, json, tolerance } = command
  const given = configPath === undefined ? undefined : loadTradingConfig(configPath)
  const tape: TapeReader | undefined = tapePath === undefined ? undefined : await openTape(tapePath)
  const { runs, session } = choose(command)
  const line = new StatusLine({ terminal, now: () => performance.now(), plainIntervalMs: 10_000 })
  const reports: ParityReport[] = []
  try {
    for (const run of runs) {
      const report = await compareSessions({
        run,
        trading: given ?? configOf(run),
        ...(tape === undefined ? {} : { tape }),
        ...(session === undefined ? {} : { session }),
        onProgress: (text) => line.show(text),
      })
      const isEmpty = report.recorded.signals + report.backtest.signals === 0
      // A date names the newest run that did something in that session.
      if (session !== undefined && isEmpty) continue
      reports.push(report)
      break
    }
  } finally {
    line.clear()
  }
  const report = reports[0]
  if (report === undefined)
    throw new TapedeckError('NOT_FOUND', `no archived run has a signal in session ${session ?? ''}`)
  const isWithin = dec(report.absolute_gap).lte(dec(tolerance))
  if (json) printLine(terminal, JSON.stringify({ ...report, tolerance, within: isWithin }))
  else printParity(terminal, report, { tolerance, isWithin })
  return isWithin ? EXIT.OK : EXIT.FAILED
}
