import { describe, expect, it } from '@jest/globals'
import { accountUpdate, algoUpdate, fillUpdate, orderUpdate } from './account-messages.fixture.ts'
import { decodeAccountMessage } from './decode-account-message.ts'
import { parseExact, parseFrame } from './frame-problem.ts'

type Fields = Record<string, unknown>

const decode = (message: Fields) => decodeAccountMessage(message, 'binance-usdm')
const only = (message: Fields): unknown => {
  const result = decode(message)
  if (result.kind !== 'events') throw new Error(`no event: ${result.kind}`)
  expect(result.events).toHaveLength(1)
  return result.events[0]
}

describe('ORDER_TRADE_UPDATE', () => {
  it.each<[string, Fields, Fields]>([
    ['NEW', {}, { step: 'accepted', filledQuantity: '0', fill: null, reason: null }],
    ['CANCELED', { x: 'CANCELED', X: 'CANCELED', z: '0.004' }, { step: 'canceled' }],
    ['AMENDMENT', { x: 'AMENDMENT', q: '0.020', M: 5 }, { step: 'amended', quantity: '0.02' }],
    ['REJECTED', { x: 'REJECTED', X: 'REJECTED' }, { step: 'rejected' }],
    ['EXPIRED', { x: 'EXPIRED', X: 'EXPIRED', er: '0' }, { step: 'expired', reason: null }],
    ['er 1', { x: 'EXPIRED', X: 'EXPIRED_IN_MATCH', er: '1' }, { reason: 'self-trade prevention' }],
    ['er 2', { x: 'EXPIRED', er: '2' }, { reason: expect.stringContaining('immediate') }],
    ['er 3', { x: 'EXPIRED', er: '3' }, { reason: expect.stringContaining('self-trade') }],
    ['er 4', { x: 'EXPIRED', er: '4' }, { reason: expect.stringContaining('reduce-only') }],
    ['er 5', { x: 'EXPIRED', er: 5 }, { reason: expect.stringContaining('liquidated') }],
    ['er 6', { x: 'EXPIRED', er: '6' }, { reason: expect.stringContaining('condition') }],
    ['er 7', { x: 'EXPIRED', er: '7' }, { reason: expect.stringContaining('delisted') }],
    ['er 8', { x: 'EXPIRED', er: '8' }, { reason: expect.stringContaining('triggered') }],
    ['er 9', { x: 'EXPIRED', er: '9' }, { reason: expect.stringContaining('market order') }],
    ['er 10', { x: 'EXPIRED', er: '10' }, { reason: expect.stringContaining('fill-or-kill') }],
    ['er 11', { x: 'EXPIRED', er: '11' }, { reason: expect.stringContaining('post-only') }],
    [
      'er of the language',
      { x: 'EXPIRED', er: 'constructor' },
      { reason: 'expiry reason constructor' },
    ],
    ['er 77', { x: 'EXPIRED', er: '77' }, { reason: 'expiry reason 77' }],
    ['an end by an unknown x', { x: 'TRADE_PREVENTION', X: 'EXPIRED' }, { step: 'expired' }],
    ['no expiry reason', { x: 'EXPIRED', er: undefined }, { step: 'expired', reason: null }],
  ])('%s', (_name, fields, expected) => {
    expect(only(orderUpdate(fields))).toMatchObject({
      kind: 'order',
      symbol: 'BTCUSDT',
      clientOrderId: 'td-1',
      venueOrderId: '8886774',
      conditional: false,
      ...expected,
    })
  })

  it('a fill carries its id, its fee, and its side of the book', () => {
    expect(only(fillUpdate(77, '0.004'))).toMatchObject({
      step: 'filled',
      filledQuantity: '0.004',
      fill: {
        venue: 'binance-usdm',
        symbol: 'BTCUSDT',
        fillId: 'BTCUSDT-77',
        clientOrderId: 'td-1',
        side: 'BUY',
        quantity: '0.004',
        price: '59999.9',
        fee: '0.09599984',
        feeAsset: 'USDT',
        liquidity: 'MAKER',
        at: 1_568_879_465_650,
      },
    })
  })

  it.each<[string, Fields, Fields]>([
    ['without a commission', { n: undefined, N: undefined }, { fee: '0', feeAsset: 'USDT' }],
    ['with null for it', { n: null, N: null }, { fee: '0', feeAsset: 'USDT' }],
    ['in another asset', { n: '0.0001', N: 'BNB' }, { fee: '0.0001', feeAsset: 'BNB' }],
    ['with a rebate', { n: '-0.01', N: 'USDT' }, { fee: '-0.01' }],
    ['of a taker', { m: false }, { liquidity: 'TAKER' }],
    ['of a quarterly', { s: 'BTCUSDC_261225', n: undefined }, { feeAsset: 'USDC' }],
    ['with numbers for strings', { l: 0.004, L: 59_999.9, n: 0.01, t: '77' }, { price: '59999.9' }],
  ])('a fill %s', (_name, fields, fill) => {
    expect(only(fillUpdate(77, '0.004', fields))).toMatchObject({ fill })
  })

  it('liquidation and deleveraging are fills; without a trade id they are told as filled all the same', () => {
    const liquidated = { x: 'CALCULATED', c: 'autoclose-1568', n: undefined, N: undefined }
    expect(only(fillUpdate(5, '0.004', liquidated))).toMatchObject({
      step: 'filled',
      clientOrderId: 'autoclose-1568',
      fill: { fillId: 'BTCUSDT-5', fee: '0' },
      reason: expect.stringContaining('liquidation'),
    })
    expect(only(fillUpdate(0, '0.004', liquidated))).toMatchObject({
      step: 'filled',
      filledQuantity: '0.004',
      fill: null,
    })
  })

  it('ids beyond 2^53 are read to the last digit', () => {
    const text = JSON.stringify(fillUpdate(77, '0.004'))
      .replace('"i":8886774', '"i":8886774876528834571')
      .replace('"t":77', '"t":9007199254740995')
    expect(only(parseFrame(text, parseExact))).toMatchObject({
      venueOrderId: '8886774876528834571',
      fill: { fillId: 'BTCUSDT-9007199254740995' },
    })
  })

  it.each<[string, Fields]>([
    ['no symbol', { s: undefined }],
    ['an empty client id', { c: '' }],
    ['a quantity with an exponent', { q: '1e3' }],
    ['no order id', { i: 0 }],
    ['a fraction for an id', { i: 1.5 }],
    ['an object for a quantity', { z: {} }],
    ['nothing known', { x: 'X', X: 'Y' }],
    ['a word of the language', { x: 'constructor', X: '__proto__' }],
    ['a list for x', { x: ['NEW'], X: {} }],
    ['a time that is none', { T: 'yesterday' }],
  ])('%s is refused', (_name, fields) => {
    expect(() => decode(orderUpdate(fields))).toThrow(
      expect.objectContaining({ fault: 'unreadable' }),
    )
  })

  it.each<[string, Fields]>([
    ['without a side', { S: 'BOTH' }],
    ['without a price', { L: undefined }],
  ])('a fill %s is refused', (_name, fields) => {
    expect(() => decode(fillUpdate(1, '0.004', fields))).toThrow(/ is /)
  })
})

