import { SpanKind, context, propagation, trace, type Context, type Span } from '@opentelemetry/api'
import type { Message } from '@tapedeck/contracts'
import type { RawMessage } from './types.ts'

/** One message that led to something: its span, and the headers that what followed carries. */
export interface TracedHandling {
  readonly span: Span
  readonly context: Context
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Opens the span of a message that had outputs, as a child of whoever appended it. Messages without
 * outputs (nearly all ticks) open none. Costs next to nothing while nothing is traced.
 */
export const traceHandling = (
  service: string,
  raw: RawMessage,
  message: Message,
): TracedHandling => {
  const parent = propagation.extract(context.active(), raw.headers)
  const span = trace.getTracer('tapedeck').startSpan(
    `process ${message.type}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'nats',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': raw.subject,
        'messaging.destination.template': `tape.${message.type}`,
        'messaging.message.id': message.event_id,
        'messaging.message.conversation_id': message.correlation_id ?? '',
        'messaging.nats.stream_sequence': raw.seq,
        'messaging.consumer.group.name': service,
      },
    },
    parent,
  )
  const own = trace.setSpan(parent, span)
  const headers: Record<string, string> = {}
  propagation.inject(own, headers)
  return { span, context: own, headers }
}
