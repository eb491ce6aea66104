import { type FetchLike, NotSent } from '@tapedeck/venue'

/** Keeps a stream of account news alive; moves nothing. */
const LISTEN_KEY = '/listenKey'

/**
 * The same `fetch`, which lets nothing but questions out once another instance may act in our place. It is asked
 * after a request was signed, so what passes bears a time at which we did act: a process that is stopped right
 * here sends what the venue refuses as too old by the time its successor takes an order for never sent.
 */
export const fencedFetch =
  (fetch: FetchLike, mayAct: () => boolean): FetchLike =>
  async (url, request) => {
    if (request.method !== 'GET' && !url.includes(LISTEN_KEY) && !mayAct())
      throw new NotSent('another instance may act by now: nothing is sent without the lease')
    return await fetch(url, request)
  }
