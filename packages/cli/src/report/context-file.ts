import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BacktestContext, parseContext } from '@tapedeck/backtest'

/** The market around the trades of a result, beside it. */
export const CONTEXT = 'context.json'

/** Written as a whole or not at all; returns where. */
export const writeContext = (folder: string, context: BacktestContext): string => {
  const path = join(folder, CONTEXT)
  const beside = `${path}.${process.pid}.part`
  writeFileSync(beside, `${JSON.stringify(context)}\n`, { flush: true })
  renameSync(beside, path)
  return path
}

/** Null where there is none. Throws VALIDATION_FAILED that names the field. */
export const readContext = (folder: string): BacktestContext | null => {
  const path = join(folder, CONTEXT)
  return existsSync(path) ? parseContext(readFileSync(path, 'utf8'), path) : null
}
