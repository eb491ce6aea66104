import { expect } from '@jest/globals'
import { accepted, cancel, limit, market } from '../orders.ts'
import { followMarket, type FollowedMarket } from '../followed-market.ts'
import { SYMBOL, onPort, onWire, type AcceptanceCase, type VenueStage } from '../venue-stage.ts'

/** Long enough for any wait before another attempt. */
const A_WHILE_MS = 90_000
const TICKS = 10

const ids = (followed: FollowedMarket): number[] => followed.prints().map(({ id }) => id)
const lots = (followed: FollowedMarket): number[] =>
  followed.prints().map(({ quantityLots }) => quantityLots)
const isUnbroken = (numbers: readonly number[]): boolean =>
  numbers.every((id, index) => index === 0 || id === numbers[index - 1]! + 1)

/** Prints of the outside market, each in an aggregate of its own. */
const printMany = async (
  stage: VenueStage,
  followed: FollowedMarket,
  count: number,
): Promise<void> => {
  for (let i = 0; i < count; i++) {
    await stage.print(60_000, 1 + i, i % 2 === 0 ? 'BUY' : 'SELL')
    await followed.pass(200)
  }
}

/** The book is quoted anew now and then, until the feed has a whole one again. */
const quoteUntil = async (
  stage: VenueStage,
  followed: FollowedMarket,
  isThere: () => boolean,
): Promise<void> => {
  for (let i = 0; i < 60 && !isThere(); i++) {
    await stage.quote(60_000 + (i % 7))
    await followed.pass(2_000)
  }
  expect(isThere()).toBe(true)
}

