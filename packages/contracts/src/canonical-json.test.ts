import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { canonicalJson } from './canonical-json.ts'

it.each<[string, unknown, string]>([
  ['keys in any order', { b: 1, a: { d: [2], c: null } }, '{"a":{"c":null,"d":[2]},"b":1}'],
  ['undefined members are absent', { a: undefined, b: 1 }, '{"b":1}'],
  ['holes in arrays are null', [undefined, 1], '[null,1]'],
  ['minus zero is zero', { a: -0 }, '{"a":0}'],
  ['text is escaped as JSON escapes it', { 'a"b': '\u2028\n' }, '{"a\\"b":"\u2028\\n"}'],
  ['numbers are shortest round trip', [0.1, 1e21, 100], '[0.1,1e+21,100]'],
])('%s', (_name, value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

it.each([
  ['NaN', { a: Number.NaN }],
  ['infinity', [Number.POSITIVE_INFINITY]],
  ['a function', { a: () => 1 }],
  ['nothing at all', undefined],
  ['a bigint', 1n],
])('%s has no JSON and is refused', (_name, value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError)
})

it('parses back to the same value and does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = canonicalJson(value)
      const turned = Object.fromEntries(Object.entries(value).toReversed())
      expect(canonicalJson(turned)).toBe(text)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})
