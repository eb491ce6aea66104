import {
  type ArchiveRun,
  type RunReport,
  type VerifyRunOptions,
  type VerifyReport,
  recordedConfigs,
  verdictOf,
  verifyRun,
} from '@tapedeck/backtest'
import { TapedeckError, type TradingConfig } from '@tapedeck/contracts'
import { sessionOf } from '@tapedeck/core'
import { loadTradingConfig } from '@tapedeck/runtime'
import { EXIT } from '../exit-codes.ts'
import { StatusLine, type Terminal, count, printLine } from '../terminal/index.ts'
import { type RunScope, findRuns, scopeOf } from './find-runs.ts'
import { isAbout } from './is-about.ts'
import { printReport } from './print-report.ts'

export interface VerifyCommand {
  /** `last`, a session's date, an id; without it everything. */
  readonly what: string | undefined
  readonly mainDataDir: string
  readonly archive: string | undefined
  /** A configuration to compute by, instead of the recorded one. */
  readonly configPath: string | undefined
  readonly json: boolean
}

const EXIT_OF = { equal: EXIT.OK, different: EXIT.FAILED, damaged: EXIT.CHECK_FAILED } as const

const countedIn = ({ types }: RunReport): number =>
  Object.values(types).reduce(
    (sum, one) => sum + one.equal + one.different + one.missing + one.extra,
    0,
  )

/** What of a run is counted, by the scope. */
const optionsOf = (
  scope: RunScope,
  run: ArchiveRun,
  given: TradingConfig | undefined,
): VerifyRunOptions => {
  if (scope.kind === 'date') {
    const startUtc =
      (given ?? recordedConfigs(run, () => {})[0]?.trading)?.session.start_utc ?? '00:00'
    return { counts: ({ occurred_at }) => sessionOf(occurred_at, startUtc).id === scope.date }
  }
  return scope.kind === 'id' && scope.id !== run.runId ? { asked: isAbout(scope.id) } : {}
}

/** Nothing of the run is what was asked for. */
const isBeside = (scope: RunScope, run: ArchiveRun, report: RunReport): boolean => {
  if (scope.kind === 'date') return countedIn(report) === 0
  return scope.kind === 'id' && scope.id !== run.runId && report.asked.length === 0
}

/**
 * Verifies an archive and prints the report. 0 everything is equal, 1 something differs, 3 the archive is
 * damaged. Throws NOT_FOUND when nothing recorded is what was asked for.
 */
export const runVerify = async (terminal: Terminal, command: VerifyCommand): Promise<number> => {
  const { what, configPath, json } = command
  const scope = scopeOf(what)
  const given: TradingConfig | undefined =
    configPath === undefined ? undefined : loadTradingConfig(configPath)
  const line = new StatusLine({ terminal, now: () => performance.now(), plainIntervalMs: 10_000 })
  const started = performance.now()
  const runs: RunReport[] = []
  let messages = 0
  // In the order of the tape each run begins where the one before it ended.
  let before: VerifyRunOptions['before']
  try {
    for (const run of findRuns(command, scope)) {
      const report = await verifyRun(run, {
        ...optionsOf(scope, run, given),
        ...(given === undefined ? {} : { trading: given }),
        ...(scope.kind === 'all' && before !== undefined ? { before } : {}),
        onEnd: (state) => {
          before = state
        },
        onProgress: async (done) => {
          line.show(`Verifying ${run.runId}: ${count(done)} messages`)
          await new Promise((resolve) => setImmediate(resolve))
        },
      })
      messages += report.messages
      if (!isBeside(scope, run, report)) runs.push(report)
      // The newest run that knows the id is the one that was meant.
      if (scope.kind === 'id' && runs.length > 0) break
    }
  } finally {
    line.clear()
  }
  if (runs.length === 0)
    throw new TapedeckError('NOT_FOUND', `nothing archived is about ${what ?? 'anything'}`, {
      hint: 'Name a run, last, a session date (2026-01-05) or the id of a decision, trade, setup or event.',
    })
  const report: VerifyReport = { verdict: verdictOf(runs), messages, runs }
  if (json) printLine(terminal, JSON.stringify(report))
  else printReport(terminal, report, performance.now() - started)
  return EXIT_OF[report.verdict]
}
