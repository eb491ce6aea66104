import { expect } from '@jest/globals'
import { accepted, cancel, found, limit, market, stop, valueOf } from '../orders.ts'
import { SYMBOL, onPort, onWire, stepsOf, type AcceptanceCase } from '../venue-stage.ts'

export const RACE_CASES: readonly AcceptanceCase[] = [
  onPort('V-51', 'a cancel that comes after the fill finds the order gone', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    await stage.quote(59_900)
    expect(valueOf(await stage.venue.cancelOrder(cancel('a')))).toMatchObject({
      canceled: false,
      gone: true,
    })
    expect(await found(stage, 'a')).toMatchObject({ status: 'FILLED' })
  }),

  onPort('V-52', 'the same order under the same id is the one that is open', async (stage) => {
    const request = limit('a', 'BUY', '0.01', '59950')
    const first = await accepted(stage, request)
    expect(await accepted(stage, request)).toBe(first)
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toHaveLength(1)
    expect(stepsOf(stage, 'a')).toEqual(['accepted'])
  }),

  onPort('V-53', 'another order under an id that is open is refused', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    const answer = valueOf(await stage.venue.submitOrder(limit('a', 'BUY', '0.02', '59950')))
    expect(answer).toMatchObject({ accepted: false, code: '-4116', next: 'stop' })
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toMatchObject([{ quantity: '0.01' }])
  }),

  onPort(
    'V-54',
    'a conditional order under an id that is open is the same order',
    async (stage) => {
      await accepted(stage, market('entry', 'BUY', '0.01'))
      const request = stop('s', 'SELL', '0.01', '59900')
      const first = await accepted(stage, request)
      expect(await accepted(stage, request)).toBe(first)
      expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toHaveLength(1)
    },
  ),

  onPort('V-55', 'a cancel of what never was finds it gone', async ({ venue }) => {
    for (const conditional of [false, true])
      expect(valueOf(await venue.cancelOrder(cancel('never', conditional)))).toMatchObject({
        canceled: false,
        gone: true,
      })
  }),

  onPort('V-56', 'an id that was never used is not found', async (stage) => {
    expect(await found(stage, 'never')).toBeNull()
  }),

  onPort('V-57', 'canceling all ends plain and conditional orders', async (stage) => {
    await accepted(stage, market('entry', 'BUY', '0.01'))
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    await accepted(stage, stop('s', 'SELL', '0.01', '59900'))
    expect(valueOf(await stage.venue.cancelAllOrders(SYMBOL))).toEqual({ canceled: true })
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toEqual([])
    expect(stepsOf(stage, 'a').at(-1)).toBe('canceled')
    expect(stepsOf(stage, 's').at(-1)).toBe('canceled')
  }),

  onPort('V-58', 'canceling all of nothing is done', async ({ venue }) => {
    expect(valueOf(await venue.cancelAllOrders(SYMBOL))).toEqual({ canceled: true })
  }),

  onWire('V-59', 'an order that fills while it is canceled has filled', async (stage, wire) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    wire.fault({ fault: { kind: 'cancel_too_late' }, when: { kind: 'once' } })
    expect(valueOf(await stage.venue.cancelOrder(cancel('a')))).toMatchObject({
      canceled: false,
      gone: true,
    })
    expect(await found(stage, 'a')).toMatchObject({ status: 'FILLED' })
    expect(stepsOf(stage, 'a')).toEqual(['accepted', 'filled'])
  }),

  onPort('V-60', 'orders that are sent together all arrive', async (stage) => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    const answers = await stage.during(
      Promise.all(ids.map((id) => stage.raw.submitOrder(limit(id, 'BUY', '0.01', '59950')))),
    )
    for (const answer of answers) expect(valueOf(answer)).toMatchObject({ accepted: true })
    const open = valueOf(await stage.venue.openOrders([SYMBOL]))
    expect(open.map(({ clientOrderId }) => clientOrderId).toSorted()).toEqual(ids)
  }),
]
