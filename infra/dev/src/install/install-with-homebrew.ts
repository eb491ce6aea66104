import { findProgram } from './find-program.ts'
import { runProgram } from './run-program.ts'

/** Installs a formula where Homebrew is; returns null, or why it was not possible. */
export const installWithHomebrew = async (
  formula: string,
  onProgress: (text: string) => void,
): Promise<string | null> => {
  const brew = process.platform === 'darwin' ? findProgram('brew') : null
  if (brew === null) return 'Homebrew is not here'
  onProgress(`Installing ${formula} with Homebrew`)
  const { code, text } = await runProgram(brew, ['install', '--quiet', formula])
  return code === 0 ? null : `brew install ${formula} failed: ${text.trim()}`
}
