import type { IncomingHttpHeaders } from 'node:http'

/** Meant for one connection and not for the next (RFC 9110 §7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Ends here: the caller's credential, and what an edge must not believe or pass on. */
const NOT_FORWARDED = [
  'authorization',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'traceparent',
  'tracestate',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-id',
]

/** Set by this side for every answer. */
const NOT_RETURNED = ['date', 'ratelimit', 'ratelimit-policy', 'server-timing', 'x-request-id']

type Headers = Record<string, string | string[]>

const without = (headers: IncomingHttpHeaders, dropped: readonly string[]): Headers => {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  const drop = new Set([...HOP_BY_HOP, ...named, ...dropped])
  const kept: Headers = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !drop.has(name)) kept[name] = value
  return kept
}

/** What of a request's headers goes on to the service. */
export const requestHeaders = (headers: IncomingHttpHeaders): Headers =>
  without(headers, NOT_FORWARDED)

/** What of a service's headers goes back to the caller. */
export const responseHeaders = (headers: IncomingHttpHeaders): Headers =>
  without(headers, NOT_RETURNED)
