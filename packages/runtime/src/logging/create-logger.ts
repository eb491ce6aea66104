import { trace } from '@opentelemetry/api'
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino'
import { PinoPretty } from 'pino-pretty'
import { describeError } from './describe-error.ts'
import { fileDestination } from './file-destination.ts'
import { scrubLine } from './scrub-line.ts'

export type Logger = PinoLogger

export interface LoggerOptions {
  readonly level: string
  /** `human` is used on a terminal only. */
  readonly format: 'json' | 'human'
  /** Equal to the OpenTelemetry resource, so that logs and traces meet. */
  readonly instanceId: string
  readonly environment: string
  /** Lines go to this file instead of stdout; its folder is made. */
  readonly file?: string
  /** Where lines go instead of stdout. */
  readonly destination?: DestinationStream
}

const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'apiKey',
  'api_key',
  'token',
  'pepper',
]

const traceFields = (): Record<string, string> => {
  const span = trace.getActiveSpan()
  if (span === undefined) return {}
  const { traceId, spanId, traceFlags } = span.spanContext()
  return {
    trace_id: traceId,
    span_id: spanId,
    trace_flags: traceFlags.toString(16).padStart(2, '0'),
  }
}

const destinationOf = (options: LoggerOptions): DestinationStream => {
  if (options.destination !== undefined) return options.destination
  if (options.file !== undefined) return fileDestination(options.file)
  return options.format === 'human' && process.stdout.isTTY
    ? PinoPretty({
        sync: true,
        messageFormat: '{service.name} {msg}',
        ignore: 'service.name,service.version,service.instance.id,deployment.environment.name',
      })
    : fileDestination(1)
}

/**
 * The logger of a process: one JSON line per event on stdout. Lines are written synchronously, so the
 * last words before a crash are not lost. Log state changes, never ticks.
 */
export const createLogger = (options: LoggerOptions): Logger =>
  pino(
    {
      level: options.level,
      base: {
        'service.instance.id': options.instanceId,
        'deployment.environment.name': options.environment,
      },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
      mixin: traceFields,
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[redacted]',
      },
      hooks: { streamWrite: scrubLine },
    },
    destinationOf(options),
  )

/** The logger of one service; nine of them may share a process. */
export const serviceLogger = (logger: Logger, service: string, version: string): Logger =>
  logger.child({ 'service.name': service, 'service.version': version })
