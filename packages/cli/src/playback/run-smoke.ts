import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SERVICES, TapedeckError } from '@tapedeck/contracts'
import { REPOSITORY } from '@tapedeck/dev'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals } from '../stop-signals.ts'
import { StatusLine, type Terminal, paint, printLine, say } from '../terminal/index.ts'
import { checkChain } from './check-chain.ts'
import { playRecording } from './play-recording.ts'
import { removeStackFolder, scratchFolder } from './replay-folders.ts'

export interface SmokeOptions {
  readonly split: boolean
  readonly configPath: string
  readonly logLevel: string
}

/** The recording that comes with the code, its files in the order of their names. */
export const shippedRecording = (): string[] => {
  const folder = join(REPOSITORY, 'data', 'recordings')
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.gz'))
        .toSorted()
        .map((name) => join(folder, name))
    : []
  if (files.length > 0) return files
  throw new TapedeckError('NOT_FOUND', `${folder} holds no recording`, {
    hint: 'It comes with the repository; check the checkout.',
  })
}

/**
 * Plays the shipped recording through a throwaway stack and checks that the chain from market to review is
 * whole. One line of JSON on stdout; exit code 3 names the missing links on stderr.
 */
export const runSmoke = async (terminal: Terminal, options: SmokeOptions): Promise<number> => {
  const files = shippedRecording()
  const dataDir = scratchFolder('smoke')
  const line = new StatusLine({ terminal, now: () => performance.now(), plainIntervalMs: 0 })
  const failed = new AbortController()
  const signals = catchStopSignals(() => line.log('Stopping. Ctrl-C again ends it at once.'))
  const remove = (): void => removeStackFolder(dataDir)
  process.once('exit', remove)
  try {
    const played = await playRecording({
      ...options,
      files,
      symbol: undefined,
      speed: 'max',
      lockstep: true,
      dataDir,
      signal: AbortSignal.any([signals.signal, failed.signal]),
      onProgress: (text) => line.show(`${text}…`),
      onState: () => undefined,
      onEvent: (service, event) => {
        line.log(`${service}: ${event}`)
        if (event.startsWith('cannot go on')) failed.abort(new Error(`${service} ${event}`))
      },
    })
    line.clear()
    const { ok, missing, counts } = checkChain(played)
    const { waiting, deadLetters, seconds } = played
    const ready = SERVICES.length - waiting.length
    printLine(
      terminal,
      JSON.stringify({ ok, ready, ...counts, dead_letters: deadLetters, seconds }),
    )
    if (!ok)
      say(
        terminal,
        `${paint(terminal.err, 'red', 'error:')} the chain is not whole; missing: ${missing.join(', ')}`,
      )
    return ok ? EXIT.OK : EXIT.CHECK_FAILED
  } catch (error) {
    line.clear()
    if (!signals.caused(error)) throw error
    return signals.exitCode()!
  } finally {
    remove()
    process.off('exit', remove)
    signals.release()
  }
}
