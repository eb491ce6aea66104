import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']

let received = null

/** The signal that was sent to us while a child ran; null when there was none. */
export const receivedSignal = () => received

/**
 * Runs a program with our terminal and returns its exit code (128 + n after signal n). Signals sent to
 * us are passed on. Not Ctrl-C at a terminal: the terminal gives that to every process of the group
 * itself, and a second one would read as "stop at once".
 */
export const runChild = (file, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit', ...options })
    const forward = (signal) => {
      received = signal
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    }
    for (const signal of FORWARDED) process.on(signal, forward)
    const settle = () => {
      for (const signal of FORWARDED) process.off(signal, forward)
    }
    child.once('error', (error) => {
      settle()
      // Ended by the caller's own `signal`: its exit follows.
      if (error.name !== 'AbortError') reject(error)
    })
    child.once('exit', (code, signal) => {
      settle()
      resolve(code ?? 128 + (constants.signals[signal] ?? 0))
    })
  })
