import { describe, expect, it } from '@jest/globals'
import { print, START, stillVenue } from '../../venue/testing/still-market.ts'
import type { Values } from '../../venue/testing/venue-client.ts'
import {
  LIMIT,
  MARKET,
  place,
  STOP,
  placeConditional,
  type Json,
} from '../testing/sample-orders.ts'

const DAY = 86_400_000
const SYMBOL = { symbol: 'BTCUSDT' }

/** Ten market orders, one a day; the streams, which nobody hears, are not run. */
const tenDays = () => {
  const { venue, client } = stillVenue()
  for (let i = 0; i < 10; i++) {
    venue.exchange.advanceTo(START + i * DAY)
    place(client, { ...MARKET, side: i % 2 === 0 ? 'BUY' : 'SELL', newClientOrderId: `d${i}` })
  }
  return {
    client,
    ask: (path: string, values: Values = {}) => client.signed('GET', path, values).json,
  }
}

const times = (rows: unknown): number[] => (rows as { time: number }[]).map(({ time }) => time)
const day = (n: number): number => START + n * DAY

describe('trades of an account', () => {
  const { client: asker, ask } = tenDays()
  const path = '/fapi/v1/userTrades'

  it.each<readonly [string, Values, readonly number[]]>([
    ['the last seven days', {}, [2, 3, 4, 5, 6, 7, 8, 9]],
    ['the latest of them', { limit: 2 }, [8, 9]],
    ['from a time on, seven days', { startTime: day(1) }, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['from a time on, the first', { startTime: day(1), limit: 2 }, [1, 2]],
    ['until a time, seven days', { endTime: day(8) }, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['between times', { startTime: day(3), endTime: day(4) }, [3, 4]],
    ['over seven days at most', { startTime: day(2), endTime: day(9) }, [2, 3, 4, 5, 6, 7, 8, 9]],
  ])('%s', (_, values, days) => {
    expect(times(ask(path, { ...SYMBOL, ...values }))).toEqual(days.map(day))
  })

  it('from an id on, page by page, without a hole', () => {
    const all = ask(path, { ...SYMBOL, startTime: START }) as { id: number }[]
    const found: number[] = []
    for (let fromId = all[0]!.id; ; fromId = found.at(-1)! + 1) {
      const rows = ask(path, { ...SYMBOL, fromId, limit: 3 }) as { id: number }[]
      found.push(...rows.map(({ id }) => id))
      if (rows.length < 3) break
    }
    expect(found).toHaveLength(10)
    expect(new Set(found).size).toBe(10)
  })

  it('of one order, however old', () => {
    const order = asker.signed('GET', '/fapi/v1/order', { ...SYMBOL, origClientOrderId: 'd0' })
      .json as Json
    expect(ask(path, { ...SYMBOL, orderId: Number(order['orderId']) })).toMatchObject([
      { orderId: order['orderId'], time: START, buyer: true, maker: false, qty: '0.010' },
    ])
  })

  it.each<readonly [string, Values, number]>([
    ['without symbol', {}, -1102],
    ['of an unknown symbol', { symbol: 'X' }, -1121],
    ['over more than seven days', { ...SYMBOL, startTime: START, endTime: day(7) + 1 }, -4165],
    ['backwards', { ...SYMBOL, startTime: day(2), endTime: day(1) }, -1023],
    ['by id and time', { ...SYMBOL, fromId: 1, startTime: START }, -1128],
    ['too many', { ...SYMBOL, limit: 1001 }, -1130],
    ['none', { ...SYMBOL, limit: 0 }, -1130],
    ['some', { ...SYMBOL, limit: 'some' }, -1102],
    ['from no id', { ...SYMBOL, fromId: '1e3' }, -1102],
  ])('are refused %s', (_, values, code) => {
    expect(stillVenue().client.signed('GET', path, values).json).toMatchObject({ code })
  })

  it('are forgotten after three months', () => {
    const { venue, client } = stillVenue()
    place(client, MARKET)
    venue.exchange.advanceTo(START + 90 * DAY)
    const old = () =>
      client.signed('GET', path, { ...SYMBOL, startTime: START, endTime: START + DAY }).json
    expect(old()).toHaveLength(1)
    venue.exchange.advanceTo(START + 90 * DAY + 1)
    expect(old()).toEqual([])
  })
})

describe('orders of an account', () => {
  const { ask } = tenDays()
  const path = '/fapi/v1/allOrders'

  it('the last seven days, of one symbol or all', () => {
    expect(times(ask(path, SYMBOL))).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map(day))
    expect(ask(path)).toEqual(ask(path, SYMBOL))
  })

  it('from an id on', () => {
    const [, second] = ask(path, { ...SYMBOL, startTime: START, limit: 2 }) as { orderId: number }[]
    const rows = ask(path, { ...SYMBOL, orderId: second!.orderId, limit: 3 }) as {
      orderId: number
    }[]
    expect(rows.map(({ orderId }) => orderId - second!.orderId)).toEqual([0, 1, 2])
  })

  it('conditional ones likewise', () => {
    const { venue, client } = stillVenue()
    placeConditional(client, { ...STOP, clientAlgoId: 'c1' })
    client.signed('DELETE', '/fapi/v1/algoOpenOrders', SYMBOL)
    venue.advanceTo(START + DAY)
    placeConditional(client, { ...STOP, clientAlgoId: 'c2' })
    const algos = (values: Values) =>
      client.signed('GET', '/fapi/v1/allAlgoOrders', { ...SYMBOL, ...values }).json
    expect(algos({})).toMatchObject([
      { clientAlgoId: 'c1', algoStatus: 'CANCELED' },
      { clientAlgoId: 'c2', algoStatus: 'NEW' },
    ])
    expect(algos({ startTime: START + 1 })).toMatchObject([{ clientAlgoId: 'c2' }])
    expect(algos({ startTime: START, endTime: START + 8 * DAY })).toMatchObject({ code: -4165 })
    venue.advanceTo(START + 4 * DAY)
    expect(algos({})).toMatchObject([{ clientAlgoId: 'c2' }])
  })
})

describe('income', () => {
  const { ask } = tenDays()
  const path = '/fapi/v1/income'

  it('names what it came from, and can be asked for by that', () => {
    const { venue, client } = stillVenue()
    place(client, MARKET)
    print(venue, 60_001)
    place(client, { ...MARKET, side: 'SELL', reduceOnly: 'true' })
    const rows = client.signed('GET', path).json as Json[]
    expect(rows.map(({ incomeType }) => incomeType)).toEqual([
      'TRANSFER',
      'COMMISSION',
      'REALIZED_PNL',
      'COMMISSION',
    ])
    expect(rows[0]).toEqual({
      symbol: '',
      incomeType: 'TRANSFER',
      income: '100000.00000000',
      asset: 'USDT',
      info: 'TRANSFER',
      time: START,
      tranId: expect.any(Number),
      tradeId: '',
    })
    const fees = client.signed('GET', path, { incomeType: 'COMMISSION', symbol: 'BTCUSDT' }).json
    expect(fees).toMatchObject([{ income: '-0.30000050' }, { income: '-0.29999950' }])
    expect(client.signed('GET', path, { limit: 1, page: 2 }).json).toEqual([rows[1]])
    expect(client.signed('GET', path, { incomeType: 'NONE' }).json).toEqual([])
  })

  it('has funding, when it is due', () => {
    const { venue, client } = stillVenue()
    place(client, MARKET)
    venue.advanceTo(START + 28_800_000)
    expect(client.signed('GET', path, { incomeType: 'FUNDING_FEE' }).json).toMatchObject([
      { symbol: 'BTCUSDT', income: '-0.06000000', time: START + 28_800_000 },
    ])
  })

  it('is there to the last row: it sums to the wallet', () => {
    const rows = ask(path, { startTime: START, endTime: day(9), limit: 1000 }) as {
      income: string
    }[]
    const [{ balance }] = ask('/fapi/v3/balance') as [{ balance: string }]
    expect(rows.reduce((sum, { income }) => sum + Number(income), 0)).toBeCloseTo(
      Number(balance),
      6,
    )
  })
})

describe('an order that rests', () => {
  it('is in openOrders, and in positionRisk without a position', () => {
    const { client } = stillVenue()
    place(client, LIMIT)
    expect(client.signed('GET', '/fapi/v1/openOrders').json).toHaveLength(1)
    expect(client.signed('GET', '/fapi/v3/positionRisk').json).toMatchObject([
      { symbol: 'BTCUSDT', positionAmt: '0.000' },
    ])
    client.signed('DELETE', '/fapi/v1/allOpenOrders', SYMBOL)
    expect(client.signed('GET', '/fapi/v3/positionRisk').json).toEqual([])
    expect(client.signed('GET', '/fapi/v2/positionRisk').json).toMatchObject([
      { symbol: 'BTCUSDT', leverage: '20', marginType: 'cross' },
    ])
  })
})
