import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'

/** Throws STATE_CONFLICT when something is there that would be lost: told before hours of work, not after. */
export const assertFree = (folder: string, names: readonly string[], force: boolean): void => {
  const there = names.find((name) => existsSync(join(folder, name)))
  if (there === undefined || force) return
  throw new TapedeckError('STATE_CONFLICT', `${join(folder, there)} is there already`, {
    hint: 'Choose another --out, or --force to replace it.',
  })
}

/** Writes a file whole or not at all. */
export const writeWhole = (folder: string, name: string, text: string): string => {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  const scratch = `${path}.${process.pid}.partial`
  const file = openSync(scratch, 'w')
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(scratch, path)
  return path
}
