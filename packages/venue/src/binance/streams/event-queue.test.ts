import { describe, expect, it } from '@jest/globals'
import { EventQueue } from './event-queue.ts'

describe('the queue between sockets and their reader', () => {
  it('hands everything on at once, in order', async () => {
    const queue = new EventQueue<number>(10)
    expect(queue.offer([1, 2])).toBe(true)
    expect(queue.offer([3])).toBe(true)
    expect(await queue.take()).toEqual([1, 2, 3])
  })

  it('wakes the reader that waits', async () => {
    const queue = new EventQueue<number>(10)
    const taken = queue.take()
    queue.offer([1])
    expect(await taken).toEqual([1])
  })

  it('holds no more than its bound, however long the reader is away', async () => {
    const queue = new EventQueue<number>(5)
    const took = Array.from({ length: 1000 }, (_, i) => queue.offer([i]))
    expect(took.filter(Boolean)).toHaveLength(5)
    // What comes after a refusal would lie behind a hole: none of it is taken.
    expect(took.lastIndexOf(true)).toBe(4)
    expect(await queue.take()).toEqual([0, 1, 2, 3, 4])
    expect(queue.offer([1000])).toBe(true)
  })

  it('takes what is larger than its bound when it is empty: it would never fit', () => {
    const queue = new EventQueue<number>(2)
    expect(queue.offer([1, 2, 3])).toBe(true)
    expect(queue.offer([4])).toBe(false)
  })

  it('takes what has to be told although it is full', async () => {
    const queue = new EventQueue<number>(1)
    queue.offer([1])
    expect(queue.offer([2])).toBe(false)
    queue.tell([3])
    expect(await queue.take()).toEqual([1, 3])
  })

  it('ends whoever waits when it is closed, and takes nothing more', async () => {
    const queue = new EventQueue<number>(5)
    const taken = queue.take()
    queue.close()
    expect(await taken).toBeNull()
    expect(queue.offer([1])).toBe(true)
    expect(await queue.take()).toBeNull()
  })
})
