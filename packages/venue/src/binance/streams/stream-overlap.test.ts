import { describe, expect, it } from '@jest/globals'
import { StreamOverlap } from './stream-overlap.ts'

const open = () => {
  const overlap = new StreamOverlap<number>(['quiet', 'busy'], () => true)
  overlap.begin()
  const pass = (stream: string, id: number): void => overlap.passed({ stream, id })
  const hold = (stream: string, id: number): boolean => overlap.hold({ stream, id, value: id })
  return { overlap, pass, hold }
}

describe('the seam of a connection and its successor', () => {
  it('does not ask the successor for what was delivered before it was subscribed', () => {
    const { overlap, pass, hold } = open()
    // The last print of a symbol for the next hour.
    pass('quiet', 1)
    overlap.expectAll()
    hold('busy', 7)
    pass('busy', 7)
    expect(overlap.missing()).toEqual([])
  })

  it('asks for what only the current delivers from then on', () => {
    const { overlap, pass, hold } = open()
    overlap.expectAll()
    pass('quiet', 2)
    hold('busy', 7)
    expect(overlap.missing()).toEqual(['quiet'])
  })

  it('is ready once the current has reached the first of each that the successor delivered', () => {
    const { overlap, pass, hold } = open()
    overlap.expectAll()
    hold('busy', 8)
    hold('quiet', 3)
    pass('busy', 8)
    expect(overlap.isReady).toBe(false)
    pass('quiet', 3)
    expect(overlap.isReady).toBe(true)
    expect(overlap.release().map(({ id }) => id)).toEqual([8, 3])
    expect(overlap.isNews({ stream: 'busy', id: 8 })).toBe(false)
    expect(overlap.isNews({ stream: 'busy', id: 9 })).toBe(true)
  })

  it('holds a bounded number of messages', () => {
    const { hold } = open()
    let took = 0
    while (hold('busy', took)) took++
    expect(took).toBe(50_000)
  })
})
