import { describe, expect, it } from '@jest/globals'
import { readParameters, signedText } from './read-parameters.ts'
import { isSignedBy, sign } from './sign.ts'

const request = (
  query: string,
  body = '',
  headers: Record<string, string> = {},
  method = 'POST',
) => ({
  method,
  path: '/fapi/v1/order',
  query,
  body,
  headers,
  remote: 'test',
})

/** The vector of Binance's documentation (binance-ccxt-facts §2.4). */
const SECRET = '2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9'
const TEXT =
  'symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943'
const SIGNATURE = '3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9'

describe('a signature', () => {
  it('is that of the documentation', () => {
    expect(sign(SECRET, TEXT)).toBe(SIGNATURE)
  })

  it.each([
    ['as documented', SIGNATURE, true],
    ['in upper case', SIGNATURE.toUpperCase(), true],
    ['of something else', sign(SECRET, `${TEXT}0`), false],
    ['of another secret', sign('other', TEXT), false],
    ['cut short', SIGNATURE.slice(1), false],
    ['empty', '', false],
    ['not hexadecimal', 'ß'.repeat(64), false],
  ])('%s', (_, signature, good) => {
    expect(isSignedBy(SECRET, TEXT, signature)).toBe(good)
  })

  const half = TEXT.indexOf('&quantity')
  it.each([
    ['all in the query', `${TEXT}&signature=${SIGNATURE}`, ''],
    ['all in the body', '', `${TEXT}&signature=${SIGNATURE}`],
    ['signature first', `signature=${SIGNATURE}&${TEXT}`, ''],
    ['query and body', TEXT.slice(0, half), `${TEXT.slice(half)}&signature=${SIGNATURE}`],
    ['signature in the query of a body', `signature=${SIGNATURE}`, TEXT],
  ])('is over query and body without itself: %s', (_, query, body) => {
    expect(isSignedBy(SECRET, signedText(request(query, body)), SIGNATURE)).toBe(true)
  })

  it('is over raw text: the same parameters spelled otherwise do not match', () => {
    expect(signedText(request('a=%7B1%7D'))).toBe('a=%7B1%7D')
    expect(signedText(request('a={1}'))).toBe('a={1}')
  })
})

const read = (...given: Parameters<typeof request>) =>
  Object.fromEntries(readParameters(request(...given)))

describe('parameters', () => {
  it.each([
    ['query', 'a=1&b=2', '', {}, { a: '1', b: '2' }],
    ['form', '', 'a=1&b=2', {}, { a: '1', b: '2' }],
    ['both, the query wins', 'a=1', 'a=2&b=3', {}, { a: '1', b: '3' }],
    ['encoded', 'a=%5B1%2C2%5D&b=x%20y&c=x+y', '', {}, { a: '[1,2]', b: 'x y', c: 'x y' }],
    ['empty ones', 'a=&b&&c=1', '', {}, { a: '', b: '', c: '1' }],
    ['equals in a value', 'a=b=c', '', {}, { a: 'b=c' }],
    ['JSON without a body', 'a=1', '', { 'content-type': 'application/json' }, { a: '1' }],
    ['JSON is no form', 'a=1', '{"b":2}', { 'content-type': 'application/json' }, { a: '1' }],
    ['names like methods', 'constructor=1&toString=2', '', {}, { constructor: '1', toString: '2' }],
  ])('%s', (_, query, body, headers, expected) => {
    const found = read(query, body, headers)
    expect(found).toEqual(expected)
  })

  it('of a GET are in its query alone', () => {
    expect(read('a=1', 'b=2', {}, 'GET')).toEqual({ a: '1' })
  })

  it.each([
    ['twice in one place', 'a=1&a=2', -1101],
    ['an array by repetition', 'ids[]=1&ids[]=2', -1101],
    ['no percent-encoding', 'a=%', -1100],
    ['no UTF-8', 'a=%ff', -1100],
    ['more than anyone sends', Array.from({ length: 300 }, (_x, i) => `p${i}=1`).join('&'), -1101],
  ])('are refused: %s', (_, query, code) => {
    expect(() => readParameters(request(query))).toThrow(expect.objectContaining({ code }))
  })
})
