import type { FetchLike, OpenLink } from '@tapedeck/venue'
import type { ServableVenue } from '../../src/index.ts'
import type { VirtualClock } from './virtual-clock.ts'

const NO_BODY = new Set([101, 204, 205, 304])

/** `fetch` that is answered by a venue in the same process, in its time. */
export const fetchFrom =
  (venue: ServableVenue, clock: VirtualClock, requests: string[]): FetchLike =>
  (url, { method, headers, body = '', signal }) => {
    const { pathname, search } = new URL(url)
    requests.push(`${method} ${pathname}`)
    const delivery = venue.request({
      method,
      path: pathname,
      query: search.slice(1),
      body,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      remote: '10.0.0.1',
    })
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('given up')))
      if (delivery.kind === 'hang') return
      clock.after(delivery.delayMs, () => {
        if (delivery.kind === 'reset') {
          reject(new TypeError('fetch failed', { cause: new Error('ECONNRESET') }))
          return
        }
        const { status, headers: given, body: text } = delivery.response
        resolve(new Response(NO_BODY.has(status) ? null : text, { status, headers: given }))
      })
    })
  }

/** Stream connections to a venue in the same process. */
export const linksTo =
  (venue: ServableVenue, clock: VirtualClock): OpenLink =>
  (url, listener) => {
    const { pathname, search } = new URL(url)
    const path = pathname
    const query = search.slice(1)
    let connection: ReturnType<ServableVenue['connect']> | null = null
    let isOver = false
    const end = (code: number, reason: string): void => {
      if (isOver) return
      isOver = true
      listener.onClose(code, reason)
    }
    const tell = (act: () => void): void => {
      if (!isOver) act()
    }
    clock.after(0, () => {
      if (isOver) return
      if (venue.refusesConnection(path, query) !== null) {
        end(1006, '')
        return
      }
      connection = venue.connect(path, query, {
        send: (text) => tell(() => listener.onText(text)),
        ping: () => tell(() => connection?.pong()),
        pong: () => tell(() => listener.onPong()),
        close: (code, reason) => end(code, reason),
        terminate: () => end(1006, ''),
      })
      // The venue's end is there first: what is sent at once arrives.
      tell(() => listener.onOpen())
    })
    const leave = (code: number, reason: string): void => {
      connection?.closed()
      clock.after(0, () => end(code, reason))
    }
    return {
      send: (text) => tell(() => connection?.receive(text)),
      ping: () => tell(() => connection?.ping()),
      close: leave,
      terminate: () => leave(1006, ''),
    }
  }
