import { WebSocket } from 'ws'
import type { OpenLink } from './stream-link.ts'

/** A frame beyond this ends the connection: nothing that the venue sends comes near it. */
const FRAME_BYTES_MAX = 16 * 1024 * 1024
const HANDSHAKE_MS = 10_000

/**
 * A websocket as a link. Uncompressed: messages are small, and inflating them costs more than they save.
 * Server pings are answered by the library.
 */
export const openWebSocket: OpenLink = (url, listener) => {
  const socket = new WebSocket(url, {
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
    followRedirects: false,
  })
  let problem: string | null = null
  socket.on('open', listener.onOpen)
  socket.on('message', (data: Buffer) => listener.onText(data.toString('utf8')))
  socket.on('pong', listener.onPong)
  // An error is always followed by a close; without a listener it would end the process.
  socket.on('error', (error: Error) => {
    problem = error.message
  })
  socket.on('close', (code: number, reason: Buffer) =>
    listener.onClose(code, problem ?? reason.toString('utf8')),
  )
  return {
    send: (text) => socket.send(text, () => undefined),
    ping: () => socket.ping(undefined, undefined, () => undefined),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  }
}
