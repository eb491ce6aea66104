import type { IncomingMessage, Server } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { StreamSink } from '../venue/stream-sink.ts'
import { splitTarget } from './http-server.ts'
import type { ServableVenue } from './servable-venue.ts'

/** A frame of a client: a subscription to a thousand streams has about thirty thousand. */
const FRAME_BYTES_MAX = 131_072
const CONNECTIONS_MAX = 1000
/** What may wait for a reader that does not read. */
const BUFFERED_BYTES_MAX = 8 * 1024 * 1024
/** How long a closing handshake may take. */
const CLOSE_MS_MAX = 2000
const TOO_SLOW = 1008

export type WsServerOptions = {
  readonly venue: ServableVenue
  /** permessage-deflate is agreed on with clients that offer it. */
  readonly deflate: boolean
  readonly bufferedBytesMax?: number
  readonly onProblem: (problem: string) => void
}

const refuse = (socket: Duplex, status: number): void => {
  const reason = STATUS_CODES[status] ?? 'Refused'
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

/** A socket as the venue sees it: what cannot be sent is bounded, and its reader is then cut off. */
class SocketSink implements StreamSink {
  readonly #socket: WebSocket
  readonly #bufferedBytesMax: number
  #pinged: Buffer = Buffer.alloc(0)

  constructor(socket: WebSocket, bufferedBytesMax: number) {
    this.#socket = socket
    this.#bufferedBytesMax = bufferedBytesMax
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > this.#bufferedBytesMax) {
      // A polite end would wait behind all that is not read.
      this.#socket.terminate()
      return
    }
    this.#socket.send(text)
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
  }

  /** A ping of the client, to be answered with its own data. */
  pinged(data: Buffer): void {
    this.#pinged = data
  }

  pong(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.pong(this.#pinged)
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_MS_MAX)
    timer.unref()
    this.#socket.once('close', () => clearTimeout(timer))
  }

  terminate(): void {
    this.#socket.terminate()
  }
}

/** Everything over websockets, on the same port as REST: addresses are judged before the handshake. */
export class VenueWsServer {
  readonly #options: WsServerOptions
  readonly #sockets: WebSocketServer

  constructor(server: Server, options: WsServerOptions) {
    this.#options = options
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: FRAME_BYTES_MAX,
      perMessageDeflate: options.deflate ? { threshold: 256, concurrencyLimit: 4 } : false,
      // A connection that plays dead answers no ping either: the venue decides.
      autoPong: false,
    })
    server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(message, socket, head),
    )
  }

  get connections(): number {
    return this.#sockets.clients.size
  }

  /** Ends what is still open. */
  stop(): void {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#sockets.close()
  }

  #upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const { path, query } = splitTarget(message.url ?? '/')
    const remote = message.socket.remoteAddress ?? ''
    const status =
      this.connections >= CONNECTIONS_MAX
        ? 503
        : this.#options.venue.refusesConnection(path, query, remote)
    if (status !== null) {
      refuse(socket, status)
      return
    }
    this.#sockets.handleUpgrade(message, socket, head, (client) =>
      this.#connect(client, path, query, remote),
    )
  }

  #connect(client: WebSocket, path: string, query: string, remote: string): void {
    const { venue, onProblem, bufferedBytesMax = BUFFERED_BYTES_MAX } = this.#options
    const sink = new SocketSink(client, bufferedBytesMax)
    // Too long a frame, bytes that are no text: the socket closes itself after it.
    client.on('error', (error: Error) => onProblem(`stream: ${error.message}`))
    const connection = venue.connect(path, query, sink, remote)
    client.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) client.close(TOO_SLOW, 'text frames only')
      else connection.receive(data.toString('utf8'))
    })
    client.on('ping', (data: Buffer) => {
      sink.pinged(data)
      connection.ping()
    })
    client.on('pong', () => connection.pong())
    client.on('close', () => connection.closed())
  }
}
