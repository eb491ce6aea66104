import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BacktestContext, type BacktestResult, writeReport } from '@tapedeck/backtest'
import { TapedeckError } from '@tapedeck/contracts'
import { CONTEXT, writeContext } from '../report/context-file.ts'

const RESULT = 'result.json'
const WRITTEN = [RESULT, CONTEXT, 'report.html', 'metrics.json']

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

/** Writes `result.json`, `metrics.json`, `report.html`, and what its pictures are made of; returns where. */
export const writeResults = async (
  result: BacktestResult,
  out: string,
  force: boolean,
  context: BacktestContext | null,
): Promise<string[]> => {
  mkdirSync(out, { recursive: true })
  const path = join(out, RESULT)
  const beside = `${path}.${process.pid}.part`
  writeFileSync(beside, `${JSON.stringify(result, null, 2)}\n`, { flush: true })
  renameSync(beside, path)
  // Pictures of another run would be taken for ones of this.
  if (context === null) rmSync(join(out, CONTEXT), { force: true })
  const pictures = context === null ? [] : [writeContext(out, context)]
  const { html, metrics } = await writeReport(result, out, { force, context })
  return [path, ...pictures, metrics, html]
}
