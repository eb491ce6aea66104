import { NotSent, type FetchLike } from '@tapedeck/venue'
import { LEASE_TTL_MS } from './lease-desk.ts'

/** As the service has it: a process that has not renewed its lease in time sends nothing but questions. */
export class SendFence {
  #renewedAt = -Infinity
  readonly #now: () => number
  /** How often something was held back. */
  held = 0

  constructor(now: () => number) {
    this.#now = now
  }

  renewed(at: number): void {
    this.#renewedAt = at
  }

  around(fetch: FetchLike): FetchLike {
    return (url, request) => {
      const isQuestion = request.method === 'GET' || url.includes('/listenKey')
      if (isQuestion || this.#now() - this.#renewedAt < LEASE_TTL_MS) return fetch(url, request)
      this.held += 1
      return Promise.reject(new NotSent('the lease may be lost'))
    }
  }
}
