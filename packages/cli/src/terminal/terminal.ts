import { styleText } from 'node:util'
import type { Writable } from 'node:stream'

type Style = Parameters<typeof styleText>[0]

/** Where a command writes. Data goes to `out`, everything said to a person to `err`. */
export interface Terminal {
  readonly out: Writable
  readonly err: Writable
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborts when whoever reads `out` is gone (`| head`). */
  readonly outClosed: AbortSignal
}

/** Takes away what stands on the line. */
export const ERASE_LINE = '\r\u001B[2K'

interface MaybeTty extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
}

const isTty = (stream: Writable): boolean => (stream as MaybeTty).isTTY === true

/** Whether a line may be drawn over: a terminal that is not `dumb`, outside of CI logs. */
export const canAnimate = ({ err, env }: Terminal): boolean =>
  isTty(err) && env['TERM'] !== 'dumb' && env['CI'] === undefined

/** Columns of the terminal behind a stream; a bound for files and pipes, where lines may be long. */
export const columnsOf = (stream: Writable): number => (stream as MaybeTty).columns ?? 200

/** Colored where the stream takes color: a terminal without NO_COLOR, or FORCE_COLOR. */
export const paint = (stream: Writable, style: Style, text: string): string =>
  styleText(style, text, { stream })

/** The process's own streams. A reader that leaves is not an error: writing just ends. */
export const processTerminal = (): Terminal => {
  const closed = new AbortController()
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') closed.abort()
    else throw error
  })
  process.stderr.on('error', () => undefined)
  return { out: process.stdout, err: process.stderr, env: process.env, outClosed: closed.signal }
}

/** One line of data. */
export const printLine = ({ out }: Terminal, text: string): void => {
  if (!out.writableEnded && !out.destroyed) out.write(`${text}\n`)
}

/** One line for a person. */
export const say = ({ err }: Terminal, text: string): void => {
  err.write(`${text}\n`)
}

/** Says that something is being loaded while it is, where the line can be taken away again. */
export const whileLoading = async <T>(terminal: Terminal, load: Promise<T>): Promise<T> => {
  if (!canAnimate(terminal)) return await load
  terminal.err.write('Loading…')
  try {
    return await load
  } finally {
    terminal.err.write(ERASE_LINE)
  }
}
