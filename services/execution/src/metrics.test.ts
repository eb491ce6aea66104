import { expect, it } from '@jest/globals'
import { createMetrics } from '@tapedeck/runtime'
import { golden } from '@tapedeck/service-testkit'
import { ExecutionMeter } from './metrics.ts'

const position = (changes: { side?: 'LONG' | 'FLAT'; protected?: boolean }, run = 'a') => ({
  ...golden('execution.position.changed', changes),
  run_id: run,
})

it('gauges follow every output, counters only those that are new', async () => {
  const metrics = createMetrics('execution', '1')
  const meter = new ExecutionMeter(metrics)
  meter.observe(golden('execution.order.filled'), { isNew: false })
  expect(await metrics.text()).not.toContain('tapedeck_orders_total{')
  meter.observe(golden('execution.order.filled'), { isNew: true })
  expect(await metrics.text()).toMatch(/tapedeck_orders_total\{.*status="FILLED".*\} 1/)
})

it('shows what stands without a stop: told, restored, flat, or of another run', async () => {
  const metrics = createMetrics('execution', '1')
  const meter = new ExecutionMeter(metrics)
  const shown = async () =>
    /tapedeck_position_unprotected\{.*\} (\d)/.exec(await metrics.text())?.[1] ?? null
  meter.restore([{ account: 'paper', symbol: 'BTCUSDT', side: 'LONG', protected: false }])
  expect(await shown()).toBe('1')
  meter.observe(position({ protected: true }), { isNew: false })
  expect(await shown()).toBe('0')
  // A table that was read late does not know better than the tape.
  meter.restore([{ account: 'paper', symbol: 'BTCUSDT', side: 'LONG', protected: false }])
  expect(await shown()).toBe('0')
  meter.observe(position({ protected: false }), { isNew: true })
  expect(await shown()).toBe('1')
  meter.observe(position({ side: 'FLAT', protected: false }), { isNew: true })
  expect(await shown()).toBe('0')
  meter.observe(position({ protected: false }), { isNew: true })
  meter.observe({ ...golden('execution.account.updated'), run_id: 'b' }, { isNew: true })
  expect(await shown()).toBeNull()
})
