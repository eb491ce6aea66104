import { expect } from '@jest/globals'
import type { VenuePort } from '@tapedeck/venue'
import { limit, market, position, stop, valueOf } from '../orders.ts'
import {
  SYMBOL,
  onWire,
  stepsOf,
  type AcceptanceCase,
  type VenueStage,
  type Wire,
} from '../venue-stage.ts'

/** A trade from its entry to its protection and out, by a key that signs in its own way. */
const trades = async (stage: VenueStage, venue: VenuePort): Promise<void> => {
  expect(valueOf(await venue.submitOrder(limit('rests', 'BUY', '0.01', '59000')))).toMatchObject({
    accepted: true,
  })
  const gone = { symbol: SYMBOL, clientOrderId: 'rests', conditional: false }
  expect(valueOf(await venue.cancelOrder(gone))).toMatchObject({ canceled: true })
  await venue.submitOrder(market('entry', 'BUY', '0.01'))
  await venue.submitOrder(stop('stop', 'SELL', '0.01', '59000'))
  expect(valueOf(await venue.openOrders([SYMBOL]))).toMatchObject([{ clientOrderId: 'stop' }])
  expect(await position(stage)).toBe('0.01')
  await stage.quote(58_900)
  expect(await position(stage)).toBe('0')
  expect(valueOf(await venue.fills(SYMBOL, 0))).toHaveLength(2)
  expect(stepsOf(stage, 'entry')).toEqual(['accepted', 'filled'])
}

/** What an order comes to with a key that the venue does not take, and that nothing came of it. */
const isRefused = async (venue: VenuePort, stage: VenueStage, code: string): Promise<void> => {
  const answer = valueOf(await venue.submitOrder(market('entry', 'BUY', '0.01')))
  expect(answer).toMatchObject({ accepted: false, code, next: 'stop' })
  expect(await position(stage)).toBe('0')
}

const withKey =
  (kind: Parameters<Wire['adapterWith']>[0]) =>
  async (stage: VenueStage, wire: Wire): Promise<void> => {
    const venue = await wire.adapterWith(kind)
    await trades(stage, venue)
    await venue.close()
  }

export const KEY_CASES: readonly AcceptanceCase[] = [
  onWire('V-122', 'trades with a key of Ed25519', withKey('Ed25519')),
  onWire('V-123', 'trades with a key of RSA', withKey('RSA')),
  onWire('V-124', 'a private key of another key is refused', async (stage, wire) => {
    const venue = await wire.adapterWith('another Ed25519')
    await isRefused(venue, stage, '-1022')
    await venue.close()
  }),
  onWire('V-125', 'a key that was deleted is refused, what rests stays', async (stage, wire) => {
    const venue = await wire.adapterWith('Ed25519')
    await venue.submitOrder(limit('rests', 'BUY', '0.01', '59000'))
    wire.deleteKeys()
    await isRefused(venue, stage, '-2015')
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toMatchObject([
      { clientOrderId: 'rests' },
    ])
    await venue.close()
  }),
]
