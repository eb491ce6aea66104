import { Writable } from 'node:stream'
import type { Terminal } from './terminal.ts'

export interface MemoryTerminal extends Terminal {
  stdout(): string
  stderr(): string
}

const sink = (isTTY: boolean): { stream: Writable; text: () => string } => {
  let text = ''
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString('utf8')
      done()
    },
  })
  return { stream: Object.assign(stream, { isTTY, columns: 60 }), text: () => text }
}

/** A terminal that remembers. With `tty` its stderr can be drawn over. */
export const memoryTerminal = ({ tty = false, env = {} } = {}): MemoryTerminal => {
  const out = sink(false)
  const err = sink(tty)
  return {
    out: out.stream,
    err: err.stream,
    env,
    outClosed: new AbortController().signal,
    stdout: out.text,
    stderr: err.text,
  }
}
