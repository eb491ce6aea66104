import { describe, expect, it } from '@jest/globals'
import { createMetrics } from './create-metrics.ts'
import { defineMetrics, describeMetrics, type MetricDefinition } from './define-metrics.ts'

describe('metrics', () => {
  const definitions = defineMetrics({
    rejections: {
      type: 'counter',
      name: 'tapedeck_risk_rejections_total',
      help: 'Signals denied',
      labels: ['limit'],
    },
    open: { type: 'gauge', name: 'tapedeck_positions_open', help: 'Open positions' },
    latency: { type: 'histogram', name: 'tapedeck_signal_latency_seconds', help: 'Latency' },
  })

  it('are exposed with their service, beside those of the process', async () => {
    const metrics = createMetrics('risk', '0.1.0')
    const { rejections, open, latency } = metrics.register(definitions)
    rejections.inc({ limit: 'leverage' })
    open.set(2)
    latency.observe(0.004)
    const text = await metrics.text()
    expect(text).toContain('tapedeck_risk_rejections_total{limit="leverage",service="risk"} 1')
    expect(text).toContain('tapedeck_positions_open{service="risk"} 2')
    expect(text).toContain('tapedeck_signal_latency_seconds_bucket{le="0.005",service="risk"} 1')
    expect(text).toContain('tapedeck_build_info{version="0.1.0",service="risk"} 1')
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds')
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1])
    expect(new Set(names).size).toBe(names.length)
  })

  it('of several services in a process do not meet', async () => {
    const [first, second] = [createMetrics('a', '1'), createMetrics('b', '1')]
    first.register(definitions).open.set(1)
    expect(await second.text()).not.toContain('tapedeck_positions_open')
  })

  it('are rows for the reference', () => {
    expect(describeMetrics(definitions)).toEqual([
      { name: 'tapedeck_positions_open', type: 'gauge', labels: [], help: 'Open positions' },
      {
        name: 'tapedeck_risk_rejections_total',
        type: 'counter',
        labels: ['limit'],
        help: 'Signals denied',
      },
      { name: 'tapedeck_signal_latency_seconds', type: 'histogram', labels: [], help: 'Latency' },
    ])
  })

  it.each<[string, MetricDefinition]>([
    ['a foreign prefix', { type: 'gauge', name: 'oft_x', help: 'h' }],
    ['a counter without _total', { type: 'counter', name: 'tapedeck_x', help: 'h' }],
    ['a gauge with _total', { type: 'gauge', name: 'tapedeck_x_total', help: 'h' }],
    ['milliseconds', { type: 'gauge', name: 'tapedeck_x_ms', help: 'h' }],
    ['no help', { type: 'gauge', name: 'tapedeck_x', help: ' ' }],
  ])('refuse %s', (_what, definition) => {
    expect(() => defineMetrics({ definition })).toThrow(definition.name)
  })
})
