import { context, isSpanContextValid, trace } from '@opentelemetry/api'

/**
 * The active span as a `traceparent` header (W3C Trace Context §3.2), so that a trace goes on across
 * the tape. Nothing when no span is active.
 */
export const activeTraceparent = (): string | null => {
  const span = trace.getSpanContext(context.active())
  if (span === undefined || !isSpanContextValid(span)) return null
  const flags = span.traceFlags.toString(16).padStart(2, '0')
  return `00-${span.traceId}-${span.spanId}-${flags}`
}
