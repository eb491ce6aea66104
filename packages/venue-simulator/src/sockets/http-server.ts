import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Delivery, VenueRequest } from '../venue/venue-request.ts'
import type { ServableVenue } from './servable-venue.ts'

/** Far above anything a client sends; a batch of five orders has about two thousand. */
const BODY_BYTES_MAX = 262_144
const HEADER_BYTES_MAX = 16_384
const HEADERS_MAX = 100
/** Who sends more slowly than this is not a client. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_MS = 65_000
const CHECK_MS = 500
/** Answers that wait, and connections that hang, at once. */
const WAITING_MAX = 10_000
/** What a timer can hold. */
const TIMER_MS_MAX = 2 ** 31 - 1

const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

export type HttpServerOptions = {
  readonly venue: ServableVenue
  /** How long a client may take for its headers. Default 10 s. */
  readonly headersTimeoutMs?: number
  /** Said of what cannot be understood, for logs; never with a query, which holds signatures. */
  readonly onProblem: (problem: string) => void
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> => {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  return flat
}

/** Whether a body follows: most requests have none, and are answered at once. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Reads the body and hands it over as text; null when it is too long. Not at all when the client leaves. */
const readBody = (message: IncomingMessage, then: (body: string | null) => void): void => {
  if (!hasBody(message)) {
    then('')
    return
  }
  const chunks: Buffer[] = []
  let size = 0
  message.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= BODY_BYTES_MAX) chunks.push(chunk)
    else if (size - chunk.length <= BODY_BYTES_MAX) then(null)
  })
  message.on('end', () => {
    if (size <= BODY_BYTES_MAX) then(Buffer.concat(chunks).toString('utf8'))
  })
}

/** `/fapi/v1/order?a=b` in two; everything else about the address is of no interest. */
export const splitTarget = (target: string): { readonly path: string; readonly query: string } => {
  const at = target.indexOf('?')
  return at < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, at), query: target.slice(at + 1) }
}

const requestOf = (message: IncomingMessage, body: string): VenueRequest => ({
  method: message.method ?? 'GET',
  ...splitTarget(message.url ?? '/'),
  body,
  headers: headersOf(message),
  remote: message.socket.remoteAddress ?? '',
})

const answer = (
  response: ServerResponse,
  delivery: Extract<Delivery, { kind: 'answer' }>,
): void => {
  const { status, headers, body } = delivery.response
  if (response.destroyed) return
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** The REST side: every request goes to the venue as it came; what comes back is carried out. */
export class VenueHttpServer {
  readonly server: Server
  readonly #options: HttpServerOptions
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(options: HttpServerOptions) {
    this.#options = options
    this.server = createServer({
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    })
    this.server.maxHeadersCount = HEADERS_MAX
    this.server.on('request', (message, response) => this.#handle(message, response))
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const status = CLIENT_ERRORS[error.code ?? ''] ?? '400 Bad Request'
      if (socket.writable && error.code !== 'ECONNRESET')
        socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`)
      else socket.destroy()
    })
  }

  /** Forgets what was to be answered later. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #handle(message: IncomingMessage, response: ServerResponse): void {
    message.on('error', () => undefined)
    readBody(message, (body) => {
      if (body === null) {
        response.writeHead(413, { connection: 'close' }).end()
        return
      }
      try {
        this.#deliver(message, response, this.#options.venue.request(requestOf(message, body)))
      } catch (error) {
        this.#options.onProblem(error instanceof Error ? error.message : String(error))
        message.socket.destroy()
      }
    })
  }

  #deliver(message: IncomingMessage, response: ServerResponse, delivery: Delivery): void {
    // Held open without an answer: until the client has had enough.
    if (delivery.kind === 'hang') return
    const carryOut = (): void => {
      if (delivery.kind === 'answer') answer(response, delivery)
      else message.socket.resetAndDestroy()
    }
    const wait = Math.min(TIMER_MS_MAX, delivery.delayMs / (this.#options.venue.pace?.speed ?? 1))
    if (wait <= 0 || this.#timers.size >= WAITING_MAX) {
      carryOut()
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      carryOut()
    }, wait)
    this.#timers.add(timer)
  }
}
