/**
 * Traces with OpenTelemetry.
 *
 * Entry points: `startTelemetry` (or `--import @tapedeck/runtime/telemetry`), `withSpan`, and
 * `injectTrace`/`extractTrace` for W3C headers. Invariant: without a configured collector nothing of
 * the SDK is loaded, and every call here is a no-op.
 */
export { extractTrace, injectTrace, type HeaderMap } from './propagation.ts'
export { startTelemetry, stopTelemetry, type TelemetryOptions } from './start-telemetry.ts'
export { failSpan, withSpan, type SpanOptions } from './with-span.ts'
