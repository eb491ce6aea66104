import { describe, expect, it } from '@jest/globals'
import { MESSAGES, checkDepth, checkTrades, type Output, type Trades } from '@tapedeck/contracts'
import { testInstrument } from '@tapedeck/test-data'
import fc from 'fast-check'
import type { Json } from '../decider.ts'
import type { ComposedStep, ComposerOptions } from './composer-options.ts'
import { MarketComposer } from './market-composer.ts'
import type { DepthEvent, MarketEvent, TradeEvent } from './market-event.ts'
import type { TradeRows } from './trade-rows.ts'

const START = Date.UTC(2024, 7, 8, 23, 59, 40)
const instrument = (symbol: string): ComposerOptions['instruments'][number] =>
  testInstrument({ symbol })
const options: ComposerOptions = {
  instruments: [instrument('AAA'), instrument('BBB')],
  batchTrades: 7,
  stepEvents: 50,
}

type Draw = {
  kind: string
  symbol: string
  after: number
  skip: number
  price: number
  lots: number
}
const draws = fc.array(
  fc.record<Draw>({
    kind: fc.constantFrom('trade', 'trade', 'trade', 'depth', 'snapshot', 'mark', 'clock', 'feed'),
    symbol: fc.constantFrom('AAA', 'AAA', 'BBB'),
    after: fc.oneof(fc.integer({ min: -30, max: 300 }), fc.integer({ min: 0, max: 40_000 })),
    skip: fc.constantFrom(1, 1, 1, 1, 1, 0, -1, 3),
    // Now and then so far away that it is counted.
    price: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 980, max: 1020 }) },
      { weight: 1, arbitrary: fc.integer({ min: 500, max: 1500 }) },
    ),
    lots: fc.integer({ min: 0, max: 40 }),
  }),
  { maxLength: 150 },
)

const event = (draw: Draw, ids: Record<string, number>, time: number): MarketEvent => {
  const { symbol, price, lots, skip } = draw
  const key = `${symbol}${draw.kind === 'trade' ? 't' : 'd'}`
  const previous = ids[key] ?? 1000
  const id = previous + skip
  ids[key] = Math.max(previous, id)
  if (draw.kind === 'trade')
    return {
      kind: 'trade',
      symbol,
      id,
      priceTicks: price,
      quantityLots: lots,
      time,
      maker: lots % 2 === 0 ? 0 : 1,
      excluded: lots === 13,
    }
  if (draw.kind === 'mark')
    return {
      kind: 'mark',
      symbol,
      time,
      markPrice: price,
      indexPrice: null,
      fundingRate: 0,
      nextFundingTime: time,
    }
  if (draw.kind === 'clock') return { kind: 'clock', time }
  if (draw.kind === 'feed')
    return {
      kind: 'feed',
      symbol,
      channel: 'depth',
      status: 'down',
      reason: 'socket closed',
      missingFrom: null,
      missingTo: null,
    }
  const depth: DepthEvent = {
    kind: 'depth',
    symbol,
    snapshot: draw.kind === 'snapshot',
    firstId: id,
    lastId: id,
    previousId: draw.kind === 'snapshot' ? null : id - 1,
    time,
    bidTicks: [price - 1],
    bidLots: [lots],
    askTicks: [price + 40],
    askLots: [lots + 1],
  }
  return depth
}

const print = { kind: 'trade', symbol: 'AAA', after: 0, skip: 1, price: 980, lots: 1 }
/** The hole opens with a print that is refused, so that the next plain one has to tell of it. */
const aHoleThenRefused: Draw[] = [print, { ...print, skip: 3, lots: 0 }, print]

const eventsOf = (rows: readonly Draw[]): MarketEvent[] => {
  const ids: Record<string, number> = {}
  let time = START
  return rows.map((row) => {
    time += row.after
    return event(row, ids, time)
  })
}

const outputs = (steps: readonly ComposedStep[]): Output[] => steps.flatMap((step) => step.outputs)
const ends = (steps: readonly ComposedStep[]): number => steps.filter((step) => step.stepEnd).length
const trades = (all: readonly Output[]): Trades[] =>
  all.filter(({ type }) => type === 'market.trades').map(({ payload }) => payload as Trades)

const isWhole = (one: Output): boolean => {
  if (one.type === 'market.trades') return checkTrades(one.payload) === null
  if (one.type === 'market.depth') return checkDepth(one.payload) === null
  return MESSAGES[one.type].schema.safeParse(one.payload).success
}

const isInOrder = (one: Output, clock: number): boolean => {
  if (one.type === 'market.trades') {
    const [first, last] = [one.payload.time[0]!, one.payload.time.at(-1)!]
    return (
      first >= clock &&
      Math.floor(first / 1000) === Math.floor(last / 1000) &&
      one.payload.id.length <= 7
    )
  }
  if (one.type === 'market.clock')
    return (
      clock === 0 || (one.payload.jump ? one.payload.at > clock : one.payload.at === clock + 1000)
    )
  return one.type !== 'market.bar.closed' || one.payload.close_time > clock
}

