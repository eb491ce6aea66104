import type { DepthEvent, TradeEvent } from '@tapedeck/core'
import { BinanceLiveFeed, type LinkListener } from '@tapedeck/venue'
import type { FrameTexts } from './frame-texts.ts'

/** Frames between two looks of the reader, as a busy socket brings them. */
const BURST = 500

/** A feed whose connections are in this process: what comes through them is what the reader gets. */
export class PlayedFeed {
  readonly #links = new Map<string, LinkListener>()
  readonly #abort = new AbortController()
  readonly #reading: Promise<void>
  #changes = 0
  #prints = 0

  constructor({ instrument, book }: Pick<FrameTexts, 'instrument' | 'book'>) {
    const feed = new BinanceLiveFeed({
      instruments: [instrument],
      rest: {
        depthSnapshot: (): Promise<DepthEvent> => Promise.resolve(book),
        aggTrades: (): Promise<TradeEvent[]> => Promise.resolve([]),
      },
      streamUrl: 'wss://venue',
      signal: this.#abort.signal,
      openLink: (url, listener) => {
        this.#links.set(new URL(url).pathname.split('/')[1]!, listener)
        queueMicrotask(listener.onOpen)
        return {
          send: (text) => {
            const { id } = JSON.parse(text) as { id: number }
            queueMicrotask(() => listener.onText(JSON.stringify({ result: null, id })))
          },
          ping: () => undefined,
          close: () => undefined,
          terminate: () => undefined,
        }
      },
    })
    this.#reading = this.#read(feed)
  }

  /** Plays frames of one route and waits until the reader has them all. */
  async play(route: 'public' | 'market', frames: readonly string[]): Promise<void> {
    while (!this.#links.has(route)) await tick()
    const { onText } = this.#links.get(route)!
    for (let from = 0; from < frames.length; from += BURST) {
      for (const text of frames.slice(from, from + BURST)) onText(text)
      await tick()
    }
  }

  /** How many changes (with the snapshot) and prints the reader got. */
  get counts(): { readonly changes: number; readonly prints: number } {
    return { changes: this.#changes, prints: this.#prints }
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#reading
  }

  async #read(feed: BinanceLiveFeed): Promise<void> {
    for await (const events of feed.events())
      for (const { kind } of events)
        if (kind === 'depth') this.#changes++
        else if (kind === 'trade') this.#prints++
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
