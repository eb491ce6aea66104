import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import {
  defineMetrics,
  describeMetrics,
  type MetricDefinition,
  type MetricDefinitions,
  type MetricRow,
} from './define-metrics.ts'

type LabelsOf<D extends MetricDefinition> = D['labels'] extends readonly string[]
  ? D['labels'][number]
  : never

type InstrumentOf<D extends MetricDefinition> = D['type'] extends 'counter'
  ? Counter<LabelsOf<D>>
  : D['type'] extends 'gauge'
    ? Gauge<LabelsOf<D>>
    : Histogram<LabelsOf<D>>

export type Instruments<D extends MetricDefinitions> = {
  readonly [K in keyof D]: InstrumentOf<D[K]>
}

/** The measures of one service. */
export interface Metrics {
  /** Makes the instruments of a definition; each name once. */
  register<D extends MetricDefinitions>(definitions: D): Instruments<D>
  /** Called before each reading, for measures that grow by themselves such as an age. */
  onRead(update: () => void): void
  /** All that was registered, for documents and tests. */
  catalogue(): MetricRow[]
  /** Prometheus text: the service's own measures and those of the process. */
  text(): Promise<string>
  readonly contentType: string
}

/** 1 ms to 10 s: what people wait for and what orders take. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Measures that every service has. */
export const SERVICE_METRICS = defineMetrics({
  buildInfo: {
    type: 'gauge',
    name: 'tapedeck_build_info',
    help: 'Constant 1; its labels say what runs',
    labels: ['version'],
  },
  ready: {
    type: 'gauge',
    name: 'tapedeck_service_ready',
    help: '1 while the service is ready, else 0',
  },
})

let processRegistry: Registry | null = null

/** Event loop, garbage collection and memory belong to the process, so its services share them. */
const sharedProcessRegistry = (): Registry => {
  if (processRegistry === null) {
    processRegistry = new Registry()
    collectDefaultMetrics({ register: processRegistry })
  }
  return processRegistry
}

const instrument = (
  definition: MetricDefinition,
  registry: Registry,
): Counter | Gauge | Histogram => {
  const options = {
    name: definition.name,
    help: definition.help,
    labelNames: [...(definition.labels ?? [])],
    registers: [registry],
  }
  if (definition.type === 'counter') return new Counter(options)
  if (definition.type === 'gauge') return new Gauge(options)
  return new Histogram({ ...options, buckets: [...(definition.buckets ?? LATENCY_BUCKETS)] })
}

/** The registry of a service. Every sample carries `service`. */
export const createMetrics = (service: string, version: string): Metrics => {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  const shared = sharedProcessRegistry()
  const rows: MetricRow[] = []
  const updates: (() => void)[] = []
  const metrics: Metrics = {
    register: <D extends MetricDefinitions>(definitions: D) => {
      rows.push(...describeMetrics(definitions))
      return Object.fromEntries(
        Object.entries(definitions).map(([key, value]) => [key, instrument(value, registry)]),
      ) as unknown as Instruments<D>
    },
    catalogue: () => rows.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    onRead: (update) => {
      updates.push(update)
    },
    text: async () => {
      for (const update of updates) update()
      return `${await registry.metrics()}\n${await shared.metrics()}`
    },
    contentType: registry.contentType,
  }
  metrics.register({ buildInfo: SERVICE_METRICS.buildInfo }).buildInfo.set({ version }, 1)
  return metrics
}
