import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BacktestResult, writeReport } from '@tapedeck/backtest'
import { TapedeckError } from '@tapedeck/contracts'

const RESULT = 'result.json'
const WRITTEN = [RESULT, 'report.html', 'metrics.json']

/** Throws OUTPUT_EXISTS before anything is played when something would have to be overwritten. */
export const assertFree = (
  out: string | undefined,
  messages: string | undefined,
  force: boolean,
): void => {
  if (force) return
  const files = [
    ...(out === undefined ? [] : WRITTEN.map((name) => join(out, name))),
    ...(messages === undefined ? [] : [messages]),
  ]
  const taken = files.find((file) => existsSync(file))
  if (taken !== undefined)
    throw new TapedeckError('OUTPUT_EXISTS', `${taken} exists`, {
      hint: 'Name another place, or --force to overwrite it.',
    })
}

/** Writes `result.json`, `metrics.json` and `report.html`; returns where. */
export const writeResults = async (
  result: BacktestResult,
  out: string,
  force: boolean,
): Promise<string[]> => {
  mkdirSync(out, { recursive: true })
  const path = join(out, RESULT)
  const beside = `${path}.${process.pid}.part`
  writeFileSync(beside, `${JSON.stringify(result, null, 2)}\n`, { flush: true })
  renameSync(beside, path)
  const { html, metrics } = await writeReport(result, out, { force })
  return [path, metrics, html]
}
