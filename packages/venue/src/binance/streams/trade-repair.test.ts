import { describe, expect, it } from '@jest/globals'
import type { TradeEvent } from '@tapedeck/core'
import { TestClock } from '../../courier/test-clock.fixture.ts'
import { TradeRepair } from './trade-repair.ts'

const trade = (id: number): TradeEvent => ({
  kind: 'trade',
  symbol: 'BTCUSDT',
  id,
  priceTicks: 1,
  quantityLots: 1,
  time: id,
  maker: 0,
  excluded: false,
})
const trades = (from: number, to: number): TradeEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => trade(from + i))

/** Answers in turn; the last one again and again. */
const start = (...answers: readonly (TradeEvent[] | Error)[]) => {
  const clock = new TestClock()
  const told: number[] = []
  const asked: number[] = []
  const reader = { isAway: false }
  const repair = new TradeRepair({
    fetch: (fromId) => {
      asked.push(fromId)
      const answer = answers[Math.min(asked.length, answers.length) - 1]!
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    emit: (some) => {
      if (reader.isAway) return false
      told.push(...some.map(({ id }) => id))
      return true
    },
    attemptsMax: 3,
    pagesMax: 3,
    waitMs: 100,
    clock,
  })
  repair.take(trade(1))
  return { clock, told, asked, repair, reader }
}

describe('a hole in the prints', () => {
  it.each<[string, (TradeEvent[] | Error)[], number[]]>([
    ['is filled before what came after it', [trades(2, 9)], [1, 2, 3, 4, 5, 6]],
    ['is filled page by page', [trades(2, 3), trades(4, 9)], [1, 2, 3, 4, 5, 6]],
    [
      'is asked for again when nobody answers',
      [new Error('503'), trades(2, 4)],
      [1, 2, 3, 4, 5, 6],
    ],
    ['is asked for again when the answer lags behind', [[], trades(2, 4)], [1, 2, 3, 4, 5, 6]],
    ['is left when it cannot be filled', [new Error('503')], [1, 5, 6]],
    ['is left in part when the venue has but a part', [trades(2, 3), []], [1, 2, 3, 5, 6]],
  ])('%s', async (_name, answers, ids) => {
    const { clock, told, repair } = start(...answers)
    repair.take(trade(5))
    repair.take(trade(6))
    expect(told).toEqual([1])
    await clock.pass(1000)
    expect(told).toEqual(ids)
    repair.take(trade(7))
    expect(told.at(-1)).toBe(7)
  })

  it('inside what was held starts over', async () => {
    const { clock, told, asked, repair } = start(trades(2, 4), trades(6, 8))
    repair.take(trade(5))
    repair.take(trade(9))
    await clock.pass(1000)
    expect(asked).toEqual([2, 6])
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('of more pages than are worth asking for is left', async () => {
    const { clock, told, asked, repair } = start([trade(2)], [trade(3)], [trade(4)], [trade(5)])
    repair.take(trade(100))
    await clock.pass(1000)
    expect(asked).toEqual([2, 3, 4])
    expect(told).toEqual([1, 2, 3, 4, 100])
  })

  it('counts nothing as passed that nobody took, and asks for it again later', async () => {
    const { clock, told, asked, repair, reader } = start(trades(2, 3))
    reader.isAway = true
    repair.take(trade(2))
    repair.take(trade(3))
    expect(told).toEqual([1])
    reader.isAway = false
    repair.take(trade(4))
    await clock.pass(0)
    expect(asked).toEqual([2])
    expect(told).toEqual([1, 2, 3, 4])
  })

  it('stops asking when the reader goes away meanwhile', async () => {
    const { clock, told, asked, repair, reader } = start(trades(2, 3), trades(4, 5))
    repair.take(trade(6))
    reader.isAway = true
    await clock.pass(5000)
    expect(asked).toEqual([2])
    reader.isAway = false
    repair.take(trade(7))
    await clock.pass(5000)
    expect([asked[1], told.at(-1)]).toEqual([2, 7])
  })
})
