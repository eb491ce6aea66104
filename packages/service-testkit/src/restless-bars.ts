import { randomUUID } from 'node:crypto'
import { type BarClosed, type Message, TIMEFRAME_MS, type Timeframe } from '@tapedeck/contracts'
import { golden } from './golden.ts'

/** Numbers in [0, 1), the same every time. */
const draws = (seed: number): (() => number) => {
  let state = seed
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 4_294_967_296
}

type Shape = Pick<
  BarClosed,
  'open_ticks' | 'high_ticks' | 'low_ticks' | 'close_ticks' | 'volume_lots'
>

const shaped = (open: number, close: number, wick: number, lots: number): Shape => ({
  open_ticks: open,
  close_ticks: close,
  high_ticks: Math.max(open, close) + wick,
  low_ticks: Math.min(open, close) - wick,
  volume_lots: lots,
})

/** A rest inside the bar before, a burst on high volume, or something usual. */
const nextShape = (draw: () => number, before: Shape | undefined): Shape => {
  const open = before?.close_ticks ?? 600_000
  const kind = draw()
  const way = draw() < 0.5 ? 1 : -1
  if (kind < 0.25 && before !== undefined) {
    const middle = Math.floor((before.high_ticks + before.low_ticks) / 2)
    return shaped(middle, middle + 1, 5, 900)
  }
  if (kind < 0.45) return shaped(open, open + way * Math.floor(3_000 + 2_000 * draw()), 50, 9_000)
  return shaped(open, open + way * Math.floor(50 + 450 * draw()), 600, 1_000)
}

/** Closed bars of a market that rests and bursts, so that setups begin, break out and end. */
export const restlessBars = (
  count: number,
  timeframe: Timeframe,
): Message<'market.bar.closed'>[] => {
  const draw = draws(7)
  const example = golden('market.bar.closed')
  const messages: Message<'market.bar.closed'>[] = []
  for (let i = 0, before: Shape | undefined; i < count; i++) {
    before = nextShape(draw, before)
    const open_time = 1_794_700_800_000 + i * TIMEFRAME_MS[timeframe]
    const close_time = open_time + TIMEFRAME_MS[timeframe]
    const payload = { ...example.payload, ...before, timeframe, open_time, close_time }
    messages.push({ ...example, event_id: randomUUID(), occurred_at: close_time, payload })
  }
  return messages
}
