import {
  type LookaheadReport,
  ORDER_FLOW,
  barMaterial,
  barSubject,
  brainSubject,
  findLookahead,
  loadStrategy,
  openBarFiles,
  orderFlowSubject,
  tapeMaterial,
} from '@tapedeck/backtest'
import { TapedeckError, type TradingConfig, instrumentsOf } from '@tapedeck/contracts'
import { fillModelFrom } from '@tapedeck/core'
import { loadTradingConfig } from '@tapedeck/runtime'
import { EXIT } from '../exit-codes.ts'
import { StatusLine, type Terminal, printLine } from '../terminal/index.ts'
import { openData } from './open-data.ts'
import { printReport } from './print-report.ts'

export interface LookaheadCommand {
  /** A tape, recordings of one session, or klines for strategies over bars. */
  readonly paths: readonly string[]
  /** `order_flow`, a strategy on bars, or the path of a module. */
  readonly strategy: string
  readonly configPath: string
  readonly symbol: string | undefined
  readonly venue: string | undefined
  readonly cuts: number
  readonly seed: number
  readonly json: boolean
}

type Progress = (subject: string) => (done: number, of: number) => void

const examineOrderFlow = async (
  command: LookaheadCommand,
  trading: TradingConfig,
  progress: Progress,
): Promise<LookaheadReport[]> => {
  const { cuts, seed } = command
  const tape = await openData(command.paths, trading, command)
  const reports: LookaheadReport[] = []
  for (const subject of [orderFlowSubject(trading), brainSubject(trading)])
    reports.push(
      await findLookahead({
        subject,
        material: tapeMaterial(tape),
        cuts,
        seed,
        onProgress: progress(subject.name),
      }),
    )
  return reports
}

const examineBars = async (
  command: LookaheadCommand,
  trading: TradingConfig,
  progress: Progress,
): Promise<LookaheadReport[]> => {
  const { paths, symbol, venue, cuts, seed } = command
  const strategy = await loadStrategy(command.strategy)
  const bars = await openBarFiles({
    files: paths,
    instruments: instrumentsOf(trading),
    ...(symbol === undefined ? {} : { symbol }),
    ...(venue === undefined ? {} : { venue }),
  })
  const account = {
    costs: fillModelFrom(trading.execution),
    startingBalance: Number(trading.execution.starting_balance),
  }
  const subject = barSubject(account, strategy.name, () => strategy)
  return [
    await findLookahead({
      subject,
      material: barMaterial(bars),
      cuts,
      seed,
      onProgress: progress(strategy.name),
    }),
  ]
}

const verdictOf = (reports: readonly LookaheadReport[]): string => {
  const findings = reports.flatMap((report) => report.findings)
  if (findings.some(({ poison }) => poison === null)) return 'not_repeatable'
  return findings.length > 0 ? 'looks_ahead' : 'clean'
}

/** Exit code 1 when something looks ahead or is not repeatable; 3 when the data is too short to be cut. */
export const runLookahead = async (
  terminal: Terminal,
  command: LookaheadCommand,
): Promise<number> => {
  const trading = loadTradingConfig(command.configPath)
  const line = new StatusLine({ terminal, now: () => performance.now(), plainIntervalMs: 10_000 })
  const progress: Progress = (subject) => (done, of) =>
    line.show(`${subject}: play ${done} of ${of}`)
  const examine = command.strategy === ORDER_FLOW ? examineOrderFlow : examineBars
  let reports: LookaheadReport[]
  try {
    reports = await examine(command, trading, progress)
  } finally {
    line.clear()
  }
  const verdict = verdictOf(reports)
  if (command.json) printLine(terminal, JSON.stringify({ verdict, reports }))
  else for (const report of reports) printReport(terminal, report)
  if (verdict !== 'clean') return EXIT.FAILED
  if (reports.every(({ cuts }) => cuts.length > 0)) return EXIT.OK
  throw new TapedeckError('RECORDING_INVALID', 'no moment was found at which it can be cut', {
    hint: 'It takes data before and after a cut: give more of it.',
  })
}
