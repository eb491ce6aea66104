/**
 * Loaded before a service's own code: `node --import @tapedeck/runtime/telemetry src/main.ts`.
 * Reads only standard OpenTelemetry variables, since the service's configuration is not loaded yet.
 */
import { hostname } from 'node:os'
import { startTelemetry } from './start-telemetry.ts'

const { env } = process

await startTelemetry({
  endpoint: env['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined,
  service: env['OTEL_SERVICE_NAME'] ?? 'tapedeck',
  version: env['npm_package_version'] ?? 'unknown',
  instanceId: `${hostname()}-${process.pid}`,
  environment: env['NODE_ENV'] ?? 'development',
})
