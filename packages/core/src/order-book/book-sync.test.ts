import { describe, expect, it } from '@jest/globals'
import { BookSync, type DepthIds } from './book-sync.ts'

const futures = (previousId: number, firstId: number, lastId: number): DepthIds => ({
  previousId,
  firstId,
  lastId,
})
const spot = (firstId: number, lastId: number): DepthIds => ({ previousId: null, firstId, lastId })

const cases: {
  name: string
  before?: DepthIds[]
  snapshot: number
  snapshotStatus?: string
  deltas: [DepthIds, applied: number, status: string][]
}[] = [
  {
    name: 'futures: buffered updates older than the snapshot are dropped, the bridging one is applied',
    before: [futures(1, 3, 5), futures(5, 8, 12)],
    snapshot: 10,
    deltas: [[futures(12, 20, 25), 1, 'synced']],
  },
  {
    name: 'futures: an update that ends at the snapshot is applied again (absolute quantities)',
    snapshot: 10,
    deltas: [
      [futures(5, 8, 10), 1, 'synced'],
      [futures(10, 14, 15), 1, 'synced'],
    ],
  },
  {
    name: 'futures: an update with a hole after the snapshot is a gap',
    snapshot: 10,
    deltas: [[futures(12, 14, 15), 0, 'gap']],
  },
  {
    name: 'futures: ids with holes are whole when pu matches; a wrong pu is a gap, then it waits',
    snapshot: 10,
    deltas: [
      [futures(9, 10, 11), 1, 'synced'],
      [futures(11, 90, 95), 1, 'synced'],
      [futures(94, 96, 97), 0, 'gap'],
      [futures(97, 98, 99), 0, 'waiting'],
    ],
  },
  {
    name: 'futures: a repeated update is dropped',
    snapshot: 10,
    deltas: [
      [futures(9, 10, 11), 1, 'synced'],
      [futures(9, 10, 11), 0, 'synced'],
    ],
  },
  {
    name: 'spot: the first update covers snapshot + 1, the next starts at the last + 1',
    snapshot: 10,
    deltas: [
      [spot(8, 10), 0, 'synced'],
      [spot(9, 12), 1, 'synced'],
      [spot(13, 13), 1, 'synced'],
      [spot(15, 16), 0, 'gap'],
    ],
  },
  { name: 'spot: a snapshot too old is a gap', snapshot: 10, deltas: [[spot(12, 13), 0, 'gap']] },
  {
    name: 'spot: a buffered hole is found at the snapshot',
    before: [spot(11, 12), spot(14, 15)],
    snapshot: 10,
    snapshotStatus: 'gap',
    deltas: [],
  },
]

describe('BookSync', () => {
  it.each(cases)('$name', ({ before = [], snapshot, snapshotStatus = 'synced', deltas }) => {
    const sync = new BookSync()
    for (const update of before)
      expect(sync.delta(update)).toEqual({ apply: [], status: 'waiting' })
    expect(sync.snapshot(snapshot).status).toBe(snapshotStatus)
    for (const [update, applied, status] of deltas) {
      const result = sync.delta(update)
      expect([result.apply.length, result.status]).toEqual([applied, status])
    }
  })

  it('keeps what came after a gap for the snapshot that follows', () => {
    const sync = new BookSync()
    sync.snapshot(10)
    expect(sync.delta(futures(20, 21, 22)).status).toBe('gap')
    sync.delta(futures(22, 23, 24))
    expect(sync.snapshot(21).apply).toEqual([futures(20, 21, 22), futures(22, 23, 24)])
    expect(sync.lastId).toBe(24)
  })

  it('goes on from a saved position', () => {
    const sync = new BookSync()
    sync.snapshot(10)
    sync.delta(futures(9, 10, 11))
    const other = new BookSync()
    other.restore(sync.position())
    expect(other.delta(futures(11, 12, 13)).apply).toHaveLength(1)
  })
})
