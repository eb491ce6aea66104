import { spawn } from 'node:child_process'

export type ProgramResult = { readonly code: number; readonly text: string }

/** Runs a program to its end without a terminal. `code` 127 when it does not exist. Never throws. */
export const runProgram = async (
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; uid?: number; gid?: number } = {},
): Promise<ProgramResult> =>
  await new Promise((resolve) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    const keep = (chunk: Buffer): void => {
      text += chunk.toString('utf8')
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', (error) => resolve({ code: 127, text: String(error) }))
    child.once('close', (code) => resolve({ code: code ?? 1, text }))
  })
