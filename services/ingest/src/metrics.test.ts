import { expect, it } from '@jest/globals'
import type { Message } from '@tapedeck/contracts'
import { createMetrics, systemClock } from '@tapedeck/runtime'
import { golden } from '@tapedeck/service-testkit'
import { FeedMeter } from './metrics.ts'

const ON = 'venue="binance-usdm",symbol="BTCUSDT",service="ingest"'
const MINUTE = 60_000
const START = Date.UTC(2026, 0, 5, 8)

const status = (state: 'up' | 'down' | 'gap', at: number): Message => ({
  ...golden('market.feed.status', { channel: 'trades', status: state }),
  occurred_at: at,
})

it('a feed is up while prints come, and a hole is shown as long as a window touches it', async () => {
  const metrics = createMetrics('ingest', '1')
  const meter = new FeedMeter(metrics, { ...systemClock, now: () => 7_000 })
  meter.begin(golden('market.run.started').payload.instruments)
  const shown = async () => {
    const text = await metrics.text()
    const value = (name: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name}{${ON}}`))
          ?.split(' ')[1],
      )
    return [value('tapedeck_feed_up'), value('tapedeck_feed_gap_open')]
  }
  const observe = (message: Message, at: number) => meter.observe([{ message }], at)

  expect(await shown()).toEqual([0, 0])
  observe(golden('market.trades'), START)
  expect(await shown()).toEqual([1, 0])
  observe(status('gap', START), START)
  expect(await shown()).toEqual([1, 1])
  observe(golden('market.clock'), START + 5 * MINUTE - 1)
  expect(await shown()).toEqual([1, 1])
  observe(golden('market.clock'), START + 5 * MINUTE)
  expect(await shown()).toEqual([1, 0])
  observe(status('down', START + 6 * MINUTE), START + 6 * MINUTE)
  expect(await shown()).toEqual([0, 0])
  observe(status('up', START + 7 * MINUTE), START + 7 * MINUTE)
  expect(await shown()).toEqual([1, 0])
  expect(await metrics.text()).toContain(`tapedeck_feed_last_event_timestamp_seconds{${ON}} 7`)
})
