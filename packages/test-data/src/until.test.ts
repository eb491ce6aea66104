import { expect, it } from '@jest/globals'
import { until } from './until.ts'

it('waits for what comes, and looks again and again', async () => {
  let looks = 0
  await until(async () => await Promise.resolve(++looks === 3), { everyMs: 1 })
  expect(looks).toBe(3)
})

it.each([
  [{}, 'waited 0 s in vain until () => false'],
  [{ what: 'the book is whole' }, 'waited 0 s in vain until the book is whole'],
])('says what it waited for in vain (%j)', async (named, message) => {
  await expect(until(() => false, { ...named, msMax: 0 })).rejects.toThrow(message)
})
