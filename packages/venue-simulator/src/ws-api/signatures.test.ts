import { beforeEach, describe, expect, it } from '@jest/globals'
import type { SavedVenue } from '../venue/saved-venue.ts'
import { SimulatedVenue } from '../venue/simulated-venue.ts'
import { KEYS, START, STILL_INSTRUMENTS, stillVenue } from '../venue/testing/still-market.ts'
import { ApiClient, hmacSigner, makePair, payloadOf, pemSigner } from './api-client.fixture.ts'

const symbol = 'BTCUSDT'
const LIMIT = {
  symbol,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01',
  price: '59000',
}
const ed25519 = makePair('ed25519')
const rsa = makePair('rsa')
const TYPES = [
  ['HMAC_SHA256', KEYS.apiKey, hmacSigner(KEYS.secret)],
  ['RSA', 'key-rsa', pemSigner(rsa.privateKey)],
  ['ED25519', 'key-ed25519', pemSigner(ed25519.privateKey)],
] as const

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** With the last bit of its last letter turned: the same bytes in base64, if it is padded. */
const respelled = (signature: string): string =>
  signature.replace(
    /(.)(=*)$/,
    (_, last: string, end: string) => `${LETTERS[LETTERS.indexOf(last) ^ 1] ?? 'A'}${end}`,
  )

let venue: SimulatedVenue
beforeEach(() => {
  ;({ venue } = stillVenue())
  venue.addKey({ account: 'main', apiKey: 'key-rsa', publicKey: rsa.publicKey })
  venue.addKey({ account: 'main', apiKey: 'key-ed25519', publicKey: ed25519.publicKey })
})
const clientOf = (apiKey: string, signer: (text: string) => string, query = ''): ApiClient =>
  new ApiClient(venue, { apiKey, signer, query })
const inSession = (): ApiClient => {
  const api = clientOf('key-ed25519', pemSigner(ed25519.privateKey))
  expect(api.ask('session.logon')).toMatchObject({ status: 200 })
  return api
}

describe.each(TYPES)('a key of %s', (_type, apiKey, signer) => {
  it('signs requests of both kinds', () => {
    expect(clientOf(apiKey, signer).ask('order.place', LIMIT)).toMatchObject({ status: 200 })
    const text = `timestamp=${START}`
    const answer = venue.request({
      method: 'GET',
      path: '/fapi/v3/account',
      query: `${text}&signature=${encodeURIComponent(signer(text))}`,
      body: '',
      headers: { 'x-mbx-apikey': apiKey },
      remote: 'test',
    })
    expect(answer).toMatchObject({ kind: 'answer', response: { status: 200 } })
  })

  it.each<[string, (signature: string) => string]>([
    ['of something else', () => signer('something=else')],
    ['cut short', (signature) => signature.slice(0, -4)],
    ['with more behind it', (signature) => `${signature}AAAA`],
    ['with a blank in it', (signature) => `${signature.slice(0, 8)} ${signature.slice(9)}`],
    ['of another alphabet', (signature) => `-_${signature.slice(2)}`],
    ['spelled otherwise', respelled],
    ['of every letter', () => 'ß'.repeat(64)],
    ['of a million letters', () => 'A'.repeat(40_000)],
  ])('is refused with a signature %s', (_name, alter) => {
    const api = clientOf(apiKey, signer)
    const params = api.signed(LIMIT)
    const answer = api.plain('order.place', {
      ...params,
      signature: alter(String(params['signature'])),
    })
    expect(answer).toMatchObject({ status: 400, error: { code: -1022 } })
    expect(venue.exchange.openOrders('main')).toEqual([])
  })
})

