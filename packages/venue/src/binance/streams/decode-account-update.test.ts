import { describe, expect, it } from '@jest/globals'
import { accountUpdate } from './account-messages.fixture.ts'
import { decodeAccountMessage } from './decode-account-message.ts'

type Fields = Record<string, unknown>

const decode = (message: Fields) => decodeAccountMessage(message, 'binance-usdm')
const only = (message: Fields): unknown => {
  const result = decode(message)
  if (result.kind !== 'events') throw new Error(`no event: ${result.kind}`)
  expect(result.events).toHaveLength(1)
  return result.events[0]
}

describe('ACCOUNT_UPDATE', () => {
  it('of an order', () => {
    expect(only(accountUpdate())).toEqual({
      kind: 'balance',
      cause: 'ORDER',
      balances: [{ asset: 'USDT', wallet: '10000.5' }],
      change: '0',
      positions: [{ symbol: 'BTCUSDT', quantity: '-0.01', averagePrice: '60000' }],
      symbol: null,
      at: 1_564_745_798_938,
    })
  })

  it.each<[string, Fields, Fields]>([
    [
      'funding of a cross position: no P at all',
      { m: 'FUNDING_FEE', P: undefined, B: [{ a: 'USDT', wb: '9', bc: '-1.25' }], S: 'BTCUSDT' },
      { cause: 'FUNDING_FEE', change: '-1.25', positions: [], symbol: 'BTCUSDT' },
    ],
    [
      'a flat position has no price',
      { P: [{ s: 'X', pa: '0', ep: '0.0' }] },
      {
        positions: [{ symbol: 'X', quantity: '0', averagePrice: null }],
      },
    ],
    ['no change told', { B: [{ a: 'USDT', wb: '9' }] }, { change: null }],
    [
      'two assets moved: no one amount',
      {
        B: [
          { a: 'USDT', wb: '9', bc: '1' },
          { a: 'BNB', wb: '1', bc: '-1' },
        ],
      },
      { change: null },
    ],
    [
      'one of two assets moved',
      {
        B: [
          { a: 'USDT', wb: '9', bc: '1.0' },
          { a: 'BNB', wb: '1', bc: '0' },
        ],
      },
      { change: '1' },
    ],
    [
      'a cause that is new',
      { m: 'MOON_LANDING', B: [], P: [] },
      { cause: 'MOON_LANDING', change: null },
    ],
    ...[
      'DEPOSIT',
      'WITHDRAW',
      'WITHDRAW_REJECT',
      'ADJUSTMENT',
      'INSURANCE_CLEAR',
      'ADMIN_DEPOSIT',
      'ADMIN_WITHDRAW',
      'MARGIN_TRANSFER',
      'MARGIN_TYPE_CHANGE',
      'ASSET_TRANSFER',
      'OPTIONS_PREMIUM_FEE',
      'OPTIONS_SETTLE_PROFIT',
      'AUTO_EXCHANGE',
      'COIN_SWAP_DEPOSIT',
      'COIN_SWAP_WITHDRAW',
    ].map((cause): [string, Fields, Fields] => [cause, { m: cause }, { cause }]),
  ])('%s', (_name, fields, expected) => {
    expect(only(accountUpdate(fields))).toMatchObject(expected)
  })
})

describe('other messages', () => {
  it.each<[string, Fields, unknown[]]>([
    [
      'a margin call, one notice a position',
      {
        e: 'MARGIN_CALL',
        E: 9,
        cw: '3.1',
        p: [{ s: 'ETHUSDT', pa: '1.3', mp: '187.1', mm: '1.6' }],
      },
      [
        {
          notice: 'margin_call',
          symbol: 'ETHUSDT',
          detail: expect.stringContaining('187.1'),
          at: 9,
        },
      ],
    ],
    ['a margin call of nobody', { e: 'MARGIN_CALL', E: 9 }, [{ symbol: null }]],
    [
      'leverage',
      { e: 'ACCOUNT_CONFIG_UPDATE', E: 9, T: 8, ac: { s: 'BTCUSDT', l: 25 } },
      [{ notice: 'leverage_changed', symbol: 'BTCUSDT', detail: 'leverage 25', at: 8 }],
    ],
    [
      'margin mode',
      { e: 'ACCOUNT_CONFIG_UPDATE', E: 9, T: 8, ai: { j: true } },
      [{ notice: 'mode_changed', symbol: null, detail: 'multi-assets margin on' }],
    ],
  ])('%s', (_name, message, expected) => {
    expect(decode(message)).toMatchObject({ kind: 'events', events: expected })
  })

  it.each<[string, Fields, string]>([
    ['TRADE_LITE', { e: 'TRADE_LITE' }, 'ignored'],
    ['STRATEGY_UPDATE', { e: 'STRATEGY_UPDATE' }, 'ignored'],
    ['GRID_UPDATE', { e: 'GRID_UPDATE' }, 'ignored'],
    ['an answer', { result: null, id: 3 }, 'ignored'],
    ['an expired key', { e: 'listenKeyExpired', E: 1, listenKey: 'k' }, 'listen_key_expired'],
    ['in the envelope', { stream: 'k', data: { e: 'listenKeyExpired' } }, 'listen_key_expired'],
  ])('%s', (_name, message, kind) => {
    expect(decode(message).kind).toBe(kind)
  })

  it.each<[string, Fields, string]>([
    ['a new event', { e: 'MOON' }, 'unknown_event'],
    [
      'a deprecated one that means trouble',
      { e: 'CONDITIONAL_ORDER_TRIGGER_REJECT' },
      'unknown_event',
    ],
    ['no event', { hello: 1 }, 'not_a_message'],
    ['an event that is no text', { e: 5 }, 'unknown_event'],
  ])('%s is refused', (_name, message, fault) => {
    expect(() => decode(message)).toThrow(expect.objectContaining({ fault }))
  })
})
