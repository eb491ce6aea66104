import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerProcess } from '@tapedeck/dev'

/** A server that ends again and again is started again ever more slowly. */
const RESTART_MS_MIN = 500
const RESTART_MS_MAX = 10_000

/** What of a server is needed to look after it. */
export type Watched = Pick<ServerProcess, 'onExit' | 'restart' | 'stop'>

/** The end of looking after a server. */
export interface Kept {
  /** Stops it for good, also in the middle of a new start. */
  stop(): Promise<void>
}

/**
 * Starts a server again whenever it ends by itself (it crashed, it was killed, the disk was full), on the
 * same port with the same data. Services wait meanwhile and go on by themselves.
 */
export const keepRunning = (
  server: Watched,
  onEvent: (event: string) => void,
  wait: (ms: number, signal: AbortSignal) => Promise<unknown> = (ms, signal) =>
    sleep(ms, undefined, { signal }),
): Kept => {
  const stopping = new AbortController()
  let starting: Promise<void> = Promise.resolve()

  const startAgain = async (): Promise<void> => {
    let delayMs = RESTART_MS_MIN
    while (!stopping.signal.aborted) {
      await wait(delayMs, stopping.signal).catch(() => undefined)
      if (stopping.signal.aborted) return
      try {
        await server.restart()
        onEvent('runs again')
        return
      } catch (error) {
        delayMs = Math.min(RESTART_MS_MAX, delayMs * 2)
        const reason = Error.isError(error) ? error.message : String(error)
        onEvent(`does not start, trying again in ${delayMs / 1000} s: ${reason}`)
      }
    }
  }

  server.onExit((asked) => {
    if (asked || stopping.signal.aborted) return
    onEvent('ended by itself, starting it again')
    starting = startAgain()
  })
  return {
    stop: async () => {
      stopping.abort()
      await starting
      await server.stop()
    },
  }
}
