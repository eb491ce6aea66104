/** A measure, as data, so that the reference can be generated without running anything. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** `tapedeck_<area>_<what>_<base unit>`; counters end in `_total`. */
  readonly name: string
  readonly help: string
  /** Label names whose values come from closed sets: never ids, prices or user input. */
  readonly labels?: readonly string[]
  /** Upper bounds of a histogram, ascending, in the unit of the name. */
  readonly buckets?: readonly number[]
}

export type MetricDefinitions = Readonly<Record<string, MetricDefinition>>

/** OpenTelemetry's own names for what every HTTP server measures; all others are ours. */
const FOREIGN_NAMES = /^(http_server|messaging|db_client)_/
const NOT_BASE_UNITS = /_(ms|millis|milliseconds|micros|minutes|percent|kb|mb)(_total)?$/

/** Declares the measures of a service, and holds them to the naming rules. */
export const defineMetrics = <const D extends MetricDefinitions>(definitions: D): D => {
  for (const { type, name, help } of Object.values(definitions)) {
    if (
      !/^[a-z][a-z0-9_]*$/.test(name) ||
      !(name.startsWith('tapedeck_') || FOREIGN_NAMES.test(name))
    )
      throw new TypeError(`Metric ${name}: expected tapedeck_<area>_<what>_<unit>`)
    if ((type === 'counter') !== name.endsWith('_total'))
      throw new TypeError(`Metric ${name}: _total is for counters, and every counter has it`)
    if (NOT_BASE_UNITS.test(name))
      throw new TypeError(`Metric ${name}: expected a base unit (_seconds, _bytes, _ratio)`)
    if (help.trim() === '') throw new TypeError(`Metric ${name}: expected a help text`)
  }
  return definitions
}

/** A row of `docs/reference/metrics.md`. */
export interface MetricRow {
  readonly name: string
  readonly type: string
  readonly labels: readonly string[]
  readonly help: string
}

/** Definitions as rows, by name, for the generated reference. */
export const describeMetrics = (definitions: MetricDefinitions): MetricRow[] =>
  Object.values(definitions)
    .map(({ name, type, labels = [], help }) => ({ name, type, labels, help }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