const columnsOf = (prints: readonly TradeEvent[]): TradeRows => ({
  id: Float64Array.from(prints, ({ id }) => id),
  priceTicks: Float64Array.from(prints, ({ priceTicks }) => priceTicks),
  quantityLots: Float64Array.from(prints, ({ quantityLots }) => quantityLots),
  time: Float64Array.from(prints, ({ time }) => time),
  maker: Uint8Array.from(prints, ({ maker }) => maker),
  excluded: Uint8Array.from(prints, ({ excluded }) => (excluded ? 1 : 0)),
})

/** Runs of prints of one symbol go in by columns, all else as it is; views are copied as each step ends. */
const inColumns = (
  events: readonly MarketEvent[],
  with_: ComposerOptions,
  cuts: readonly number[],
) => {
  let composer = new MarketComposer(with_)
  const made: Output[] = []
  let steps = 0
  const take = (some: readonly ComposedStep[]): void => {
    made.push(...(JSON.parse(JSON.stringify(outputs(some), plainly)) as Output[]))
    steps += ends(some)
  }
  let cut = 0
  for (let at = 0; at < events.length;) {
    const first = events[at]!
    let end = at + 1
    if (first.kind === 'trade') {
      const most = at + cuts[cut++ % cuts.length]!
      while (end < Math.min(most, events.length) && isTradeOf(events[end]!, first.symbol)) end++
      const rows = columnsOf(events.slice(at, end) as TradeEvent[])
      for (let row = 0; row < end - at;) {
        row = composer.pushTrades(first.symbol, rows, row, end - at)
        take(composer.drain())
      }
    } else take(composer.push([first]))
    at = end
    if (at % 5 === 0)
      composer = new MarketComposer(with_, JSON.parse(JSON.stringify(composer.snapshot())) as Json)
  }
  take(composer.flush())
  return { outputs: made, ends: steps, counts: composer.counts() }
}

const isTradeOf = (one: MarketEvent, symbol: string): boolean =>
  one.kind === 'trade' && one.symbol === symbol
const plainly = (_key: string, value: unknown): unknown =>
  value instanceof Float64Array || value instanceof Uint8Array ? Array.from(value) : value

describe('MarketComposer', () => {
  it('yields the same tape however the events are cut, saved and restored', () => {
    fc.assert(
      fc.property(draws, fc.array(fc.integer({ min: 1, max: 40 })), (rows, cuts) => {
        const events = eventsOf(rows)
        const whole = new MarketComposer(options)
        const expected = [...whole.push(events), ...whole.flush()]

        let composer = new MarketComposer(options)
        const pieces: ComposedStep[] = []
        let at = 0
        for (const cut of [...cuts, events.length]) {
          pieces.push(...composer.push(events.slice(at, at + cut)))
          at += cut
          composer = new MarketComposer(
            options,
            JSON.parse(JSON.stringify(composer.snapshot())) as Json,
          )
          if (at >= events.length) break
        }
        pieces.push(...composer.push(events.slice(at)), ...composer.flush())
        expect(outputs(pieces)).toEqual(outputs(expected))
        expect(ends(pieces)).toBe(ends(expected))
      }),
    )
  })

  it('prints in columns make the same tape as prints one by one, however they are cut, saved and restored', () => {
    fc.assert(
      fc.property(
        draws,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        fc.constantFrom('arrays', 'views'),
        fc.constantFrom(1, 7, 60),
        (rows, cuts, columns, batchTrades) => {
          const events = eventsOf(rows)
          const size = { ...options, batchTrades }
          const whole = new MarketComposer(size)
          const expected = [...whole.push(events), ...whole.flush()]
          const pieces = inColumns(events, { ...size, columns }, cuts)
          expect(pieces.outputs).toEqual(outputs(expected))
          expect(pieces.ends).toBe(ends(expected))
          expect(pieces.counts).toEqual(whole.counts())
        },
      ),
      { examples: [[aHoleThenRefused, [1], 'arrays', 1]] },
    )
  })

  it('never appends what the contracts refuse, loses no print and breaks no order', () => {
    fc.assert(
      fc.property(draws, (rows) => {
        const events = eventsOf(rows)
        const composer = new MarketComposer(options)
        const all = outputs([...composer.push(events), ...composer.flush()])
        const versions = new Map<string, number>()
        let clock = 0
        const problems: unknown[] = []
        for (const one of all) {
          const key = `${one.type}|${one.aggregate_id}`
          const version = (versions.get(key) ?? 0) + 1
          if (one.aggregate_version !== version || !isWhole(one) || !isInOrder(one, clock))
            problems.push(one, clock)
          versions.set(key, version)
          if (one.type === 'market.clock') clock = one.payload.at
        }
        expect(problems).toEqual([])
        const counts = composer.counts()
        for (const symbol of ['AAA', 'BBB']) {
          const offered = events.filter((one) => one.kind === 'trade' && one.symbol === symbol)
          const count = counts[symbol]!
          expect(count.trades + count.duplicates + count.late + count.rejected).toBe(offered.length)
          const batches = trades(all).filter((batch) => batch.symbol === symbol)
          expect(batches.reduce((sum, { id }) => sum + id.length, 0)).toBe(count.trades)
          expect(batches.reduce((sum, { excluded }) => sum + excluded.length, 0)).toBe(
            count.excluded,
          )
        }
      }),
    )
  })
})
