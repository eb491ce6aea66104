import { expect } from '@jest/globals'
import { dec, toDecimalString, type VenueFill } from '@tapedeck/core'
import { lookAtVenue } from '@tapedeck/venue'
import { accepted, limit, market, position, stop, valueOf, wallet } from '../orders.ts'
import { FUNDING_AT } from '../stage-market.ts'
import { ACCOUNT, SYMBOL, onPort, toldOf, type AcceptanceCase } from '../venue-stage.ts'

const byId = (fills: readonly VenueFill[]): VenueFill[] =>
  fills.toSorted((a, b) => (a.fillId < b.fillId ? -1 : 1))

export const ACCOUNT_CASES: readonly AcceptanceCase[] = [
  onPort('V-85', 'stream and query tell the same fills under the same ids', async (stage) => {
    await stage.quote(60_000, 5)
    await accepted(stage, market('a', 'BUY', '0.012'))
    await accepted(stage, limit('b', 'SELL', '0.01', '60050'))
    await stage.quote(60_100)
    await accepted(stage, stop('s', 'SELL', '0.002', '60000'))
    await stage.quote(59_990)
    const told = stage.heard.flatMap((event) =>
      event.kind === 'order' && event.fill !== null ? [event.fill] : [],
    )
    const asked = valueOf(await stage.venue.fills(SYMBOL, 0))
    expect(told).toHaveLength(5)
    expect(byId(told)).toEqual(byId(asked))
    expect(new Set(asked.map(({ fillId }) => fillId)).size).toBe(5)
  }),

  onPort('V-86', 'fills are told from a time on, oldest first', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    await stage.pass(1_000)
    const since = stage.time
    await accepted(stage, market('b', 'BUY', '0.01'))
    await stage.pass(10)
    await accepted(stage, market('c', 'BUY', '0.01'))
    const fills = valueOf(await stage.venue.fills(SYMBOL, since))
    expect(fills.map(({ clientOrderId }) => clientOrderId)).toEqual(['b', 'c'])
  }),

  onPort('V-87', 'short positions, and no flat ones', async (stage) => {
    await accepted(stage, market('a', 'SELL', '0.02'))
    expect(valueOf(await stage.venue.positions([SYMBOL, 'ETHUSDT']))).toMatchObject([
      { symbol: SYMBOL, side: 'SHORT', quantity: '0.02', averagePrice: '59999.9' },
    ])
    expect(valueOf(await stage.venue.positions(['ETHUSDT']))).toEqual([])
  }),

  onPort('V-88', 'the wallet moves by gains, losses and fees alone', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    await stage.quote(60_500)
    await accepted(stage, market('b', 'SELL', '0.01', { reduceOnly: true }))
    const fills = valueOf(await stage.venue.fills(SYMBOL, 0))
    const made = fills.reduce((sum, { side, price, quantity, fee }) => {
      const paid = dec(price).times(dec(quantity))
      return (side === 'SELL' ? sum.plus(paid) : sum.minus(paid)).minus(dec(fee))
    }, dec(100_000))
    expect(await wallet(stage)).toBe(toDecimalString(made))
    const last = stage.heard.findLast((event) => event.kind === 'balance')
    expect(last).toMatchObject({ cause: 'ORDER', balances: [{ wallet: toDecimalString(made) }] })
  }),

  onPort(
    'V-89',
    'one look tells orders of both kinds, positions, fills and balances',
    async (stage) => {
      await accepted(stage, market('a', 'BUY', '0.01'))
      await accepted(stage, stop('s', 'SELL', '0.01', '59900'))
      await accepted(stage, limit('t', 'SELL', '0.01', '60100', { reduceOnly: true }))
      const look = valueOf(await stage.during(lookAtVenue(stage.raw, [SYMBOL], 0)))
      expect(look.orders.map(({ clientOrderId }) => clientOrderId).toSorted()).toEqual(['s', 't'])
      expect(look.positions).toMatchObject([{ side: 'LONG', quantity: '0.01' }])
      expect(look.fills).toMatchObject([{ clientOrderId: 'a' }])
      expect(look.balances).toMatchObject([{ asset: 'USDT' }])
    },
  ),

  onPort('V-90', 'symbols that were not asked for are not told', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    expect(valueOf(await stage.venue.openOrders(['ETHUSDT']))).toEqual([])
    expect(valueOf(await stage.venue.fills('ETHUSDT', 0))).toEqual([])
  }),

  onPort('V-91', 'funding moves the wallet, is told, and is found', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    const before = dec(await wallet(stage))
    await stage.pass(FUNDING_AT + 1_000 - stage.time)
    const payments = valueOf(await stage.venue.funding(SYMBOL, 0))
    expect(payments).toMatchObject([{ symbol: SYMBOL, amount: '-0.06' }])
    expect(toDecimalString(dec(await wallet(stage)).minus(before))).toBe('-0.06')
    const told = stage.heard.find(
      (event) => event.kind === 'balance' && event.cause === 'FUNDING_FEE',
    )
    expect(told).toMatchObject({ change: '-0.06', symbol: SYMBOL, at: payments[0]?.at })
  }),

  onPort(
    'V-92',
    'a liquidation is told by the venue’s own id, and the position is gone',
    async (stage) => {
      await accepted(stage, market('a', 'BUY', '0.01'))
      await stage.happen((exchange) => void exchange.liquidate(ACCOUNT, SYMBOL))
      const own = stage.heard.filter(
        (event) => event.kind === 'order' && event.clientOrderId.startsWith('autoclose-'),
      )
      expect(own.at(-1)).toMatchObject({
        step: 'filled',
        reason: expect.stringContaining('liquidation'),
      })
      expect(await position(stage)).toBe('0')
      const fills = valueOf(await stage.venue.fills(SYMBOL, 0))
      expect(fills.at(-1)?.clientOrderId).toMatch(/^autoclose-/)
    },
  ),

  onPort('V-93', 'deleveraging is told by the venue’s own id', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    await stage.happen(
      (exchange) => void exchange.deleverage(ACCOUNT, SYMBOL, { quantity: '0.004' }),
    )
    const own = stage.heard.filter(
      (event) => event.kind === 'order' && event.clientOrderId.startsWith('adl_autoclose'),
    )
    expect(own.at(-1)).toMatchObject({ step: 'filled', fill: { quantity: '0.004' } })
    expect(await position(stage)).toBe('0.006')
  }),

  onPort('V-94', 'an order that somebody else places is told, listed and found', async (stage) => {
    await stage.happen((exchange) => {
      exchange.placeOrder(ACCOUNT, {
        symbol: SYMBOL,
        side: 'BUY',
        type: 'LIMIT',
        timeInForce: 'GTC',
        price: '59950',
        quantity: '0.02',
        clientOrderId: 'web_123',
      })
    })
    expect(toldOf(stage, 'web_123')).toMatchObject([{ step: 'accepted' }])
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toMatchObject([
      { clientOrderId: 'web_123' },
    ])
  }),

  onPort('V-95', 'leverage that somebody else changes is told', async (stage) => {
    await stage.happen((exchange) => void exchange.setLeverage(ACCOUNT, SYMBOL, 3))
    expect(stage.heard.at(-1)).toMatchObject({
      kind: 'notice',
      notice: 'leverage_changed',
      symbol: SYMBOL,
      detail: 'leverage 3',
    })
  }),

  onPort('V-96', 'a deposit is told with what it changed', async (stage) => {
    await stage.happen((exchange) => void exchange.deposit(ACCOUNT, '250.5'))
    expect(stage.heard.findLast((event) => event.kind === 'balance')).toMatchObject({
      cause: 'DEPOSIT',
      change: '250.5',
      balances: [{ asset: 'USDT', wallet: '100250.5' }],
    })
    expect(await wallet(stage)).toBe('100250.5')
  }),
]
