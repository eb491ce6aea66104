export type Tick = { readonly at: number; readonly label: string }

/** Maps [from, to] to [start, end] in a straight line; everything to the middle where from = to. */
export const linear =
  (from: number, to: number, start: number, end: number) =>
  (value: number): number =>
    from === to ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start)

/** SVG coordinates need no more than a tenth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 10) / 10)

const STEPS = [1, 2, 2.5, 5, 10]

/** Round values inside [from, to], about `count` of them. */
export const roundTicks = (from: number, to: number, count: number): number[] => {
  const asked = (to - from) / Math.max(1, count)
  if (!(asked > 0) || !Number.isFinite(asked)) return [from]
  const power = 10 ** Math.floor(Math.log10(asked))
  const step = (STEPS.find((factor) => factor * power >= asked) ?? 10) * power
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step)
}

/** Decimal places that tell these values apart. */
export const placesFor = (values: readonly number[]): number => {
  const step = Math.abs((values[1] ?? 0) - (values[0] ?? 0))
  if (step === 0) return 2
  for (let places = 0; places < 8; places++)
    if (Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) < 1e-6) return places
  return 8
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const TIME_STEPS = [
  1000,
  5000,
  15_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
]

/** The first of each `months`-th month in UTC. */
const monthTicks = (from: number, to: number, months: number): number[] => {
  const ticks: number[] = []
  const start = new Date(from)
  let month = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months
  for (; ticks.length < 100; month += months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1)
    if (at > to) return ticks
    if (at >= from) ticks.push(at)
  }
  return ticks
}

const timeLabel = (at: number, length: number): Tick => {
  const text = new Date(at).toISOString()
  if (length < MINUTE) return { at, label: text.slice(11, 19) }
  if (length < DAY && at % DAY !== 0) return { at, label: text.slice(11, 16) }
  return { at, label: length >= 28 * DAY ? text.slice(0, 7) : text.slice(5, 10) }
}

/** Round moments in [from, to], about `count` of them, as people write them in UTC. */
export const timeTicks = (from: number, to: number, count: number): Tick[] => {
  const asked = (to - from) / Math.max(1, count)
  const step = TIME_STEPS.find((length) => length >= asked)
  if (step === undefined) {
    const months = [1, 2, 3, 6, 12, 24, 60].find((one) => one * 30 * DAY >= asked) ?? 120
    return monthTicks(from, to, months).map((at) => timeLabel(at, 28 * DAY))
  }
  const first = Math.ceil(from / step)
  const ticks: Tick[] = []
  for (let at = first * step; at <= to; at += step) ticks.push(timeLabel(at, step))
  return ticks
}
