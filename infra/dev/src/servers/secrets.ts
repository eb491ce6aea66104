import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A password that needs no escaping in a URL or a configuration file. */
export const randomPassword = (): string => randomBytes(24).toString('hex')

/** Writes a file that only its owner can read, in one step. */
export const writeSecret = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

/** The password kept in `file`, made on first use: sessions that share a data folder share it. */
export const keptPassword = (file: string): string => {
  if (!existsSync(file)) writeSecret(file, randomPassword())
  return readFileSync(file, 'utf8').trim()
}
