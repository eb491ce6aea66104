import { SERVICES } from '@tapedeck/contracts'
import {
  HTTP_METRICS,
  type MetricDefinitions,
  SERVICE_METRICS,
  TAPE_METRICS,
  WATCHED_METRICS,
  describeMetrics,
} from '@tapedeck/runtime'
import { GENERATED, page, table } from './markdown.ts'
import { DESCRIBED } from './services.ts'

const { reader, outbox, ...watchedOf } = WATCHED_METRICS

const section = (title: string, ...definitions: readonly MetricDefinitions[]): string[] => {
  const rows = definitions
    .flatMap((one) => describeMetrics(one))
    .map(({ name, type, labels, help }) => [
      `\`${name}\``,
      type,
      labels.map((label) => `\`${label}\``).join(', '),
      help,
    ])
  return rows.length === 0
    ? []
    : [`## ${title}`, table(['Name', 'Type', 'Labels', 'Meaning'], rows)]
}

/** `docs/reference/metrics.md`, from the definitions that the instruments are made of. */
export const metricsDocument = (): string =>
  page(
    GENERATED,
    '# Measures',
    'Every service answers at `/metrics` in the text format of Prometheus. Each sample carries `service` beside the labels named here; ' +
      'label values come from closed sets. Measures of the process (`process_*`, `nodejs_*`) come from prom-client. The sources are ' +
      '`packages/runtime/src/metrics/`, `packages/runtime/src/http/http-metrics.ts`, `packages/runtime/src/service/processing-metrics.ts` ' +
      'and `src/metrics.ts` of each service; what alerts read is in `watched-metrics.ts`.',
    ...section('Every service', SERVICE_METRICS, HTTP_METRICS),
    ...section('Every service that reads the tape through a brain', TAPE_METRICS, reader),
    ...section('Every durable service', outbox),
    ...SERVICES.flatMap((service) =>
      section(
        service,
        (watchedOf as Partial<Record<string, MetricDefinitions>>)[service] ?? {},
        DESCRIBED[service].metrics,
      ),
    ),
  )
