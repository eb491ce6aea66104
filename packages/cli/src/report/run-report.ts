import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BacktestContext,
  type BacktestResult,
  collectContext,
  parseResult,
  writeReport,
} from '@tapedeck/backtest'
import { TapedeckError } from '@tapedeck/contracts'
import { loadTradingConfig } from '@tapedeck/runtime'
import { openMarket } from '../backtest/open-market.ts'
import { EXIT } from '../exit-codes.ts'
import { type Terminal, printLine, say } from '../terminal/index.ts'
import { readContext, writeContext } from './context-file.ts'

export interface ReportCommand {
  /** Folder that `backtest --out` wrote. */
  readonly folder: string
  /** The market data that was played: tapes or recordings, for pictures of the trades. */
  readonly data: readonly string[]
  readonly configPath: string
  readonly symbol: string | undefined
  readonly periodsPerYear: number
  readonly riskFreePercent: number
  readonly seed: number
  readonly force: boolean
  readonly json: boolean
}

const RESULT = 'result.json'

const readResult = (folder: string): BacktestResult => {
  const path = join(folder, RESULT)
  if (!existsSync(path))
    throw new TapedeckError('NOT_FOUND', `there is no ${path}`, {
      hint: 'Name a folder that tapedeck backtest --out wrote.',
    })
  return parseResult(readFileSync(path, 'utf8'), path)
}

const contextOf = async (
  terminal: Terminal,
  { folder, data, configPath, symbol }: ReportCommand,
  result: BacktestResult,
): Promise<BacktestContext | null> => {
  if (data.length > 0) {
    const trading = loadTradingConfig(configPath)
    const { market } = await openMarket(data, trading, symbol)
    say(terminal, 'Reading the market around the trades …')
    const context = await collectContext(market, trading, result.trades)
    writeContext(folder, context)
    return context
  }
  return readContext(folder)
}

/** Writes `report.html` and `metrics.json` anew. */
export const runReport = async (terminal: Terminal, command: ReportCommand): Promise<number> => {
  const { folder, periodsPerYear, riskFreePercent, seed, force, json } = command
  const result = readResult(folder)
  const context = await contextOf(terminal, command, result)
  const { html, metrics, report } = await writeReport(result, folder, {
    context,
    force,
    seed,
    periodsPerYear,
    emptyPeriods: periodsPerYear < 365 ? 'skip' : 'zero',
    riskFreeRate: riskFreePercent / 100,
  })
  if (json) printLine(terminal, JSON.stringify(report))
  else for (const path of [metrics, html]) say(terminal, `Wrote ${path}`)
  return EXIT.OK
}
