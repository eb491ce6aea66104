import { expect } from '@jest/globals'
import { accepted, found, limit, market, position, refused, stop, valueOf } from '../orders.ts'
import { ACCOUNT, SYMBOL, onPort, type AcceptanceCase } from '../venue-stage.ts'

export const REFUSAL_CASES: readonly AcceptanceCase[] = [
  onPort('V-24', 'refuses a price off the tick grid', (stage) =>
    refused(stage, limit('a', 'BUY', '0.01', '59950.05'), '-4014', '-1111'),
  ),
  onPort('V-25', 'refuses a quantity off the lot grid', (stage) =>
    refused(stage, limit('a', 'BUY', '0.0105', '59950'), '-4023', '-1111'),
  ),
  onPort('V-26', 'refuses a quantity that is none', (stage) =>
    refused(stage, limit('a', 'BUY', '0', '59950'), '-4003', '-4004'),
  ),
  onPort('V-27', 'refuses a notional below the minimum', (stage) =>
    refused(stage, limit('a', 'BUY', '0.001', '59950'), '-4164'),
  ),
  onPort('V-28', 'refuses a symbol that is not listed', (stage) =>
    refused(stage, limit('a', 'BUY', '0.01', '59950', { symbol: 'NONEUSDT' }), '-1121'),
  ),
  onPort('V-29', 'refuses what the margin does not carry', (stage) =>
    refused(stage, limit('a', 'BUY', '50', '59950'), '-2019'),
  ),
  onPort('V-30', 'refuses a limit price outside the band', (stage) =>
    refused(stage, limit('a', 'BUY', '0.01', '64000'), '-4016'),
  ),
  onPort('V-31', 'refuses reduce-only without a position', (stage) =>
    refused(stage, market('a', 'SELL', '0.01', { reduceOnly: true }), '-2022'),
  ),
  onPort('V-32', 'refuses a stop that would trigger at once', async (stage) => {
    await refused(stage, stop('a', 'SELL', '0.01', '60100', { reduceOnly: false }), '-2021')
  }),
  onPort('V-33', 'refuses a client order id of a wrong form', (stage) =>
    refused(stage, limit('a b', 'BUY', '0.01', '59950'), '-4015', 'NOT_SENT'),
  ),
  onPort('V-34', 'finds no order that was refused', async (stage) => {
    await refused(stage, limit('a', 'BUY', '50', '59950'), '-2019')
    expect(await found(stage, 'a')).toBeNull()
    expect(valueOf(await stage.venue.fills(SYMBOL, 0))).toEqual([])
  }),
  onPort('V-35', 'a restricted account may only reduce', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    await stage.happen((exchange) => void exchange.restrict(ACCOUNT, true))
    const answer = valueOf(await stage.venue.submitOrder(market('b', 'BUY', '0.01')))
    expect(answer).toMatchObject({ accepted: false, code: '-4400', next: 'stop' })
    await accepted(stage, market('c', 'SELL', '0.01', { reduceOnly: true }))
    expect(await position(stage)).toBe('0')
  }),
  onPort('V-36', 'refuses orders of a symbol that does not trade', async (stage) => {
    await stage.happen((exchange) => void exchange.setSymbolStatus(SYMBOL, 'CLOSE'))
    await refused(stage, limit('a', 'BUY', '0.01', '59950'), '-4140', '-4141')
  }),
  onPort('V-37', 'reduce-only takes no more than the position', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    await accepted(stage, market('b', 'SELL', '0.03', { reduceOnly: true }))
    expect(await position(stage)).toBe('0')
    // A venue may make the order smaller when it comes, or end what is left of it.
    const { status, filledQuantity } = (await found(stage, 'b'))!
    expect(['FILLED', 'EXPIRED']).toContain(status)
    expect(filledQuantity).toBe('0.01')
  }),
  onPort('V-38', 'reduce-only may be smaller than the smallest notional', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    await accepted(stage, market('b', 'SELL', '0.001', { reduceOnly: true }))
    expect(await position(stage)).toBe('0.009')
  }),
]
