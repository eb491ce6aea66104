import { describe, expect, it } from '@jest/globals'
import { unstorableText } from './unstorable-text.ts'

describe('text that no ledger can keep', () => {
  it.each<[string, unknown, readonly (string | number)[] | null]>([
    ['plain JSON', { a: ['b', 1, null, { c: '💩' }] }, null],
    ['U+0000 alone', '\0', []],
    ['U+0000 in a list', { a: ['b', 'c\0'] }, ['a', 1]],
    ['U+0000 in a key', { a: { 'b\0': 1 } }, ['a', 'b\0']],
    ['half of a pair', ['\udca9'], [0]],
    ['a record without prototype', Object.assign(Object.create(null), { a: '\0' }), ['a']],
  ])('%s', (_what, value, path) => {
    expect(unstorableText(value)).toEqual(path)
  })

  it('is looked for in JSON only, not in what refers to itself', () => {
    class Stream {
      readonly self = this
      readonly text = '\0'
    }
    expect(unstorableText(new Stream())).toBeNull()
    expect(unstorableText({ body: new Stream() })).toBeNull()
  })
})
