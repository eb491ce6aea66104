import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import type { BacktestResult } from '../result/backtest-result.ts'
import { buildReport, type Report, type ReportOptions } from './build-report.ts'
import { renderReport } from './render-report.ts'
import type { BacktestContext } from './trade-context.ts'

export type WriteReportOptions = ReportOptions & {
  /** Market data around trades, for pictures (`collectContext`). Null or left out: a report without them. */
  readonly context?: BacktestContext | null
  /** Replaces a report that is there. Default: refused. */
  readonly force?: boolean
}

export type WrittenReport = {
  readonly html: string
  readonly metrics: string
  readonly report: Report
}

/** The whole text or nothing: written beside it, synced, then renamed. */
const replaceFile = async (path: string, text: string): Promise<void> => {
  const beside = `${path}.${process.pid}.part`
  try {
    const file = await open(beside, 'w')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/**
 * Writes `report.markup` (one file that needs no network) and `metrics.json` into `dir`, which is made if it is not
 * there. Throws OUTPUT_EXISTS where one of them exists, unless `force` says to replace it.
 */
export const writeReport = async (
  result: BacktestResult,
  dir: string,
  options: WriteReportOptions = {},
): Promise<WrittenReport> => {
  const { context = null, force = false, ...figures } = options
  const written = { html: join(dir, 'report.html'), metrics: join(dir, 'metrics.json') }
  const taken = Object.values(written).find((path) => existsSync(path))
  if (taken !== undefined && !force)
    throw new TapedeckError('OUTPUT_EXISTS', `${taken} exists`, {
      hint: 'Name another place, or --force to overwrite it.',
    })
  const report = buildReport(result, figures)
  const page = renderReport(report, result, context)
  await mkdir(dir, { recursive: true })
  await replaceFile(written.metrics, `${JSON.stringify(report, null, 2)}\n`)
  await replaceFile(written.html, page)
  return { ...written, report }
}
