import { stripVTControlCharacters } from 'node:util'
import { ERASE_LINE, type Terminal, canAnimate, columnsOf } from './terminal.ts'

/** Without a terminal a line is written at most this often. */
const PLAIN_INTERVAL_MS = 30_000

export interface StatusLineOptions {
  readonly terminal: Terminal
  readonly now: () => number
  /** Where nothing can be drawn over: how often a line is written. */
  readonly plainIntervalMs?: number
}

/** One line on stderr that is drawn over in a terminal, and written now and then elsewhere. */
export class StatusLine {
  readonly #options: StatusLineOptions
  readonly #animates: boolean
  #shown = ''
  #writtenAt = -Infinity

  constructor(options: StatusLineOptions) {
    this.#options = options
    this.#animates = canAnimate(options.terminal)
  }

  /** What the line says now. */
  show(text: string): void {
    const { terminal, now, plainIntervalMs = PLAIN_INTERVAL_MS } = this.#options
    if (this.#animates) {
      const line = fit(text, columnsOf(terminal.err) - 1)
      if (line === this.#shown) return
      this.#shown = line
      terminal.err.write(`${ERASE_LINE}${line}`)
      return
    }
    if (now() - this.#writtenAt < plainIntervalMs) return
    this.#writtenAt = now()
    terminal.err.write(`${text}\n`)
  }

  /** A line that stays, above the one that is drawn over. */
  log(text: string): void {
    const { err } = this.#options.terminal
    if (this.#shown === '') err.write(`${text}\n`)
    else err.write(`${ERASE_LINE}${text}\n${this.#shown}`)
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown !== '') this.#options.terminal.err.write(ERASE_LINE)
    this.#shown = ''
  }
}

/** Cuts a text to a width; color is given up for it, since a cut escape would color the rest. */
const fit = (text: string, width: number): string => {
  const plain = stripVTControlCharacters(text)
  return plain.length <= width ? text : `${plain.slice(0, Math.max(1, width - 1))}…`
}
