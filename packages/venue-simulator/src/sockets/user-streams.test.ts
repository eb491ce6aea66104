import { describe, expect, it } from '@jest/globals'
import { START, fill, order, scriptedHub } from './stream-hub.fixture.ts'

const filled = {
  kind: 'order' as const,
  account: 'main',
  execution: 'TRADE' as const,
  order: order(),
  fill: fill(),
}
const balance = {
  kind: 'balance' as const,
  account: 'main',
  cause: 'ORDER' as const,
  balances: [{ asset: 'USDT', walletBalance: '999.98', crossWalletBalance: '999.98', change: '0' }],
  positions: [
    {
      symbol: 'BTCUSDT',
      positionSide: 'BOTH' as const,
      quantity: '0.5',
      entryPrice: '100',
      breakEvenPrice: '100.04',
      accumulatedRealized: '0',
      unrealizedPnl: '0',
      marginType: 'CROSSED' as const,
      isolatedWallet: '0',
    },
  ],
  symbol: null,
}

describe('user streams', () => {
  it('tells a fill in the venue’s order and fields', () => {
    const { connect, tell } = scriptedHub()
    const { sink } = connect('/private/ws', 'listenKey=key-of-main')
    tell(9, filled, balance)
    expect(sink.messages).toMatchObject([
      { e: 'TRADE_LITE', c: 'mine', t: 41, i: 7, L: '100', l: '0.5', m: false },
      {
        e: 'ORDER_TRADE_UPDATE',
        E: START + 9,
        o: { x: 'TRADE', X: 'FILLED', t: 41, N: 'USDT', n: '0.02', er: '0', z: '0.5', ap: '100' },
      },
      {
        e: 'ACCOUNT_UPDATE',
        a: {
          m: 'ORDER',
          B: [{ a: 'USDT', wb: '999.98', cw: '999.98', bc: '0' }],
          P: [{ s: 'BTCUSDT', pa: '0.5', ep: '100', mt: 'cross', iw: '0', ps: 'BOTH' }],
        },
      },
    ])
  })

  it('names no commission where there is none, no trailing fields but on trailing orders', () => {
    const { connect, tell } = scriptedHub()
    const { sink } = connect('/private/ws/key-of-main')
    tell(1, {
      ...filled,
      execution: 'CALCULATED',
      order: order({ originalType: 'TRAILING_STOP_MARKET', callbackRate: '1' }),
      fill: fill({ commission: '0' }),
    })
    const [only, ...others] = sink.messages as { o: Record<string, unknown> }[]
    expect(others).toEqual([])
    expect(only!.o).toMatchObject({ x: 'CALCULATED', AP: '0', cr: '1' })
    expect(only!.o).not.toHaveProperty('N')
    tell(2, { ...filled, execution: 'AMENDMENT', order: order({ modifyId: 4 }), fill: null })
    expect(sink.messages[1]).toMatchObject({ o: { x: 'AMENDMENT', M: '4', t: 0, l: '0' } })
    expect((sink.messages[1] as { o: object }).o).not.toHaveProperty('cr')
  })

  it('tells funding of a cross position without the position', () => {
    const { connect, tell } = scriptedHub()
    const { sink } = connect('/private/ws/key-of-main')
    tell(1, { ...balance, cause: 'FUNDING_FEE', positions: [], symbol: 'BTCUSDT' })
    expect(sink.messages[0]).toMatchObject({ a: { m: 'FUNDING_FEE', S: 'BTCUSDT' } })
    expect((sink.messages[0] as { a: object }).a).not.toHaveProperty('P')
  })

  it('wraps by listen key on a combined connection, by subscription too', () => {
    const { connect, tell } = scriptedHub()
    const { sink, connection } = connect('/private/stream', 'streams=')
    const id = '0123456789abcdef0123456789abcdef'
    connection.receive(JSON.stringify({ method: 'SUBSCRIBE', params: ['key-of-main'], id }))
    tell(1, filled)
    expect(sink.messages).toMatchObject([
      { result: null, id },
      { stream: 'key-of-main', data: { e: 'TRADE_LITE' } },
      { stream: 'key-of-main', data: { e: 'ORDER_TRADE_UPDATE' } },
    ])
    connection.receive(JSON.stringify({ method: 'UNSUBSCRIBE', params: ['key-of-main'], id }))
    tell(2, filled)
    expect(sink.frames).toHaveLength(4)
  })

  it('tells only the events that were asked for, only to whose key is alive', () => {
    const { connect, tell, keys } = scriptedHub()
    const some = connect('/private/ws', 'listenKey=key-of-main&events=ACCOUNT_UPDATE').sink
    const nobody = connect('/private/ws', 'listenKey=guess').sink
    const elsewhere = connect('/public/ws', 'listenKey=key-of-main').sink
    tell(1, filled, balance, { ...balance, account: 'other' })
    expect(some.messages).toMatchObject([{ e: 'ACCOUNT_UPDATE' }])
    expect([...nobody.frames, ...elsewhere.frames]).toEqual([])
    keys.clear()
    tell(2, balance)
    expect(some.frames).toHaveLength(1)
  })

  it('tells conditional orders, margin calls and leverage', () => {
    const { connect, tell } = scriptedHub()
    const { sink } = connect('/private/ws/key-of-main')
    tell(
      1,
      {
        kind: 'conditional',
        account: 'main',
        conditional: {
          symbol: 'BTCUSDT',
          algoId: 3,
          clientAlgoId: 'stop',
          side: 'SELL',
          positionSide: 'BOTH',
          type: 'STOP_MARKET',
          timeInForce: 'GTC',
          status: 'TRIGGERED',
          quantity: '0.5',
          price: '0',
          triggerPrice: '95',
          activatePrice: null,
          callbackRate: null,
          activated: null,
          workingType: 'MARK_PRICE',
          reduceOnly: true,
          closePosition: false,
          priceProtect: false,
          priceMatch: 'NONE',
          selfTradePrevention: 'EXPIRE_MAKER',
          goodTillDate: 0,
          orderId: 8,
          averagePrice: '0',
          executedQuantity: '0',
          orderType: 'MARKET',
          reason: '',
          createdAt: START,
          updatedAt: START,
          triggeredAt: START + 1,
        },
      },
      { kind: 'margin_call', account: 'main', crossWalletBalance: '1', positions: [] },
      { kind: 'leverage', account: 'main', symbol: 'BTCUSDT', leverage: 5 },
      { kind: 'position_mode', account: 'main', hedgeMode: true },
    )
    expect(sink.messages).toMatchObject([
      {
        e: 'ALGO_UPDATE',
        o: {
          caid: 'stop',
          aid: 3,
          X: 'TRIGGERED',
          ai: '8',
          act: 'MARKET',
          tt: START + 1,
          ia: false,
        },
      },
      { e: 'MARGIN_CALL', cw: '1', p: [] },
      { e: 'ACCOUNT_CONFIG_UPDATE', ac: { s: 'BTCUSDT', l: 5 } },
    ])
  })
})
