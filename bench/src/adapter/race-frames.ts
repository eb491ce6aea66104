/**
 * Answers its parent with messages a second: parsed as JSON, and through the feed. Both kinds turn about, as a
 * feed gets them, and each against its baseline: a busy machine is unfair to both alike.
 */
import { frameTexts, type FrameTexts } from './frame-texts.ts'
import { PlayedFeed } from './play-frames.ts'

export type Route = 'public' | 'market'
export type Race = { readonly ours: number[]; readonly bare: number[] }

const FRAMES = 100_000
const RUNS = 7
const WARM_UP_RUNS = 4

const race = async (texts: FrameTexts, route: Route): Promise<{ bare: number; ours: number }> => {
  const frames = route === 'public' ? texts.depth : texts.trades
  const begin = performance.now()
  for (const text of frames) JSON.parse(text)
  const between = performance.now()
  const feed = new PlayedFeed(texts)
  await feed.play(route, frames)
  const end = performance.now()
  const { changes, prints } = feed.counts
  await feed.stop()
  // The snapshot comes before the changes.
  if ((route === 'public' ? changes - 1 : prints) !== FRAMES)
    throw new Error(`of ${FRAMES} frames of ${route} the reader got ${changes} and ${prints}`)
  return { bare: (FRAMES / (between - begin)) * 1000, ours: (FRAMES / (end - between)) * 1000 }
}

const texts = frameTexts(FRAMES)
const runs: Readonly<Record<Route, Race>> = {
  public: { ours: [], bare: [] },
  market: { ours: [], bare: [] },
}
for (let run = -WARM_UP_RUNS; run < RUNS; run++)
  for (const route of ['public', 'market'] as const) {
    const { ours, bare } = await race(texts, route)
    if (run < 0) continue
    runs[route].ours.push(ours)
    runs[route].bare.push(bare)
  }
process.send?.(runs)
process.disconnect()
