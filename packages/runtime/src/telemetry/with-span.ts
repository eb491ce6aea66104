import {
  SpanStatusCode,
  context,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanKind,
} from '@opentelemetry/api'

export interface SpanOptions {
  readonly kind?: SpanKind
  readonly attributes?: Attributes
  /** The creating spans of a batch; a single message uses `parent`. */
  readonly links?: Link[]
  /** From `extractTrace`; otherwise the active span is the parent. */
  readonly parent?: Context
}

const TRACER_NAME = 'tapedeck'

/** Marks a span as failed, without the message's secrets: the type and code tell enough. */
export const failSpan = (span: Span, error: unknown): void => {
  const { name, code } = (typeof error === 'object' && error !== null ? error : {}) as {
    name?: string
    code?: string
  }
  span.setAttribute('error.type', code ?? name ?? typeof error)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** Runs `work` inside a span that ends with it. Costs next to nothing while no collector is configured. */
export const withSpan = async <T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> => {
  const { parent = context.active(), ...rest } = options
  const span = trace.getTracer(TRACER_NAME).startSpan(name, rest, parent)
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span))
  } catch (error) {
    failSpan(span, error)
    throw error
  } finally {
    span.end()
  }
}
