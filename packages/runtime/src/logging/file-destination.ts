import { mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DestinationStream } from 'pino'

/** A log that cannot be written is no reason to stop trading. */
const BEARABLE = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EPIPE'])
/** A pipe that is full: its reader is slow. */
const BUSY = new Set(['EAGAIN', 'EBUSY'])
const BUSY_WAIT_MS = 50

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

const pause = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_WAIT_MS)
}

/**
 * Each line is written at once, so that the last words before a crash are not lost. While the disk is
 * full, lines are lost; how many is the first thing that is written once there is space again.
 */
class FileDestination implements DestinationStream {
  readonly #fd: number
  #lost = 0
  /** The disk filled up in the middle of a line. */
  #isTorn = false

  constructor(fd: number) {
    this.#fd = fd
  }

  write(line: string): void {
    try {
      this.#writeAll(Buffer.from(this.#notice() + line))
      this.#lost = 0
    } catch (error) {
      if (!BEARABLE.has(codeOf(error))) throw error
      this.#lost++
    }
  }

  #notice(): string {
    if (this.#lost === 0) return ''
    const lost = {
      level: 'warn',
      time: new Date().toISOString(),
      event: 'log_lines_lost',
      lines: this.#lost,
      msg: 'the log could not be written for a while',
    }
    return `${this.#isTorn ? '\n' : ''}${JSON.stringify(lost)}\n`
  }

  #writeAll(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length)
      try {
        at += writeSync(this.#fd, bytes, at)
        this.#isTorn = at < bytes.length
      } catch (error) {
        if (!BUSY.has(codeOf(error))) throw error
        pause()
      }
  }
}

/** Where lines go: a file, whose folder is made, or what a descriptor stands for. */
export const fileDestination = (dest: string | number): DestinationStream => {
  if (typeof dest === 'number') return new FileDestination(dest)
  mkdirSync(dirname(dest), { recursive: true })
  return new FileDestination(openSync(dest, 'a'))
}
