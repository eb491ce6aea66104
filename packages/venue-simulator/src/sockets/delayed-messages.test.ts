import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DelayedMessages } from './delayed-messages.ts'

describe('DelayedMessages', () => {
  it('sends by time, those of one time as they came', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (times) => {
        const delayed = new DelayedMessages()
        const sent: [at: number, order: number][] = []
        times.forEach((at, order) => delayed.add(at, () => void sent.push([at, order])))
        const expected = times
          .map((at, order): [number, number] => [at, order])
          .toSorted(([a, i], [b, j]) => a - b || i - j)
        delayed.run(10)
        expect(sent).toEqual(expected.filter(([at]) => at <= 10))
        expect(delayed.due).toBe(expected.find(([at]) => at > 10)?.[0] ?? null)
        delayed.run(20)
        expect(sent).toEqual(expected)
      }),
    )
  })
})
