import { readFileSync, statSync } from 'node:fs'
import { TapedeckError } from '@tapedeck/contracts'
import { Secret } from './secret.ts'

const BYTES_MAX = 64 * 1024

/**
 * The text of a file of secrets, without the line break at its end. `setting` names who asked for it. Throws
 * CREDENTIALS_INVALID when the file is not there, or when others on this machine may read it.
 */
export const readSecretFile = (setting: string, path: string): Secret => {
  const refuse = (problem: string): TapedeckError =>
    new TapedeckError('CREDENTIALS_INVALID', `${setting} ${path}: ${problem}`)
  let text: string
  try {
    const { mode, size } = statSync(path)
    if (process.platform !== 'win32' && (mode & 0o007) !== 0)
      throw refuse(`everybody on this machine may read or write it; run: chmod 600 ${path}`)
    if (size > BYTES_MAX) throw refuse(`it has ${size} bytes, expected a short text`)
    text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    if (error instanceof TapedeckError) throw error
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw refuse(`it cannot be read (${reason})`)
  }
  if (text === '') throw refuse('it is empty')
  return new Secret(text)
}
