import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { classifyAnswer, type Classified } from './classify-answer.ts'
import { CODE_ROWS, rowOf } from './venue-codes.ts'

const classify = (status: number, body: string): Classified => {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    json = undefined
  }
  return classifyAnswer({ status, body, json })
}
const coded = (code: number, msg = 'words'): string => JSON.stringify({ code, msg })

/** Status, body, expected kind, code, consequence: in order of precedence. */
const ANSWERS: readonly [string, number, string, string, string, string | null][] = [
  ['rate limit', 429, coded(-1003), 'not_placed', '-1003', 'pause'],
  ['rate limit without a body', 429, '', 'not_placed', 'HTTP 429', 'pause'],
  ['order rate limit', 429, coded(-1015), 'not_placed', '-1015', 'pause_orders'],
  ['ban', 418, coded(-1003, 'banned until 1795243240665'), 'not_placed', '-1003', 'pause'],
  ['ban with a page', 418, '<html>banned</html>', 'not_placed', 'HTTP 418', 'pause'],
  ['success', 200, '{"orderId":1}', 'done', '', null],
  ['success with a list', 200, '[]', 'done', '', null],
  ['success with code 200', 200, '{"code":200,"msg":"success"}', 'done', '', null],
  ['success with code "200"', 200, '{"code":"200","msg":"success"}', 'done', '', null],
  ['error inside a success', 200, coded(-2010), 'refused', '-2010', null],
  ['empty 200', 200, '', 'unknown', 'HTTP 200', null],
  ['HTML 200', 200, '<html><body>hello</body></html>', 'unknown', 'HTTP 200', null],
  ['text 200', 200, '"ok"', 'unknown', 'HTTP 200', null],
  [
    '503 that says unknown',
    503,
    coded(-1000, 'Unknown error, please check your request or try again later.'),
    'unknown',
    '-1000',
    null,
  ],
  ['503 that says failed', 503, coded(-1000, 'Service Unavailable.'), 'not_placed', '-1000', null],
  ['503 that says failed, as text', 503, 'Service Unavailable.', 'not_placed', 'HTTP 503', null],
  [
    '500 that says failed',
    500,
    coded(-1001, 'Internal error; unable to process your request. Please try again.'),
    'not_placed',
    '-1001',
    null,
  ],
  ['503 overloaded', 503, coded(-1008), 'not_placed', '-1008', null],
  ['a definitive code in a 502', 502, coded(-2019), 'unknown', '-2019', null],
  ['a definitive code in a 408', 408, coded(-2019), 'unknown', '-2019', null],
  ['408', 408, coded(-1007), 'unknown', '-1007', null],
  ['403 page', 403, '<html>denied</html>', 'unknown', 'HTTP 403', null],
  ['502 page', 502, '<html>Bad Gateway</html>', 'unknown', 'HTTP 502', null],
  ['504', 504, '', 'unknown', 'HTTP 504', null],
  ['a code that no table has', 400, coded(-9999), 'unknown', '-9999', null],
  ['400 without a code', 400, '{}', 'unknown', 'HTTP 400', null],
  ['a redirect', 302, '', 'unknown', 'HTTP 302', null],
  ['unknown path', 404, coded(-5000), 'refused', '-5000', null],
]

describe('the meaning of an answer', () => {
  it.each(ANSWERS)('%s', (_name, status, body, kind, code, consequence) => {
    const told = { code: '', consequence: null, ...classify(status, body) }
    expect(told).toMatchObject({ kind, code, consequence })
  })

  it('every code means at 400 what its row says', () => {
    for (const { code, verdict, consequence } of CODE_ROWS)
      expect(classify(400, coded(code))).toEqual({
        kind: verdict,
        code: String(code),
        reason: 'words',
        consequence,
      })
  })

  /** binance-ccxt-facts §3.7: what would cost money when taken for something else. */
  const EXPENSIVE: readonly [number, string, string | null][] = [
    [-1000, 'unknown', null],
    [-1001, 'unknown', null],
    [-1006, 'unknown', null],
    [-1007, 'unknown', null],
    [-1003, 'not_placed', 'pause'],
    [-1008, 'not_placed', null],
    [-1015, 'not_placed', 'pause_orders'],
    [-1021, 'not_placed', 'resync_clock'],
    [-1022, 'refused', 'key_refused'],
    [-2010, 'refused', null],
    [-2011, 'refused', 'gone'],
    [-2013, 'refused', 'gone'],
    [-2015, 'refused', 'key_refused'],
    [-2019, 'refused', null],
    [-2021, 'refused', null],
    [-2022, 'refused', null],
    [-4046, 'refused', 'unchanged'],
    [-4059, 'refused', 'unchanged'],
    [-4116, 'unknown', 'duplicate'],
    [-4120, 'refused', null],
    [-4131, 'not_placed', null],
    [-4164, 'refused', null],
    [-5022, 'refused', null],
    [-5028, 'not_placed', 'resync_clock'],
    [-1125, 'refused', 'key_gone'],
  ]
  it.each(EXPENSIVE)('%d is %s', (code, verdict, consequence) => {
    expect(rowOf(code)).toMatchObject({ verdict, consequence })
  })

  it('no code has two rows', () => {
    expect(new Set(CODE_ROWS.map(({ code }) => code)).size).toBe(CODE_ROWS.length)
  })

  it('the reason is the venue’s words, without markup, bounded', () => {
    expect(classify(502, '<html><h1>Bad   Gateway</h1></html>')).toMatchObject({
      reason: 'Bad Gateway',
    })
    expect(classify(504, '')).toMatchObject({ reason: 'empty answer' })
    // Whoever answers with pages where the venue speaks JSON is not the venue.
    for (const status of [200, 403, 404])
      expect(classify(status, ' <!doctype html><title>Welcome</title>')).toMatchObject({
        kind: 'unknown',
        reason: 'a web page, expected JSON (is the address right?): Welcome',
      })
    const long = classify(400, coded(-2010, 'x'.repeat(5_000)))
    expect(long.kind === 'done' ? 0 : long.reason.length).toBe(300)
  })

  it('any status and any body are classified, and nothing but a 2xx with JSON is done', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.oneof(fc.string(), fc.json(), fc.constant('null')),
        (status, body) => {
          const { kind } = classify(status, body)
          if (kind !== 'done') return true
          return status >= 200 && status < 300 && typeof JSON.parse(body) === 'object'
        },
      ),
    )
  })
})
