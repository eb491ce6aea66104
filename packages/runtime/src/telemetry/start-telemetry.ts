export interface TelemetryOptions {
  /** OTLP over HTTP, e.g. `http://127.0.0.1:4318`. Undefined: nothing is loaded, nothing is traced. */
  readonly endpoint: string | undefined
  readonly service: string
  readonly version: string
  readonly instanceId: string
  readonly environment: string
}

let stop: (() => Promise<void>) | null = null

const STOP_TIMEOUT_MS = 3_000

/**
 * Starts tracing when an endpoint is configured; twice is once. Sampling follows the standard
 * `OTEL_TRACES_SAMPLER` variables. Spans come from our own doors (HTTP, tape, database), which call the API
 * themselves: nothing is patched, so no loader hook is needed and module order does not matter.
 */
export const startTelemetry = async (options: TelemetryOptions): Promise<void> => {
  if (options.endpoint === undefined || stop !== null) return
  const [{ NodeSDK }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const base = options.endpoint.endsWith('/') ? options.endpoint : `${options.endpoint}/`
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({
      'service.name': options.service,
      'service.version': options.version,
      'service.instance.id': options.instanceId,
      'deployment.environment.name': options.environment,
    }),
    traceExporter: new OTLPTraceExporter({ url: new URL('v1/traces', base).href }),
    autoDetectResources: false,
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
  })
  sdk.start()
  stop = () => sdk.shutdown()
}

/** Sends what is waiting and stops, within a bound: a collector that is away must not keep a service. */
export const stopTelemetry = async (): Promise<void> => {
  const stopping = stop
  stop = null
  if (stopping === null) return
  let timer: NodeJS.Timeout | undefined
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STOP_TIMEOUT_MS)
  })
  await Promise.race([stopping().catch(() => undefined), bound])
  clearTimeout(timer)
}
