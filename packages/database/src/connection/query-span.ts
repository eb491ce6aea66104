import { SpanKind, SpanStatusCode, isSpanContextValid, trace } from '@opentelemetry/api'
import type { Span } from '@opentelemetry/api'
import { sqlState } from './operating-error.ts'

/** Where the queries of one handle go, as OpenTelemetry names it. */
export interface QueryTarget {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly schema: string
}

const QUERY_TEXT_LENGTH_MAX = 2_000

/** `traceparent` of the active span (W3C Trace Context §3.2), or null when nothing is recorded. */
export const activeTraceparent = (): string | null => {
  const span = trace.getActiveSpan()
  return span?.isRecording() === true ? traceparentOf(span) : null
}

const traceparentOf = (span: Span): string | null => {
  const context = span.spanContext()
  if (!isSpanContextValid(context)) return null
  const flags = context.traceFlags.toString(16).padStart(2, '0')
  return `00-${context.traceId}-${context.spanId}-${flags}`
}

/** First word, and the table where one is easy to see: `insert outbox`. Never a value. */
const summaryOf = (text: string): string => {
  const match =
    /^\s*(?:(select)\b[^]*?\bfrom|(insert)\s+into|(update)|(delete)\s+from)\s+"?([a-z_][\w]*)"?/i.exec(
      text,
    )
  if (match === null) return /[a-z]+/i.exec(text)?.[0].toLowerCase() ?? 'query'
  const verb = match[1] ?? match[2] ?? match[3] ?? match[4] ?? ''
  return `${verb.toLowerCase()} ${match[5] ?? ''}`
}

/**
 * A client span for one statement (OpenTelemetry database conventions), or undefined when the caller
 * is not being recorded: polls and untraced work then cost one look-up.
 */
export const startQuerySpan = (
  target: QueryTarget,
  text: string,
  name: string | undefined,
): Span | undefined => {
  if (trace.getActiveSpan()?.isRecording() !== true) return undefined
  const summary = name ?? summaryOf(text)
  return trace.getTracer('@tapedeck/database').startSpan(summary, {
    kind: SpanKind.CLIENT,
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': `${target.database}|${target.schema}`,
      'db.query.summary': summary,
      'db.query.text': text.slice(0, QUERY_TEXT_LENGTH_MAX),
      'server.address': target.host,
      'server.port': target.port,
    },
  })
}

/** Ends the span; with the SQLSTATE or the error's name when the statement failed. */
export const endQuerySpan = (span: Span | undefined, error?: unknown): void => {
  if (span === undefined) return
  if (error !== undefined) {
    const state = sqlState(error)
    if (state !== undefined) span.setAttribute('db.response.status_code', state)
    span.setAttribute('error.type', state ?? (error as Error).name)
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}

/**
 * The statement with its trace as a comment (sqlcommenter), so that Postgres' own logs and
 * `pg_stat_activity` lead back to the trace. Not for named statements: their text may not change.
 */
export const withTraceComment = (text: string, span: Span | undefined): string => {
  const traceparent = span?.isRecording() === true ? traceparentOf(span) : null
  return traceparent === null ? text : `${text} /*traceparent='${traceparent}'*/`
}
