import { describe, expect, it } from '@jest/globals'
import type { DepthEvent } from '@tapedeck/core'
import { TestClock } from '../../courier/test-clock.fixture.ts'
import { Backoff } from './backoff.ts'
import { BookKeeper } from './book-keeper.ts'

const update = (lastId: number, bid = 10, ask = 20, lots = 1): DepthEvent => ({
  kind: 'depth',
  symbol: 'BTCUSDT',
  snapshot: false,
  firstId: lastId,
  lastId,
  previousId: lastId - 1,
  time: lastId,
  bidTicks: [bid],
  bidLots: [lots],
  askTicks: [ask],
  askLots: [lots],
})
const snapshot = (lastId: number): DepthEvent => ({
  ...update(lastId),
  snapshot: true,
  previousId: null,
})

/** The venue's answers are given by hand. */
const start = () => {
  const clock = new TestClock()
  const told: string[] = []
  const waiting: ((answer: DepthEvent | Error) => void)[] = []
  const keeper = new BookKeeper({
    fetchSnapshot: () =>
      new Promise((resolve, reject) => {
        waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
      }),
    emit: (events) =>
      told.push(...events.map((one) => `${one.snapshot ? 'book' : 'change'} ${one.lastId}`)),
    onResync: (reason) => told.push(reason),
    clock,
    backoff: new Backoff({ firstMs: 100, maxMs: 1000, random: () => 1 }),
  })
  const answer = async (value: DepthEvent | Error): Promise<void> => {
    waiting.shift()!(value)
    await clock.pass(0)
  }
  return { clock, keeper, told, waiting, answer }
}

describe('the book', () => {
  it('begins with a snapshot, and goes on with what follows it', async () => {
    const { keeper, told, answer } = start()
    for (const id of [4, 5, 6]) keeper.take(update(id))
    expect(keeper.book).toBeNull()
    await answer(snapshot(5))
    keeper.take(update(7))
    expect(told).toEqual(['book 5', 'change 5', 'change 6', 'change 7'])
    expect(keeper.book?.bestBid()).toBe(10)
    expect(keeper.snapshots).toBe(1)
  })

  it.each<[string, DepthEvent | Error]>([
    ['that does not come', new Error('429')],
    ['that is older than what waits', snapshot(2)],
    ['that is crossed', { ...snapshot(5), bidTicks: [30] }],
  ])('a snapshot %s is asked for again, after a wait', async (_name, bad) => {
    const { clock, keeper, told, waiting, answer } = start()
    keeper.take(update(5))
    await answer(bad)
    expect(waiting).toHaveLength(0)
    expect(keeper.book).toBeNull()
    await clock.pass(100)
    await answer(snapshot(5))
    keeper.take(update(6))
    expect([told[0], told.at(-1)]).toEqual(['book 5', 'change 6'])
  })

  it('with a hole, or crossed, is told broken once and built anew', async () => {
    const { keeper, told, answer } = start()
    keeper.take(update(1))
    await answer(snapshot(1))
    keeper.take(update(3))
    keeper.take(update(4))
    expect(keeper.book).toBeNull()
    await answer(snapshot(4))
    keeper.take(update(5, 25))
    expect(keeper.book).toBeNull()
    await answer(snapshot(5))
    expect(told).toEqual([
      'book 1',
      'change 1',
      'update 3 does not follow 1',
      'book 4',
      'change 4',
      'update 5 crosses the book',
      'book 5',
    ])
    expect(keeper.resyncs).toBe(2)
  })

  it('of a lost connection is not brought back by an answer from before', async () => {
    const { clock, keeper, told, waiting, answer } = start()
    keeper.take(update(5))
    keeper.reset()
    await answer(snapshot(5))
    await clock.pass(60_000)
    expect(told).toEqual([])
    expect(keeper.book).toBeNull()
    expect(waiting).toHaveLength(0)
    keeper.take(update(9))
    await clock.pass(0)
    await answer(snapshot(9))
    expect(told).toEqual(['book 9', 'change 9'])
  })

  it('that breaks with every second asks for three snapshots in six seconds, and is whole in between', async () => {
    const { clock, keeper, told, waiting, answer } = start()
    let asked = 0
    for (let second = 0; second < 60; second++) {
      // One update is missing.
      keeper.take(update(2 * second + 1))
      await clock.pass(0)
      while (waiting.length > 0) {
        asked++
        await answer(snapshot(2 * second + 1))
      }
      await clock.pass(1000)
    }
    expect(asked).toBe(30)
    expect(told.filter((line) => line.startsWith('book'))).toHaveLength(30)
  })
})
