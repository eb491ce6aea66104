import { connect } from 'node:net'

const ANSWER_MS_MAX = 1_000

/** Sends `question` to a loopback port and returns what came back first, or null when nothing did. */
export const ask = async (port: number, question = ''): Promise<string | null> =>
  await new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const end = (answer: string | null): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(ANSWER_MS_MAX, () => end(null))
    socket.once('error', () => end(null))
    socket.once('close', () => end(null))
    socket.once('connect', () => socket.write(question))
    socket.once('data', (chunk) => end(chunk.toString('utf8')))
  })
