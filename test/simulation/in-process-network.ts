import type { Random } from '@tapedeck/core'
import type { FetchAnswer, FetchLike, LinkListener, OpenLink, StreamLink } from '@tapedeck/venue'
import type { ServableVenue, VenueRequest } from '@tapedeck/venue-simulator'
import { endOf, type ProtectiveTraffic, type RequestEnd } from './protective-traffic.ts'
import type { ProcessTime, VirtualTime } from './virtual-time.ts'

export const REST_URL = 'http://127.0.0.1:1'
export const STREAM_URL = 'ws://127.0.0.1:1'

/** What the way to the venue does to requests, beside what the venue itself does. */
export type Weather = {
  /** Share of order requests that are held up on the way, and for how long at most. */
  readonly lateShare: number
  readonly lateMsMax: number
  /** Nothing is late from here on. */
  readonly clearFrom: number
}

const UP_MS = 8
const DOWN_MS = 8
const STREAM_MS = 12

export type NetworkParts = {
  readonly time: VirtualTime
  readonly venue: ServableVenue
  readonly random: Random
  readonly weather: Weather
  readonly traffic: ProtectiveTraffic
}

class Answer implements FetchAnswer {
  readonly status: number
  readonly statusText = ''
  readonly headers: FetchAnswer['headers']
  readonly #body: string

  constructor(status: number, headers: Readonly<Record<string, string>>, body: string) {
    this.status = status
    this.#body = body
    this.headers = {
      forEach: (visit) => {
        for (const [name, value] of Object.entries(headers)) visit(value, name)
      },
    }
  }

  text(): Promise<string> {
    return Promise.resolve(this.#body)
  }
}

const split = (url: string, base: string): { path: string; query: string } => {
  if (!url.startsWith(base)) throw new Error(`a request to ${url}: expected ${base}`)
  const rest = url.slice(base.length)
  const mark = rest.indexOf('?')
  return mark < 0
    ? { path: rest, query: '' }
    : { path: rest.slice(0, mark), query: rest.slice(mark + 1) }
}

/**
 * The way between a process and a venue in the same memory, with latencies in virtual time. A request that
 * was sent arrives whatever becomes of its sender.
 */
export class InProcessNetwork {
  readonly #time: VirtualTime
  readonly #venue: ServableVenue
  readonly #random: Random
  readonly #weather: Weather
  readonly #traffic: ProtectiveTraffic
  #isClear = false
  #isClosed = false
  readonly #pending = new Set<() => void>()
  /** Requests that were held up long enough for their sender to have given up. */
  late = 0
  /** Told of each request as it arrives. */
  onArrival: (request: VenueRequest) => void = () => undefined

  constructor(parts: NetworkParts) {
    this.#time = parts.time
    this.#venue = parts.venue
    this.#random = parts.random
    this.#weather = parts.weather
    this.#traffic = parts.traffic
  }

  /**
   * Ends every request that is still under way, of dead processes too: libraries hold timers of the machine
   * for them.
   */
  close(): void {
    this.#isClosed = true
    for (const fail of this.#pending) fail()
    this.#pending.clear()
  }

  /** Nothing is held up from here on. */
  clear(): void {
    this.#isClear = true
  }

  #upMs(method: string): number {
    const { lateShare, lateMsMax, clearFrom } = this.#weather
    const may = method === 'POST' || method === 'DELETE'
    const isClear = this.#isClear || this.#time.now() >= clearFrom
    if (!may || isClear || !this.#random.chance(lateShare))
      return UP_MS + this.#random.integer(0, 4)
    this.late += 1
    return this.#random.integer(500, lateMsMax)
  }

  /** A `fetch` for one process. */
  fetchOf(life: ProcessTime): FetchLike {
    return (url, { method, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const { path, query } = split(url, REST_URL)
        const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
        const request: VenueRequest = {
          method,
          path,
          query,
          body: body ?? '',
          headers: Object.fromEntries(named) as Record<string, string>,
          remote: '127.0.0.1',
        }
        const parameters = `${query}&${request.body}`
        let told = false
        const begun = this.#traffic.begin(life, { method, path, parameters })
        const ended = (end: RequestEnd): void => {
          if (!told) begun(end, this.#time.now())
          told = true
        }
        const giveUp = (): void => {
          this.#pending.delete(fail)
          ended('unanswered')
          if (!life.hasEnded) reject(new DOMException('This operation was aborted', 'AbortError'))
        }
        const fail = (): void => reject(new TypeError('fetch failed'))
        if (this.#isClosed) return fail()
        this.#pending.add(fail)
        if (signal.aborted) return giveUp()
        signal.addEventListener('abort', giveUp, { once: true })
        this.#time.after(this.#upMs(method), () => {
          this.#venue.advanceTo(this.#time.now())
          this.onArrival(request)
          const delivery = this.#venue.request(request)
          if (delivery.kind === 'hang') return
          life.after(delivery.delayMs + DOWN_MS, () => {
            signal.removeEventListener('abort', giveUp)
            this.#pending.delete(fail)
            if (delivery.kind === 'reset') {
              ended('unanswered')
              reject(new TypeError('fetch failed'))
            } else {
              const { status, headers: sent, body: text } = delivery.response
              ended(endOf(status, text))
              resolve(new Answer(status, sent, text))
            }
          })
        })
      })
  }

  /** Stream connections of one process. */
  openLinkOf(life: ProcessTime): OpenLink {
    return (url, listener) => new Link(url, listener, life, this.#time, this.#venue)
  }
}

/** One stream connection. What either end sends arrives in order, a little later. */
class Link implements StreamLink {
  readonly #listener: LinkListener
  readonly #life: ProcessTime
  #far: ReturnType<ServableVenue['connect']> | null = null
  #over = false

  constructor(
    url: string,
    listener: LinkListener,
    life: ProcessTime,
    time: VirtualTime,
    venue: ServableVenue,
  ) {
    this.#listener = listener
    this.#life = life
    const { path, query } = split(url, STREAM_URL)
    time.after(STREAM_MS, () => {
      if (this.#over || life.hasEnded) return
      venue.advanceTo(time.now())
      if (venue.refusesConnection(path, query) !== null) return this.#end(1006, '')
      this.#soon(() => listener.onOpen())
      this.#far = venue.connect(path, query, {
        send: (text) => this.#soon(() => listener.onText(text)),
        ping: () => this.#soon(() => this.#far?.pong()),
        pong: () => this.#soon(() => listener.onPong()),
        close: (code, reason) => this.#soon(() => this.#end(code, reason)),
        terminate: () => this.#soon(() => this.#end(1006, '')),
      })
    })
  }

  #soon(run: () => void): void {
    this.#life.after(STREAM_MS, () => {
      if (!this.#over) run()
    })
  }

  #end(code: number, reason: string): void {
    if (this.#over) return
    this.#over = true
    this.#listener.onClose(code, reason)
  }

  send(text: string): void {
    this.#soon(() => this.#far?.receive(text))
  }

  ping(): void {
    this.#soon(() => this.#far?.ping())
  }

  close(code: number, reason: string): void {
    this.#far?.closed()
    this.#life.after(0, () => this.#end(code, reason))
  }

  terminate(): void {
    this.close(1006, '')
  }
}
