import { describe, expect, it } from '@jest/globals'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { ED25519_PEM, RSA_PEM, bodyOf } from './credentials/key-pairs.fixture.ts'
import { Secret } from './credentials/index.ts'
import {
  KEY,
  SECRET,
  LISTEN_KEY,
  POST,
  GET,
  DELETE,
  GET_ALGO,
  DELETE_ALGO,
  limit,
  open,
} from './open-venue.fixture.ts'
import { orderJson, refusal, type Reply } from './scripted-fapi.fixture.ts'

/** What of a secret may be in no text: every stretch of twenty letters. */
const lettersOf = (secret: string): string[] => bodyOf(secret).match(/.{20}/g) ?? []

describe('what never leaves', () => {
  it.each<[string, string]>([
    ['HMAC', SECRET],
    ['Ed25519', ED25519_PEM],
    ['RSA', RSA_PEM],
  ])(
    'keys, signatures and listen keys are in no log, error or outcome, whatever goes wrong: %s',
    async (_kind, signsWith) => {
      const credentials = { apiKey: new Secret(KEY), secret: new Secret(signsWith) }
      const { clock, fapi, venue, said } = await open({ credentials })
      const leak = `bad ${KEY} ${signsWith} ${bodyOf(signsWith)} ${encodeURIComponent(signsWith)} signature=3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9 ${LISTEN_KEY}`
      const replies: Reply[] = [
        refusal(-1022, leak),
        refusal(-1000, leak, 503),
        refusal(-2015, leak, 401),
        refusal(-1003, leak, 429),
        { status: 502, text: `<html>${leak}</html>` },
        { text: leak },
        { text: JSON.stringify({ orderId: leak, clientOrderId: leak, symbol: leak }) },
        { throws: new TypeError(`fetch failed: http://127.0.0.1:9/fapi/v1/order?${leak}`) },
        { throws: new Error('outer', { cause: new Error(leak) }) },
        'hang',
      ]
      const outcomes: unknown[] = []
      const calls = [
        'POST /fapi/v1/order',
        'GET /fapi/v1/order',
        'DELETE /fapi/v1/order',
        'GET /fapi/v3/balance',
        'POST /fapi/v1/listenKey',
        'GET /fapi/v1/accountConfig',
        'GET /fapi/v1/userTrades',
      ]
      for (const reply of replies) {
        for (const call of calls) fapi.on(call, reply)
        const stream = venue.openAccountStream((event) => outcomes.push(event))
        const asked = [
          venue.submitOrder(limit),
          venue.findOrder('BTCUSDT', 'td-1'),
          venue.cancelOrder({ symbol: 'BTCUSDT', clientOrderId: 'td-1', conditional: false }),
          venue.balances(),
          venue.prepareAccount({ symbols: ['BTCUSDT'], leverage: 5, marginType: 'CROSSED' }),
          venue.fills('BTCUSDT', clock.now()),
        ]
        await clock.advance(130_000)
        outcomes.push(...(await Promise.all(asked)))
        await stream.stop()
      }
      expect(outcomes.length).toBeGreaterThanOrEqual(60)
      const everything = [
        JSON.stringify(said),
        JSON.stringify(outcomes),
        inspect(venue, { depth: 12, showHidden: true }),
        inspect(said, { depth: 12 }),
      ].join('\n')
      const signatures = fapi.asked.flatMap(({ parameters }) => parameters['signature'] ?? [])
      expect(signatures.length).toBeGreaterThan(20)
      const parts = [...lettersOf(signsWith), ...signatures, ...signatures.map(encodeURIComponent)]
      for (const secret of [KEY, signsWith, LISTEN_KEY, '3c661234138461', ...parts])
        expect(everything).not.toContain(secret)
      expect(everything).toContain('[secret]')
    },
  )

  it('no request goes anywhere but to the network that was configured', async () => {
    const { fapi, venue } = await open()
    fapi.on(POST, { json: orderJson() })
    await venue.submitOrder(limit)
    await venue.balances()
    for (const { url } of fapi.asked) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:9\/fapi\//)
  })

  it('whatever the venue answers, nothing is thrown and no order is sent twice', async () => {
    const reply = fc.oneof(
      fc.record({
        status: fc.integer({ min: 200, max: 599 }),
        text: fc.oneof(fc.json(), fc.string()),
      }),
      fc.record({
        status: fc.constantFrom(200, 400, 503),
        json: fc.record({ code: fc.integer({ min: -9_999, max: 300 }), msg: fc.string() }),
      }),
      fc
        .dictionary(fc.constantFrom(...Object.keys(orderJson())), fc.jsonValue())
        .map((given) => ({ json: orderJson(given) })),
    )
    await fc.assert(
      fc.asyncProperty(reply, async (given) => {
        if ('status' in given && [204, 205, 304].includes(given.status)) return
        const { clock, fapi, venue } = await open()
        for (const call of [POST, GET, GET_ALGO, DELETE, DELETE_ALGO]) fapi.on(call, given)
        const asked = [
          venue.submitOrder(limit),
          venue.cancelOrder({ symbol: 'BTCUSDT', clientOrderId: 'td-1', conditional: true }),
          venue.findOrder('BTCUSDT', 'td-1'),
        ]
        await clock.advance(100_000)
        for (const { outcome } of await Promise.all(asked))
          expect(['known', 'unknown']).toContain(outcome)
        expect(fapi.calls().filter((call) => call === POST)).toHaveLength(1)
        await venue.close()
      }),
      { numRuns: 60 },
    )
  })
})
