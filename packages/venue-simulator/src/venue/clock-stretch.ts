import type { MarketSource } from '../market/index.ts'

/** The source is pulled in stretches of the clock, so that it matters little how far one call goes. */
const STRETCH_MS = 100

const tenthBefore = (time: number): number => time - (time % STRETCH_MS)

/** The next tenth of a second; a source that begins later has nothing to tell until then. */
export const endOfStretch = (now: number, source: MarketSource | null): number =>
  Math.max(tenthBefore(now) + STRETCH_MS, tenthBefore(source?.startTime ?? 0))
