/**
 * Measures for Prometheus.
 *
 * Entry points: `defineMetrics` (a service's catalogue, as data), `createMetrics` (its registry),
 * `describeMetrics` (rows for the reference), `WATCHED_METRICS` (what alerts read). Invariants: prefix
 * `tapedeck_`, base units, closed sets of label values.
 */
export { SERVICE_METRICS, createMetrics, type Instruments, type Metrics } from './create-metrics.ts'
export {
  defineMetrics,
  describeMetrics,
  type MetricDefinition,
  type MetricDefinitions,
  type MetricRow,
} from './define-metrics.ts'
export { WATCHED_METRICS } from './watched-metrics.ts'
