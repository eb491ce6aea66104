import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { START, stillVenue } from '../testing/still-market.ts'
import { CONTROL_PATHS } from './control-api.ts'

const FIELDS =
  'account api_key secret public_key balance permissions amount restricted client_algo_id outcome symbol price quantity taker bids asks mark_price index_price funding_rate next_funding_time speed paused advance_ms advance_to how kind side part rate share status leverage margin_type fault when on preset seed times_ms'.split(
    ' ',
  )

const GOOD: readonly unknown[] = [
  ...'main new BTCUSDT BUY SELL 1 60000 0.5 trigger expire terminate close liquidation deleveraging foreign_order funding price_jump symbol_status foreign_leverage foreign_margin_type ISOLATED SETTLING CLOSE bad-day everything'.split(
    ' ',
  ),
  0.02,
  -0.5,
  1,
  1000,
  START + 5,
  true,
  null,
  ['read'],
  [['59000', '1']],
  [['61000', '2']],
  { kind: 'reset', accepted: 'always' },
  { kind: 'nth', nth: 1 },
  { kind: 'always' },
]
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...GOOD) },
  { weight: 1, arbitrary: fc.jsonValue() },
)
const body = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 9 })
      .map((fields) => JSON.stringify(fields)),
  },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)
const names = fc.constantFrom('main', 'none', '1', '__proto__', '%2e%2e', '')
const target = fc.tuple(fc.constantFrom(...CONTROL_PATHS), names).map(([path, name]) => {
  const [method = '', pattern = ''] = path.split(' ')
  return { method, path: pattern.replace(/\{\w+\}/, name) }
})

describe('any request to the control interface', () => {
  it('is done or refused with words; the venue goes on and no money is made', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(target, body), { minLength: 1, maxLength: 25 }), (requests) => {
        const { venue, client } = stillVenue()
        for (const [to, text] of requests) {
          const headers = { 'content-type': 'application/json' }
          const answer = venue.control({ ...to, query: '', body: text, headers, remote: 'fuzz' })
          expect(answer.status).toBeLessThan(500)
          const json = JSON.parse(answer.body) as { error?: unknown }
          expect(answer.status === 200 || typeof json.error === 'string').toBe(true)
        }
        venue.faults.clear()
        expect(client.plain('GET', '/fapi/v1/ping').status).toBe(200)
        expect(venue.exchange.money().balanced).toBe(true)
      }),
      { numRuns: 150 },
    )
  }, 300_000)
})