export const MARKET_CASES: readonly AcceptanceCase[] = [
  onPort('V-109', 'a feed begins with a whole book that is not crossed', async (stage) => {
    const followed = await followMarket(stage)
    await quoteUntil(stage, followed, () => followed.books().length > 0)
    expect(followed.books()[0]).toMatchObject({ symbol: SYMBOL, snapshot: true })
    expect(followed.book().isCrossed()).toBe(false)
    await followed.stop()
  }),

  onPort('V-110', 'changes add up to the book, our own orders in it', async (stage) => {
    const followed = await followMarket(stage)
    await quoteUntil(stage, followed, () => followed.books().length > 0)
    const price = 59_500
    await accepted(stage, limit('a', 'BUY', '0.25', String(price)))
    await followed.pass(1_000)
    expect(followed.book().lotsAt('bid', price * TICKS)).toBe(250)
    await stage.venue.cancelOrder(cancel('a'))
    await followed.pass(1_000)
    expect(followed.book().lotsAt('bid', price * TICKS)).toBe(0)
    await followed.stop()
  }),

  onPort('V-111', 'prints come with ids that rise by one, our own among them', async (stage) => {
    const followed = await followMarket(stage)
    await printMany(stage, followed, 3)
    await accepted(stage, market('a', 'BUY', '0.007'))
    await followed.pass(1_000)
    const own = followed.prints().at(-1)
    expect(own).toMatchObject({ symbol: SYMBOL, quantityLots: 7, maker: 0, excluded: false })
    expect(isUnbroken(ids(followed))).toBe(true)
    await followed.stop()
  }),

  onPort('V-112', 'what was printed since a known id is fetched', async (stage) => {
    const first = await followMarket(stage)
    await printMany(stage, first, 2)
    const last = first.prints().at(-1)!.id
    await first.stop()
    for (let i = 0; i < 4; i++) {
      await stage.print(60_000, 5, 'SELL')
      await stage.pass(200)
    }
    const again = await followMarket(stage, { lastTradeIds: { [SYMBOL]: last } })
    await printMany(stage, again, 1)
    await again.pass(2_000)
    expect(ids(again)).toEqual([last + 1, last + 2, last + 3, last + 4, last + 5])
    await again.stop()
  }),

  onPort('V-113', 'marks come with the funding that is due', async (stage) => {
    const followed = await followMarket(stage)
    await stage.quote(60_100)
    await followed.pass(5_000)
    const mark = followed.told.findLast(({ kind }) => kind === 'mark')
    expect(mark).toMatchObject({ symbol: SYMBOL, markPrice: 60_100, fundingRate: 0.0001 })
    await followed.stop()
  }),

  onPort('V-114', 'time goes on where nothing is traded', async (stage) => {
    const followed = await followMarket(stage)
    await stage.quote(60_000)
    await followed.pass(5_000)
    const times = followed.told.flatMap((event) => (event.kind === 'clock' ? [event.time] : []))
    expect(times.length).toBeGreaterThan(0)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(Math.abs(times.at(-1)! - stage.time)).toBeLessThanOrEqual(5_000)
    await followed.stop()
  }),

  onPort('V-115', 'a feed ends with its signal, and tells nothing more', async (stage) => {
    const followed = await followMarket(stage)
    await followed.stop()
    const before = followed.told.length
    await stage.quote(60_050)
    await followed.pass(2_000)
    expect(followed.told).toHaveLength(before)
  }),

  onWire(
    'V-116',
    'prints that are lost on the way are fetched, in their place',
    async (stage, wire) => {
      const followed = await followMarket(stage)
      await printMany(stage, followed, 2)
      wire.fault({
        fault: { kind: 'market_gap', messages: 3 },
        when: { kind: 'once' },
        on: { streams: ['@aggTrade'] },
      })
      await printMany(stage, followed, 6)
      await followed.pass(2_000)
      expect(lots(followed).slice(-6)).toEqual([1, 2, 3, 4, 5, 6])
      expect(isUnbroken(ids(followed))).toBe(true)
      await followed.stop()
    },
  ),

  onWire('V-117', 'a book with a hole is told, and fetched anew', async (stage, wire) => {
    const followed = await followMarket(stage)
    await quoteUntil(stage, followed, () => followed.books().length > 2)
    wire.fault({
      fault: { kind: 'market_gap', messages: 1 },
      when: { kind: 'once' },
      on: { streams: ['@depth'] },
    })
    const snapshots = (): number => followed.books().filter(({ snapshot }) => snapshot).length
    const before = snapshots()
    await quoteUntil(stage, followed, () => snapshots() > before)
    expect(followed.states()).toContain('depth resync')
    expect(followed.book().isCrossed()).toBe(false)
    await followed.stop()
  }),

  onWire('V-118', 'the book comes although the venue limits its snapshots', async (stage, wire) => {
    wire.fault({
      fault: { kind: 'rate_limited', retry_after_s: null },
      when: { kind: 'once' },
      on: { paths: ['/fapi/v1/depth'] },
    })
    const followed = await followMarket(stage)
    await quoteUntil(stage, followed, () => followed.books().length > 0)
    expect(wire.requests.filter((one) => one.endsWith('/depth')).length).toBeGreaterThan(1)
    await followed.stop()
  }),

  onWire(
    'V-119',
    'a connection that ends is told, and what it lost repaired',
    async (stage, wire) => {
      const followed = await followMarket(stage)
      await quoteUntil(stage, followed, () => followed.books().length > 0)
      await printMany(stage, followed, 2)
      wire.cut('terminate')
      for (let i = 0; i < 3; i++) await stage.print(60_000, 9, 'BUY')
      await followed.pass(A_WHILE_MS)
      await printMany(stage, followed, 2)
      expect(followed.states()).toEqual(expect.arrayContaining(['trades down', 'depth down']))
      expect(isUnbroken(ids(followed))).toBe(true)
      await quoteUntil(stage, followed, () => !followed.book().isCrossed())
      await followed.stop()
    },
  ),

  onWire('V-120', 'a market stream that falls silent is found out', async (stage, wire) => {
    const followed = await followMarket(stage)
    await quoteUntil(stage, followed, () => followed.books().length > 0)
    wire.fault({
      fault: { kind: 'market_silent' },
      when: { kind: 'always' },
      on: { streams: ['@depth'] },
    })
    for (let i = 0; i < 8; i++) {
      await stage.quote(60_000 + i)
      await followed.pass(4_000)
    }
    expect(followed.states()).toContain('depth stale')
    await followed.stop()
  }),

  onWire(
    'V-121',
    'market messages that are none are counted, and survived',
    async (stage, wire) => {
      const followed = await followMarket(stage)
      wire.fault({ fault: { kind: 'market_malformed' }, when: { kind: 'every_nth', nth: 2 } })
      await printMany(stage, followed, 6)
      wire.repair()
      await printMany(stage, followed, 2)
      expect(
        Object.values(followed.feed.faults).reduce((sum, count) => sum + count, 0),
      ).toBeGreaterThan(0)
      expect(isUnbroken(ids(followed))).toBe(true)
      await followed.stop()
    },
  ),
]
