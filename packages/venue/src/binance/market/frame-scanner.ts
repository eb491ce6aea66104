import type { DepthEvent, TradeEvent } from '@tapedeck/core'
import { BAIL, FrameCursor, type Levels } from './frame-cursor.ts'
import type { InstrumentGrid } from './market-message.ts'

/** What is expected on a stream. */
export type ScannedStream = { readonly kind: 'aggTrade' | 'depth'; readonly grid: InstrumentGrid }

export type ScannedFrame = { readonly stream: string; readonly event: DepthEvent | TradeEvent }

const HEAD = '{"stream":"'
const DATA = '","data":{'

const keyOf = (key: string): number =>
  key.length === 1 ? key.charCodeAt(0) : key.charCodeAt(0) * 256 + key.charCodeAt(1)
const KEY_a = keyOf('a')
const KEY_b = keyOf('b')
const KEY_e = keyOf('e')
const KEY_m = keyOf('m')
const KEY_p = keyOf('p')
const KEY_q = keyOf('q')
const KEY_s = keyOf('s')
const KEY_u = keyOf('u')
const KEY_E = keyOf('E')
const KEY_T = keyOf('T')
const KEY_U = keyOf('U')
const KEY_X = keyOf('X')
const KEY_pu = keyOf('pu')

/**
 * Reads the two frequent frames of a combined stream, prints and book changes, straight from their text:
 * digits to ticks and lots, with no string or list in between. What is not exactly in the shape in which
 * the venue writes them is left (null) to the reader that parses JSON and says what is wrong.
 *
 * Invariant, tested: a frame that is read here is read the same there.
 */
export class FrameScanner {
  readonly #streams: ReadonlyMap<string, ScannedStream>
  readonly #cursor = new FrameCursor()

  constructor(streams: ReadonlyMap<string, ScannedStream>) {
    this.#streams = streams
  }

  scan(text: string): ScannedFrame | null {
    if (!text.startsWith(HEAD)) return null
    const end = text.indexOf('"', HEAD.length)
    if (end < 0 || !text.startsWith(DATA, end)) return null
    const stream = text.slice(HEAD.length, end)
    const expected = this.#streams.get(stream)
    if (expected === undefined) return null
    this.#cursor.set(text, end + DATA.length)
    try {
      const { kind, grid } = expected
      return { stream, event: kind === 'depth' ? this.#depth(grid) : this.#trade(grid) }
    } catch (error) {
      if (error === BAIL) return null
      throw error
    }
  }

  #trade(grid: InstrumentGrid): TradeEvent {
    const cursor = this.#cursor
    let id = -1
    let time = -1
    let priceTicks = -1
    let quantityLots = -1
    let maker: 0 | 1 | -1 = -1
    let named = 0
    do {
      const key = cursor.key()
      if (key === KEY_a) id = cursor.whole()
      else if (key === KEY_T) time = cursor.time()
      else if (key === KEY_p) priceTicks = cursor.decimal(grid.tick)
      else if (key === KEY_q) quantityLots = cursor.decimal(grid.lot)
      else if (key === KEY_m) maker = cursor.flag() ? 1 : 0
      else if (key === KEY_s) named = cursor.expect(grid.symbol, named | 1)
      else if (key === KEY_e) named = cursor.expect('aggTrade', named | 2)
      // A print outside the market is not usual.
      else if (key === KEY_X) throw BAIL
      else cursor.skip()
    } while (cursor.goesOn())
    if (named !== 3 || id < 0 || time < 0 || priceTicks < 0 || quantityLots < 0 || maker < 0)
      throw BAIL
    const { symbol } = grid
    return {
      kind: 'trade',
      symbol,
      id,
      priceTicks,
      quantityLots,
      time,
      maker: maker as 0 | 1,
      excluded: false,
    }
  }

  #depth(grid: InstrumentGrid): DepthEvent {
    const cursor = this.#cursor
    let firstId = -1
    let lastId = -1
    let previousId: number | null = null
    let time = -1
    let sent = -1
    let bids: Levels | null = null
    let asks: Levels | null = null
    let named = 0
    do {
      const key = cursor.key()
      if (key === KEY_b) bids = cursor.levels(grid)
      else if (key === KEY_a) asks = cursor.levels(grid)
      else if (key === KEY_U) firstId = cursor.whole()
      else if (key === KEY_u) lastId = cursor.whole()
      else if (key === KEY_pu) previousId = cursor.whole()
      else if (key === KEY_T) time = cursor.time()
      else if (key === KEY_E) sent = cursor.time()
      else if (key === KEY_s) named = cursor.expect(grid.symbol, named | 1)
      else if (key === KEY_e) named = cursor.expect('depthUpdate', named | 2)
      else cursor.skip()
    } while (cursor.goesOn())
    if (named !== 3 || bids === null || asks === null || firstId < 0 || lastId < firstId) throw BAIL
    if (time < 0) time = sent
    if (time < 0) throw BAIL
    return {
      kind: 'depth',
      symbol: grid.symbol,
      snapshot: false,
      firstId,
      lastId,
      previousId,
      time,
      bidTicks: bids.ticks,
      bidLots: bids.lots,
      askTicks: asks.ticks,
      askLots: asks.lots,
    }
  }
}
