import { describe, expect, it } from '@jest/globals'
import { parseDelivery } from './delivery.ts'
import { subjectFilter, withoutOverlaps } from './subject-filter.ts'

describe('the delivery information in a reply subject', () => {
  const expected = { streamSeq: 7, deliverySeq: 3, storedAt: 1_700_000_000_123, pending: 12 }
  it.each([
    ['up to 2.14', '$JS.ACK.TAPE.reader.1.7.3.1700000000123456789.12'],
    ['with domain and account', '$JS.ACK._.HASH.TAPE.reader.1.7.3.1700000000123456789.12'],
    ['with a token at the end', '$JS.ACK._.HASH.TAPE.reader.1.7.3.1700000000123456789.12.x'],
  ])('is read in the form of servers %s', (_server, reply) => {
    expect(parseDelivery(reply)).toEqual(expected)
  })

  it.each([[undefined], [''], ['_INBOX.a.b'], ['$JS.ACK.TAPE.reader.1.7']])(
    'is not seen in %j',
    (reply) => {
      expect(parseDelivery(reply)).toBeNull()
    },
  )
})

describe('a choice of subjects', () => {
  it.each([
    ['tape.market.>', 'tape.market.trades.v.S', true],
    ['tape.market.>', 'tape.market', false],
    ['tape.market.*.v.S', 'tape.market.trades.v.S', true],
    ['tape.market.*', 'tape.market.trades.v', false],
    ['tape.market.trades', 'tape.market.trades', true],
    ['tape.market.trades', 'tape.market.depth', false],
    ['>', 'anything.at.all', true],
  ])('%s takes %s: %s', (filter, subject, isTaken) => {
    const accepts = subjectFilter([filter])
    expect(accepts(subject)).toBe(isTaken)
    expect(accepts(subject)).toBe(isTaken)
  })

  it.each([
    ['keeps what is apart', ['a.b', 'a.c.>'], ['a.b', 'a.c.>']],
    ['drops what another covers', ['a.b.c', 'a.>', 'a.*'], ['a.>']],
    ['drops what is there twice', ['a.b', 'a.b'], ['a.b']],
    ['cannot part what overlaps in part', ['a.*.c', 'a.b.*'], null],
    ['is empty for nothing', [], []],
  ])('without overlaps %s', (_rule, filters, expected) => {
    expect(withoutOverlaps(filters)).toEqual(expected)
  })
})