describe('what is signed', () => {
  const signer = hmacSigner(KEYS.secret)
  it('is in the order of names, whatever the order in the frame', () => {
    const api = clientOf(KEYS.apiKey, signer)
    const params = Object.fromEntries(Object.entries(api.signed(LIMIT)).toReversed())
    expect(api.plain('order.place', params)).toMatchObject({ status: 200 })
  })

  it.each<[string, string]>([
    ['numbers as they were written', '"price":59000.0,"quantity":1.0e-2'],
    ['numbers that are too long for a number', '"price":59000,"orderId":98765432109876543210'],
  ])('has %s', (_, written) => {
    const apiKey = KEYS.apiKey
    const at = `"apiKey":"${apiKey}","symbol":"${symbol}","timestamp":${START}`
    const pairs = `${at},${written}`
      .split(',')
      .map((pair) => pair.replaceAll('"', '').replace(':', '='))
    const signature = signer(pairs.toSorted().join('&'))
    const api = clientOf(apiKey, signer)
    api.say(
      `{"id":1,"method":"order.place","params":{${at},${written},"signature":"${signature}"}}`,
    )
    // The signature held: what is missed is a parameter.
    expect(api.take()).toMatchObject([{ id: 1, error: { code: -1102 } }])
  })

  it('is not escaped: a client that escapes is refused', () => {
    const api = clientOf(KEYS.apiKey, signer)
    const order = { ...LIMIT, newClientOrderId: 'a:1/b' }
    expect(api.ask('order.place', order)).toMatchObject({ status: 200 })
    const all = { ...order, apiKey: KEYS.apiKey, timestamp: START }
    const escaped = payloadOf(all).replace('a:1/b', encodeURIComponent('a:1/b'))
    const answer = api.plain('order.place', { ...all, signature: signer(escaped) })
    expect(answer).toMatchObject({ error: { code: -1022 } })
  })

  it.each<[string, (params: Record<string, unknown>) => void, number]>([
    ['no key', (params) => delete params['apiKey'], -1102],
    ['a key that is none', (params) => (params['apiKey'] = 'a b'), -2014],
    ['a key of nobody', (params) => (params['apiKey'] = 'nobody'), -2015],
    ['no signature', (params) => delete params['signature'], -1102],
    ['an empty signature', (params) => (params['signature'] = ''), -1102],
    ['a signature that is a number', (params) => (params['signature'] = 7), -1022],
    ['no timestamp', (params) => delete params['timestamp'], -1102],
    ['a parameter that was not signed', (params) => (params['reduceOnly'] = true), -1022],
    ['another value than signed', (params) => (params['quantity'] = '0.02'), -1022],
  ])('is refused with %s', (_, alter, code) => {
    const api = clientOf(KEYS.apiKey, signer)
    const params: Record<string, unknown> = { ...api.signed(LIMIT) }
    alter(params)
    expect(api.plain('order.place', params)).toMatchObject({ error: { code } })
    expect(venue.exchange.openOrders('main')).toEqual([])
  })
})

