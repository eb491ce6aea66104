import { context, propagation, type Context } from '@opentelemetry/api'

/** Headers of a message or a request, names in lower case. */
export type HeaderMap = Record<string, string>

/** Writes `traceparent` (and `tracestate`) of the active span into `headers` and returns them. */
export const injectTrace = (headers: HeaderMap = {}): HeaderMap => {
  propagation.inject(context.active(), headers)
  return headers
}

/** The context that a sender put into headers; the root context when there is none. */
export const extractTrace = (headers: Readonly<Record<string, unknown>>): Context =>
  propagation.extract(context.active(), headers)
