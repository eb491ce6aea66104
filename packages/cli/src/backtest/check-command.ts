import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import type { BacktestCommand } from './backtest-command.ts'

const iso = (at: number): string => new Date(at).toISOString()

const refuse = (message: string, hint: string): never => {
  throw new TapedeckError('VALIDATION_FAILED', message, { hint })
}

const kindOf = (path: string): 'folder' | 'file' | null => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return null
  return found.isDirectory() ? 'folder' : 'file'
}

/** Throws VALIDATION_FAILED for what would fail when everything has been played, or would play nothing at all. */
export const assertPossible = ({ from, to, out, messages }: BacktestCommand): void => {
  if (from !== undefined && to !== undefined && to <= from)
    refuse(
      `--to ${iso(to)}: expected a moment after --from, which is ${iso(from)}`,
      'Change one of them, or leave one out to play from the beginning or to the end.',
    )
  if (out !== undefined && kindOf(out) === 'file')
    refuse(
      `--out ${out}: is a file, expected a folder`,
      'Name a folder; it is made when it is not there.',
    )
  if (messages === undefined) return
  if (kindOf(messages) === 'folder')
    refuse(`--messages ${messages}: is a folder, expected a file`, 'Name a file in it.')
  if (kindOf(dirname(messages)) === 'file')
    refuse(`--messages ${messages}: ${dirname(messages)} is a file`, 'Name a file in a folder.')
}