describe('a session', () => {
  const nobody = { apiKey: null, authorizedSince: null }

  it('is logged on, asked about and logged out of', () => {
    const api = clientOf('key-ed25519', pemSigner(ed25519.privateKey), 'returnRateLimits=false')
    const connected = { connectedSince: START, returnRateLimits: false }
    expect(api.plain('session.status').result).toEqual({
      ...nobody,
      ...connected,
      serverTime: START,
    })
    venue.advanceTo(START + 1000)
    const on = { apiKey: 'key-ed25519', authorizedSince: START + 1000, ...connected }
    expect(api.ask('session.logon').result).toEqual({ ...on, serverTime: START + 1000 })
    venue.advanceTo(START + 2000)
    expect(api.plain('session.status').result).toEqual({ ...on, serverTime: START + 2000 })
    expect(api.inSession('order.place', LIMIT)).toMatchObject({ status: 200 })
    expect(api.plain('userDataStream.start')).toMatchObject({ status: 200 })
    expect(api.plain('session.logout').result).toMatchObject(nobody)
    expect(api.inSession('account.status')).toMatchObject({ error: { code: -1102 } })
  })

  it.each(TYPES.slice(0, 2))('is not for a key of %s', (type, apiKey, signer) => {
    const api = clientOf(apiKey, signer)
    expect(api.ask('session.logon')).toMatchObject({
      status: 400,
      error: { code: -4056, msg: `${type} API key is not supported.` },
    })
    expect(api.plain('session.status').result).toMatchObject(nobody)
  })

  it('is for nobody who does not sign, even when there is one', () => {
    const api = inSession()
    expect(api.inSession('session.logon')).toMatchObject({ error: { code: -1102 } })
    const params = { ...api.signed(), signature: 'AAAA' }
    expect(api.plain('session.logon', params)).toMatchObject({ error: { code: -1022 } })
    expect(api.plain('session.status').result).toMatchObject({ apiKey: 'key-ed25519' })
  })

  it('is of its connection alone', () => {
    inSession()
    const other = clientOf('key-ed25519', pemSigner(ed25519.privateKey))
    expect(other.inSession('account.status')).toMatchObject({ error: { code: -1102 } })
  })

  it('gives way to a key that a request names, which has to sign', () => {
    const api = inSession()
    const params = { timestamp: START, apiKey: KEYS.apiKey }
    expect(api.plain('account.status', params)).toMatchObject({ error: { code: -1102 } })
    const signature = sign(payloadOf(params))
    expect(api.plain('account.status', { ...params, signature })).toMatchObject({ status: 200 })
    expect(api.plain('session.status').result).toMatchObject({ apiKey: 'key-ed25519' })
  })
  const sign = hmacSigner(KEYS.secret)

  it('still wants the time, and a signature that is sent to be right', () => {
    const api = inSession()
    expect(api.plain('account.status')).toMatchObject({ error: { code: -1102 } })
    expect(api.inSession('account.status', { timestamp: 1 })).toMatchObject({
      error: { code: -1021 },
    })
    const signature = pemSigner(ed25519.privateKey)('something=else')
    expect(api.inSession('account.status', { signature })).toMatchObject({ error: { code: -1022 } })
  })

  it.each<[string, () => void]>([
    ['its key is deleted', () => venue.removeKey('main', 'key-ed25519')],
    [
      'its key is refused',
      () =>
        venue.faults.add(
          {
            fault: { kind: 'key_refused' },
            when: { kind: 'once' },
            on: {},
            from_ms: 0,
            until_ms: null,
            lasting_ms: 0,
            times: null,
          },
          START,
        ),
    ],
  ])('is revoked when %s: told without an id', (_, act) => {
    const api = inSession()
    act()
    expect(api.inSession('account.status')).toEqual({
      id: null,
      status: 401,
      error: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' },
    })
    expect(api.plain('session.status').result).toMatchObject(nobody)
  })

  it('is revoked when its key may not do what it is asked for', () => {
    const apiKey = 'key-reads'
    venue.addKey({ account: 'main', apiKey, publicKey: ed25519.publicKey, permissions: ['read'] })
    const api = clientOf(apiKey, pemSigner(ed25519.privateKey))
    api.ask('session.logon')
    expect(api.inSession('account.status')).toMatchObject({ status: 200 })
    expect(api.inSession('order.place', LIMIT)).toMatchObject({ id: null, status: 401 })
    expect(api.plain('session.status').result).toMatchObject(nobody)
  })
})

describe('a venue that was saved', () => {
  it.each(TYPES)('still takes a key of %s, and has forgotten sessions', (_type, apiKey, signer) => {
    const options = { instruments: STILL_INSTRUMENTS, startTime: START }
    const saved = JSON.parse(JSON.stringify(venue.snapshot())) as SavedVenue
    venue = SimulatedVenue.restore(saved, options)
    const api = clientOf(apiKey, signer)
    expect(api.ask('order.place', LIMIT)).toMatchObject({ status: 200 })
    expect(api.inSession('account.status')).toMatchObject({ error: { code: -1102 } })
  })
})

describe('a public key', () => {
  it.each<[string, object, string]>([
    ['that is private', { publicKey: ed25519.privateKey }, 'is a private one'],
    ['that is no PEM', { publicKey: 'ssh-ed25519 AAAA' }, 'cannot be read'],
    ['beside a secret', { publicKey: ed25519.publicKey, secret: 's' }, 'expected one of them'],
    ['that is too short', { publicKey: makePair('rsa', 1024).publicKey }, 'is rsa of 1024 bits'],
    ['and no secret', {}, 'expected some text, or a public key'],
  ])('%s is refused', (_, proof, words) => {
    const spec = { account: 'main', apiKey: 'x', ...proof } as Parameters<typeof venue.addKey>[0]
    expect(() => venue.addKey(spec)).toThrow(RangeError)
    expect(() => venue.addKey(spec)).toThrow(words)
  })
})
