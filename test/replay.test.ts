import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { BarClosed, Depth, Trades } from '@tapedeck/contracts'
import { openDatabase, serviceNames, sql } from '@tapedeck/database'
import {
  type Outcome,
  type Playing,
  archiveLines,
  finish,
  recordingLines,
  sharedRecording,
  startPlaying,
  withRecordings,
} from './harness/index.ts'
import { type PlainBar, type RawTrade, plainBars } from './independent/bars.ts'
import { PlainBook } from './independent/book.ts'
import { scaled } from './independent/scaled.ts'

/**
 * Goal: what the venue sent is what we keep. Method: a real session of the perpetual is replayed through
 * the whole stack; the same facts are computed again here, in exact integers, straight from the lines
 * of the recording, without a line of the product's code; both must agree in everything.
 */
const FILE = sharedRecording('usdm-btcusdt-20240808.ws.gz')
const DIGITS = { price: 1, quantity: 3 }
const LENGTHS = { '15s': 15_000, '1m': 60_000, '5m': 300_000 } as const
const PLAY_MS_MAX = 900_000

type Level = readonly [string, string]
interface RawDepth {
  readonly U: number
  readonly u: number
  readonly pu: number
  readonly b: readonly Level[]
  readonly a: readonly Level[]
}
interface RawSnapshot {
  readonly lastUpdateId: number
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
}
interface RawQuote {
  readonly u: number
  readonly b: string
  readonly B: string
  readonly a: string
  readonly A: string
}

interface TradeRow {
  readonly id: number
  readonly price: string
  readonly quantity: string
  readonly time: number
  readonly is_buyer_maker: boolean
}

interface Facts {
  readonly trades: RawTrade[]
  /** Best prices by update id, as bookTicker said. */
  readonly quotes: Map<number, string>
  /** Best prices by update id, from a book rebuilt here. */
  readonly books: Map<number, string>
  readonly finalBook: string[]
}

const price = (text: string): bigint => scaled(text, DIGITS.price)
const size = (text: string): bigint => scaled(text, DIGITS.quantity)

/** The venue's rule: the snapshot, then every change that ends after it, each following the one before. */
const readFacts = async (): Promise<Facts> => {
  const trades: RawTrade[] = []
  const quotes = new Map<number, string>()
  const changes: RawDepth[] = []
  let snapshot: RawSnapshot | null = null
  for await (const line of recordingLines(FILE)) {
    const message = line as Partial<RawSnapshot> & { stream?: string; data?: unknown }
    if (message.lastUpdateId !== undefined) snapshot = message as RawSnapshot
    else if (message.stream?.includes('@trade') === true) trades.push(message.data as RawTrade)
    else if (message.stream?.includes('@depth') === true) changes.push(message.data as RawDepth)
    else {
      const quote = message.data as RawQuote
      quotes.set(quote.u, `${price(quote.b)}x${size(quote.B)} ${price(quote.a)}x${size(quote.A)}`)
    }
  }
  const book = new PlainBook()
  const books = new Map<number, string>()
  const apply = (side: 'bids' | 'asks', levels: readonly Level[]): void => {
    for (const [p, q] of levels) book.set(side, price(p), size(q))
  }
  apply('bids', snapshot!.bids)
  apply('asks', snapshot!.asks)
  for (const change of changes.filter(({ u }) => u >= snapshot!.lastUpdateId)) {
    apply('bids', change.b)
    apply('asks', change.a)
    if (quotes.has(change.u)) books.set(change.u, book.best())
  }
  return { trades, quotes, books, finalBook: book.levels() }
}

/** What the archive of the tape says. */
const readTape = async (dataDir: string) => {
  const bars: BarClosed[] = []
  const trades: Trades[] = []
  const book = new PlainBook()
  const books = new Map<number, string>()
  for await (const line of archiveLines(dataDir)) {
    const [, subject = ''] = line.split(' ', 2)
    const payload = (): unknown =>
      (JSON.parse(line.slice(line.indexOf('{'))) as { payload: unknown }).payload
    if (subject.startsWith('tape.market.bar.')) bars.push(payload() as BarClosed)
    if (subject.startsWith('tape.market.trades.')) trades.push(payload() as Trades)
    if (subject.startsWith('tape.market.depth.')) {
      const depth = payload() as Depth
      if (depth.snapshot) book.clear()
      depth.bid_ticks.forEach((p, i) => book.set('bids', BigInt(p), BigInt(depth.bid_lots[i]!)))
      depth.ask_ticks.forEach((p, i) => book.set('asks', BigInt(p), BigInt(depth.ask_lots[i]!)))
      books.set(depth.last_update_id, book.best())
    }
  }
  return { bars, trades, books, finalBook: book.levels() }
}

