import { TIMEFRAME_MS, type BarClosed, type Message, type Timeframe } from '@tapedeck/contracts'
import { Random } from '../generator/index.ts'

/** 2024-08-05T00:00:00Z. */
const MIDNIGHT = 1_722_816_000_000

const shape = (random: Random, before: BarClosed | undefined) => {
  const open = before?.close_ticks ?? 600_000
  const draw = random.next()
  if (draw < 0.25 && before !== undefined) {
    const inner = Math.floor((before.high_ticks - before.low_ticks) / 4)
    const at = Math.min(Math.max(open, before.low_ticks + inner), before.high_ticks - inner)
    return { open: at, close: at + 1, high: at + 5, low: at - 5, lots: 900 }
  }
  const way = random.chance(0.5) ? 1 : -1
  if (draw < 0.45) {
    const close = open + way * random.integer(3_000, 5_000)
    return {
      open,
      close,
      high: Math.max(open, close) + 50,
      low: Math.min(open, close) - 50,
      lots: 9_000,
    }
  }
  const close = open + way * random.integer(50, 500)
  const [high, low] = [Math.max(open, close), Math.min(open, close)]
  return {
    open,
    close,
    high: high + random.integer(300, 900),
    low: low - random.integer(300, 900),
    lots: 1_000,
  }
}

/** Closed bars of a market that rests and bursts, so that setups come and end. */
export const restlessBars = (count: number, timeframe: Timeframe, from = MIDNIGHT): BarClosed[] => {
  const random = new Random(7)
  const bars: BarClosed[] = []
  for (let i = 0; i < count; i++) {
    const { open, close, high, low, lots } = shape(random, bars.at(-1))
    const open_time = from + i * TIMEFRAME_MS[timeframe]
    bars.push({
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      timeframe,
      open_time,
      close_time: open_time + TIMEFRAME_MS[timeframe],
      tick_size: '0.1',
      lot_size: '0.001',
      open_ticks: open,
      high_ticks: high,
      low_ticks: low,
      close_ticks: close,
      volume_lots: lots,
      buy_lots: lots,
      sell_lots: 0,
      delta_lots: lots,
      min_delta_lots: 0,
      max_delta_lots: lots,
      trades: 10,
      vwap: (high + low) / 20,
      carried: false,
      tainted: false,
    })
  }
  return bars
}

/** Bars as they lie on the tape: by close, the shorter timeframe first. */
export const barMessages = (bars: readonly BarClosed[]): Message<'market.bar.closed'>[] =>
  bars
    .toSorted(
      (a, b) =>
        a.close_time - b.close_time || TIMEFRAME_MS[a.timeframe] - TIMEFRAME_MS[b.timeframe],
    )
    .map(
      (payload) =>
        ({
          type: 'market.bar.closed',
          event_id: '00000000-0000-5000-8000-000000000002',
          occurred_at: payload.close_time,
          correlation_id: null,
          payload,
        }) as unknown as Message<'market.bar.closed'>,
    )
