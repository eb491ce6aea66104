/**
 * Structured logs on stdout.
 *
 * Entry points: `createLogger` (one per process), `serviceLogger` (one per service in it).
 * Invariants: one JSON object per line, field names as in OpenTelemetry, no secret by name or shape.
 */
export { createLogger, serviceLogger, type Logger, type LoggerOptions } from './create-logger.ts'
export { describeError, type DescribedError } from './describe-error.ts'
export { scrubLine } from './scrub-line.ts'
