import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readClientFrame } from './client-frame.ts'

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY']
const id = fc.oneof(fc.nat(), fc.string({ maxLength: 64 }))

const nearly = fc.record(
  {
    method: fc.oneof(fc.constantFrom(...METHODS), fc.jsonValue()),
    params: fc.oneof(fc.array(fc.oneof(fc.string(), fc.jsonValue())), fc.jsonValue()),
    id: fc.oneof(id, fc.jsonValue()),
  },
  { requiredKeys: [] },
)

describe('readClientFrame', () => {
  it('reads or refuses whatever comes, and never throws', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      nearly.map((frame) => JSON.stringify(frame)),
      nearly.map((frame) => JSON.stringify(frame).slice(1)),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const frame = readClientFrame(text)
        expect(['refused', ...METHODS]).toContain(frame.method)
        const code = frame.method === 'refused' ? frame.code : 0
        expect([0, 1, 2, 3]).toContain(code)
        const names = 'names' in frame ? frame.names : []
        expect(names.every((name) => name !== '' && name.length <= 256)).toBe(true)
        // An id that can be sent back as it came, or none.
        expect(['number', 'string', 'object']).toContain(typeof frame.id)
      }),
      { numRuns: 500 },
    )
  })

  it('gives every id back as it came', () => {
    fc.assert(
      fc.property(id, fc.constantFrom(...METHODS), (given, method) => {
        const params = method.endsWith('PROPERTY') ? ['combined', true] : ['a@trade']
        const frame = readClientFrame(JSON.stringify({ method, params, id: given }))
        expect(frame).toMatchObject({ method, id: given })
      }),
    )
  })

  it.each([
    ['{', 3, 'Invalid JSON'],
    ['[]', 2, 'expected an object'],
    ['{"id":1}', 2, 'missing field `method`'],
    ['{"method":"subscribe","id":1}', 2, 'unknown variant'],
    ['{"method":{"toString":1},"id":1}', 2, 'unknown variant'],
    ['{"method":"SUBSCRIBE","id":1}', 2, 'params must be an array'],
    ['{"method":"SUBSCRIBE","params":[1],"id":1}', 2, 'must be a string'],
    ['{"method":"SUBSCRIBE","params":[""],"id":1}', 2, 'must be a string'],
    ['{"method":"SUBSCRIBE","params":["a"],"id":-1}', 2, 'request ID'],
    ['{"method":"SUBSCRIBE","params":["a"],"id":1.5}', 2, 'request ID'],
    ['{"method":"SET_PROPERTY","params":["combined","yes"],"id":1}', 1, 'expected Boolean'],
    ['{"method":"SET_PROPERTY","params":["colour",true],"id":1}', 0, 'Unknown property'],
    ['{"method":"GET_PROPERTY","params":[],"id":1}', 2, 'property name must be a string'],
  ])('refuses %s', (text, code, msg) => {
    const frame = readClientFrame(text)
    expect(frame).toMatchObject({ method: 'refused', code })
    expect(frame.method === 'refused' && frame.msg).toContain(msg)
  })

  it('refuses more names than a connection may have', () => {
    const params = Array.from({ length: 1025 }, (_, i) => `a${i}@trade`)
    const frame = readClientFrame(JSON.stringify({ method: 'SUBSCRIBE', params, id: 'x' }))
    expect(frame).toMatchObject({ method: 'refused', id: 'x' })
  })
})
