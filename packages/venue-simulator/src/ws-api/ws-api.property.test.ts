import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { API_CALLS } from '../binance/index.ts'
import { KEYS, START, stillVenue } from '../venue/testing/still-market.ts'
import { ApiClient, hmacSigner, makePair, payloadOf, pemSigner } from './api-client.fixture.ts'
import { readApiFrame } from './read-api-frame.ts'

const ed25519 = makePair('ed25519')
const SIGNERS = [
  [KEYS.apiKey, hmacSigner(KEYS.secret)],
  ['key-ed25519', pemSigner(ed25519.privateKey)],
] as const

const NAMES =
  'symbol side type quantity price timeInForce newClientOrderId orderId origClientOrderId reduceOnly positionSide triggerPrice algoType algoId clientAlgoId closePosition workingType priceMatch newOrderRespType limit recvWindow timestamp signature apiKey returnRateLimits __proto__ constructor'.split(
    ' ',
  )
const WORDS =
  'BTCUSDT BUY SELL LIMIT MARKET GTC GTX RESULT STOP_MARKET CONDITIONAL BOTH LONG mine 0.002 60000 59000.5 1 true false NaN 1e5 -1'.split(
    ' ',
  )
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(...WORDS, START, 0.01, 60_000, 1, true, null) },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)
const id = fc.oneof(
  fc.integer(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(null, 1.5, true, [1], { a: 1 }, undefined),
)
const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...API_CALLS.keys()) },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.jsonValue() },
)
const order = fc.record({
  symbol: fc.constant('BTCUSDT'),
  timeInForce: fc.constant('GTC'),
  side: fc.constantFrom('BUY', 'SELL'),
  type: fc.constantFrom('LIMIT', 'MARKET', 'STOP_MARKET'),
  quantity: fc.constantFrom('0.002', 0.01, '1'),
  price: fc.constantFrom('59000', 60_000, '61000.5'),
})
const params = fc
  .tuple(fc.option(order), fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 5 }))
  .map(([base, more]) => Object.assign({}, base, more) as object)
const request = fc.record({ id, method, params, signs: fc.constantFrom(0, 1, 2) })
const frame = fc.oneof(
  { weight: 8, arbitrary: request },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)

describe('any frame', () => {
  it('is answered once, with its id or none, and no money is made of it', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 25 }), (frames) => {
        const { venue } = stillVenue()
        venue.addKey({ account: 'main', apiKey: 'key-ed25519', publicKey: ed25519.publicKey })
        const [apiKey, signer] = SIGNERS[1]
        const api = new ApiClient(venue, { apiKey, signer })
        api.ask('session.logon')
        for (const one of frames) {
          const text = typeof one === 'string' ? one : written(one)
          api.say(text)
          expect(api.heard).toHaveLength(1)
          const [answer] = api.take()
          const { id: asked } = readApiFrame(text)
          expect([asked, 'null']).toContain(JSON.stringify(answer!.id))
          expect(answer!.status === 200).toBe(answer!.error === undefined)
          expect('result' in answer!).toBe(answer!.status === 200)
          expect([200, 400, 401, 404, 418, 429]).toContain(answer!.status)
          expect(JSON.stringify(answer)).not.toContain(KEYS.secret)
        }
        const { walletBalance } = venue.exchange.balance('main')!
        expect(Number(walletBalance)).toBeLessThanOrEqual(100_000)
        expect(api.signs).toEqual([])
        expect(api.plain('ping').status).toBe(200)
      }),
      { numRuns: 150 },
    )
  })

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        const { id: found, problem, method: name } = readApiFrame(text)
        expect(() => JSON.parse(found) as unknown).not.toThrow()
        expect(problem === null).toBe(name !== '')
      }),
    )
  })
})

/** As a client writes it: signed with one of two keys, or not at all. */
const written = (one: { id: unknown; method: unknown; params: object; signs: number }): string => {
  const signer = SIGNERS[one.signs]
  const { id: asked, method: name } = one
  if (signer === undefined) return JSON.stringify({ id: asked, method: name, params: one.params })
  const [apiKey, sign] = signer
  const all: Record<string, unknown> = { ...one.params, apiKey, timestamp: START }
  delete all['signature']
  const signature = sign(payloadOf(all))
  return JSON.stringify({ id: asked, method: name, params: { ...all, signature } })
}