describe('ALGO_UPDATE', () => {
  it.each<[string, Fields, Fields]>([
    ['NEW', {}, { step: 'accepted', venueOrderId: '2148719' }],
    ['TRIGGERING', { X: 'TRIGGERING' }, { step: 'triggering', venueOrderId: '2148719' }],
    ['TRIGGERED', { X: 'TRIGGERED', ai: '555' }, { step: 'triggered', venueOrderId: '555' }],
    ['CANCELED', { X: 'CANCELED' }, { step: 'canceled', reason: null }],
    [
      'REJECTED',
      { X: 'REJECTED', rm: 'Margin\u0000 short' },
      { step: 'rejected', reason: 'Margin short' },
    ],
    ['EXPIRED', { X: 'EXPIRED' }, { step: 'expired' }],
    [
      'FINISHED without a fill',
      { X: 'FINISHED', ai: '555', aq: '0.000' },
      { step: 'expired', filledQuantity: '0', reason: expect.stringContaining('without a fill') },
    ],
    [
      'FINISHED, filled',
      { X: 'FINISHED', aq: '0.010' },
      { step: 'filled', filledQuantity: '0.01' },
    ],
    [
      'FINISHED in part',
      { X: 'FINISHED', aq: '0.004' },
      { step: 'expired', filledQuantity: '0.004' },
    ],
    [
      'of a close-all',
      { X: 'FINISHED', q: '0', cp: true, aq: '0.5' },
      { step: 'filled', fill: null },
    ],
  ])('%s', (_name, fields, expected) => {
    expect(only(algoUpdate(fields))).toMatchObject({
      kind: 'order',
      conditional: true,
      clientOrderId: 'td-stop',
      fill: null,
      at: 1_750_515_742_297,
      ...expected,
    })
  })

  it('FINISHED that does not say how much is not taken for unfilled', () => {
    expect(() => decode(algoUpdate({ X: 'FINISHED', aq: undefined }))).toThrow(/FINISHED/)
  })
})

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
