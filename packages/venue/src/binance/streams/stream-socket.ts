import { WebSocket } from 'ws'

export type StreamSocketOptions = {
  /** Combined-stream URL without its query, e.g. `wss://fstream.binance.com/market/stream`. */
  readonly url: string
  readonly streams: readonly string[]
  /** Longest silence of a stream, by its name, before the connection is given up. */
  readonly staleMs: (stream: string) => number
  /** A connection is replaced after this; the venue cuts it at 24 h. */
  readonly rolloverMs: number
  readonly backoffFirstMs: number
  readonly backoffMaxMs: number
  /** A parsed message of one of the streams. */
  readonly onMessage: (message: unknown) => void
  readonly onUp: () => void
  /** The connection was lost or given up; another attempt follows by itself. */
  readonly onDown: (reason: string) => void
  /** A stream that delivers nothing although it is connected. */
  readonly onStale: (stream: string, silentMs: number) => void
}

/** A connection that has been open this long starts over with the shortest wait. */
const HEALTHY_MS = 10_000
const HANDSHAKE_MS = 10_000

/**
 * One combined-stream connection that is kept for ever: reconnects with growing, jittered waits, is
 * replaced before the venue cuts it (the new one delivers before the old one goes), and is given up
 * when a stream falls silent: a stream on the wrong route is accepted and never delivers.
 */
export class StreamSocket {
  readonly #options: StreamSocketOptions
  #current: WebSocket | null = null
  #successor: WebSocket | null = null
  #attempt = 0
  #openedAt = 0
  #stopped = false
  #retry: NodeJS.Timeout | null = null
  #rollover: NodeJS.Timeout | null = null
  #watchdog: NodeJS.Timeout | null = null
  readonly #seen = new Map<string, number>()

  constructor(options: StreamSocketOptions) {
    this.#options = options
  }

  start(): void {
    this.#stopped = false
    this.#connect()
    const every = Math.min(...this.#options.streams.map((name) => this.#options.staleMs(name))) / 4
    this.#watchdog = setInterval(() => this.#watch(), Math.max(20, every))
  }

  stop(): void {
    this.#stopped = true
    for (const timer of [this.#retry, this.#rollover, this.#watchdog])
      if (timer !== null) clearTimeout(timer)
    for (const socket of [this.#current, this.#successor]) socket?.terminate()
    this.#current = null
    this.#successor = null
  }

  /** Gives the connection up; another follows after a wait. */
  reconnect(reason: string): void {
    const lost = [this.#current, this.#successor]
    this.#current = null
    this.#successor = null
    for (const socket of lost) socket?.terminate()
    this.#lost(reason)
  }

  #open(): WebSocket {
    const url = `${this.#options.url}?streams=${this.#options.streams.join('/')}`
    const socket = new WebSocket(url, { handshakeTimeout: HANDSHAKE_MS })
    socket.on('message', (data: Buffer) => this.#receive(socket, data))
    socket.on('close', (code: number) => this.#closed(socket, `closed with code ${code}`))
    // An error is always followed by a close; without a listener it would end the process.
    socket.on('error', (error: Error) => this.#closed(socket, error.message))
    return socket
  }

  #connect(): void {
    if (this.#stopped) return
    const socket = this.#open()
    this.#current = socket
    socket.on('open', () => {
      if (this.#current !== socket) return
      this.#openedAt = performance.now()
      this.#seen.clear()
      this.#scheduleRollover()
      this.#options.onUp()
    })
  }

  #scheduleRollover(): void {
    if (this.#rollover !== null) clearTimeout(this.#rollover)
    this.#rollover = setTimeout(() => {
      if (this.#stopped || this.#current === null) return
      this.#successor = this.#open()
    }, this.#options.rolloverMs)
  }

  #receive(socket: WebSocket, data: Buffer): void {
    if (socket === this.#successor) this.#promote(socket)
    if (socket !== this.#current) return
    let message: unknown
    try {
      message = JSON.parse(data.toString('utf8'))
    } catch {
      this.reconnect('sent something that is not JSON')
      return
    }
    const stream = (message as { stream?: unknown } | null)?.stream
    if (typeof stream === 'string') this.#seen.set(stream, performance.now())
    this.#options.onMessage(message)
  }

  /** The successor delivers: from here on it is the connection, without a moment in between. */
  #promote(socket: WebSocket): void {
    const old = this.#current
    this.#current = socket
    this.#successor = null
    this.#openedAt = performance.now()
    this.#seen.clear()
    old?.terminate()
    this.#scheduleRollover()
  }

  #closed(socket: WebSocket, reason: string): void {
    if (socket === this.#successor) {
      this.#successor = null
      this.#scheduleRollover()
      return
    }
    if (socket !== this.#current) return
    this.reconnect(reason)
  }

  #lost(reason: string): void {
    if (this.#stopped) return
    if (this.#rollover !== null) clearTimeout(this.#rollover)
    const opened = this.#openedAt !== 0
    if (opened && performance.now() - this.#openedAt > HEALTHY_MS) this.#attempt = 0
    this.#openedAt = 0
    this.#options.onDown(reason)
    const { backoffFirstMs, backoffMaxMs } = this.#options
    const wait = Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.min(this.#attempt++, 16))
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#connect(), wait * (0.5 + Math.random() / 2))
  }

  #watch(): void {
    if (this.#openedAt === 0) return
    const now = performance.now()
    for (const stream of this.#options.streams) {
      const silent = now - Math.max(this.#seen.get(stream) ?? 0, this.#openedAt)
      if (silent <= this.#options.staleMs(stream)) continue
      this.#options.onStale(stream, Math.round(silent))
      this.reconnect(`${stream} delivered nothing for ${Math.round(silent)} ms`)
      return
    }
  }
}
