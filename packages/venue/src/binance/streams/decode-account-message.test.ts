import { describe, expect, it } from '@jest/globals'
import { algoUpdate, fillUpdate, orderUpdate } from './account-messages.fixture.ts'
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
