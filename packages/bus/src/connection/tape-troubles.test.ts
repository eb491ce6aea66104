import { expect, it } from '@jest/globals'
import { TapeTroubles } from './tape-troubles.ts'

it('tells what is wrong once, together, and when nothing is any more', () => {
  const told: (string | null)[] = []
  const troubles = new TapeTroubles((problem) => told.push(problem))
  const [reading, other, appending] = [{}, {}, {}]
  troubles.clear(reading)
  troubles.set(reading, 'the tape cannot be read: timeout')
  troubles.set(reading, 'the tape cannot be read: timeout')
  troubles.set(other, 'the tape cannot be read: timeout')
  troubles.set(appending, 'the tape refuses messages: full')
  troubles.clear(reading)
  troubles.clear(other)
  troubles.clear(appending)
  troubles.clear(appending)
  expect(told).toEqual([
    null,
    'the tape cannot be read: timeout',
    'the tape cannot be read: timeout; the tape refuses messages: full',
    'the tape refuses messages: full',
    null,
  ])
})