const comparable = (bar: BarClosed): Omit<PlainBar, 'quote'> => ({
  open_time: BigInt(bar.open_time),
  open_ticks: BigInt(bar.open_ticks),
  high_ticks: BigInt(bar.high_ticks),
  low_ticks: BigInt(bar.low_ticks),
  close_ticks: BigInt(bar.close_ticks),
  volume_lots: BigInt(bar.volume_lots),
  buy_lots: BigInt(bar.buy_lots),
  sell_lots: BigInt(bar.sell_lots),
  delta_lots: BigInt(bar.delta_lots),
  min_delta_lots: BigInt(bar.min_delta_lots),
  max_delta_lots: BigInt(bar.max_delta_lots),
  trades: BigInt(bar.trades),
})

const byPlace = (a: BarClosed, b: BarClosed): number =>
  a.timeframe.localeCompare(b.timeframe) || a.open_time - b.open_time

const { suite, absence } = withRecordings(FILE)

suite(`a real session through the whole stack${absence}`, () => {
  let playing: Playing
  let outcome: Outcome
  let facts: Facts
  let tape: Awaited<ReturnType<typeof readTape>>
  let rows: TradeRow[]
  let stored: BarClosed[]

  const play = async (): Promise<void> => {
    playing = await startPlaying({ files: [FILE] })
    await playing.ended()
    const db = openDatabase({
      url: playing.stack.roleUrls.ingest,
      schema: serviceNames('ingest').schema,
      applicationName: 'e2e',
      maxConnections: 1,
    })
    rows = (
      await sql<TradeRow>`select id, price, quantity, time, is_buyer_maker from trade order by id`.execute(
        db.kysely,
      )
    ).rows
    stored = (
      await sql<{ payload: BarClosed }>`select payload from bar`.execute(db.kysely)
    ).rows.map(({ payload }) => payload)
    await db.close()
    outcome = await finish(playing)
    facts = await readFacts()
    tape = await readTape(playing.dataDir)
  }
  beforeAll(play, PLAY_MS_MAX)
  afterAll(() => playing?.remove())

  it('keeps every print, none lost, none doubled, each as it was', async () => {
    expect(outcome.run).toMatchObject({ phase: 'ended', reason: null })
    expect(facts.trades).toHaveLength(21_313)
    expect(
      rows.map((row) => ({
        t: row.id,
        T: row.time,
        p: price(row.price),
        q: size(row.quantity),
        m: row.is_buyer_maker,
      })),
    ).toEqual(facts.trades.map(({ t, T, p, q, m }) => ({ t, T, p: price(p), q: size(q), m })))
    expect(rows.every(({ id }, i) => id === rows[0]!.id + i)).toBe(true)
    const ids = tape.trades.flatMap(({ id }) => id)
    expect(ids).toEqual(rows.map(({ id }) => id))
    expect(tape.trades.every(({ gap }) => gap === 0)).toBe(true)
  })

  it('closes bars that equal those computed from the prints alone', async () => {
    const last = facts.trades.at(-1)!.T
    for (const [timeframe, length] of Object.entries(LENGTHS)) {
      const expected = plainBars(facts.trades, length, DIGITS).filter(
        ({ open_time }) => Number(open_time) + length <= last,
      )
      const closed = tape.bars.filter((bar) => bar.timeframe === timeframe)
      expect(closed.map(comparable)).toEqual(expected.map(({ quote: _quote, ...bar }) => bar))
      for (const [i, { quote, volume_lots }] of expected.entries())
        expect(closed[i]!.vwap).toBeCloseTo(Number(quote) / Number(volume_lots) / 10, 6)
    }
    expect(stored.toSorted(byPlace)).toEqual(tape.bars.toSorted(byPlace))
  })

  it('keeps a book that equals one rebuilt from the recording, and the venue’s own best prices', async () => {
    expect(tape.finalBook).toEqual(facts.finalBook)
    expect(facts.books.size).toBeGreaterThanOrEqual(503)
    for (const [updateId, best] of facts.books) {
      expect([updateId, best]).toEqual([updateId, facts.quotes.get(updateId)])
      expect([updateId, tape.books.get(updateId)]).toEqual([updateId, best])
    }
    const counts = outcome.run.counts['BTCUSDT']!
    expect(counts['quotesCompared']).toBeGreaterThanOrEqual(503)
    expect(counts['quotesAgreed']).toBe(counts['quotesCompared'])
  })
})
