/**
 * `node --expose-gc --max-semi-space-size=512 count-allocations.ts`: answers its parent with the bytes that
 * the heap grew by a frame, of book changes and of prints: parsed as JSON, and through the feed. Nothing is
 * collected meanwhile: the young generation has room for all of it.
 */
import { frameTexts } from './frame-texts.ts'
import { PlayedFeed } from './play-frames.ts'

const WARM_UP = 60_000
const COUNTED = 20_000

const texts = frameTexts(WARM_UP + COUNTED)

const grownBy = async (work: () => Promise<void>): Promise<number> => {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  await work()
  return process.memoryUsage().heapUsed - before
}

const perFrame = async (
  route: 'public' | 'market',
  frames: readonly string[],
): Promise<{ ours: number; bare: number }> => {
  const feed = new PlayedFeed(texts)
  await feed.play(route, frames.slice(0, WARM_UP))
  const counted = frames.slice(WARM_UP)
  const ours = await grownBy(async () => await feed.play(route, counted))
  await feed.stop()
  const parse = (): Promise<void> => {
    for (const text of counted) JSON.parse(text)
    return Promise.resolve()
  }
  await parse()
  const bare = await grownBy(parse)
  return { ours: ours / COUNTED, bare: bare / COUNTED }
}

const depth = await perFrame('public', texts.depth)
const trades = await perFrame('market', texts.trades)
process.send?.({ depth, trades })
process.disconnect()
