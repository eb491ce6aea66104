import { describe, expect, it } from '@jest/globals'
import { stillVenue, KEYS } from '../venue/testing/still-market.ts'
import { ApiClient, hmacSigner } from './api-client.fixture.ts'
import { readApiFrame } from './read-api-frame.ts'

const LONG = 'a'.repeat(300)
const code = (text: string): [string, number | null] => {
  const { id, problem } = readApiFrame(text)
  return [id, problem?.code ?? null]
}

describe('a frame', () => {
  it.each<[string, string, string, number | null]>([
    ['of a text id', '{"id":"a b","method":"ping"}', '"a b"', null],
    ['of an empty id', '{"id":"","method":"ping"}', '""', null],
    ['of an odd id', '{"id":"💥\\"","method":"ping"}', '"💥\\""', null],
    ['of a number', '{"id":1,"method":"ping"}', '1', null],
    ['of a number below zero', '{"id":-1,"method":"ping"}', '-1', null],
    ['of 64 bits', '{"id":9223372036854775807,"method":"ping"}', '9223372036854775807', null],
    ['without an id that says so', '{"id":null,"method":"ping"}', 'null', null],
    ['with params that are empty', '{"id":1,"method":"ping","params":{}}', '1', null],
    ['with more than it needs', '{"id":1,"method":"ping","more":[1]}', '1', null],
    ['with its id twice', '{"id":1,"id":2,"method":"ping"}', '2', null],
    ['without an id', '{"method":"ping"}', 'null', -1102],
    ['of half an id', '{"id":1.5,"method":"ping"}', 'null', -1130],
    ['of an id in an exponent', '{"id":1e3,"method":"ping"}', 'null', -1130],
    ['of a flag for an id', '{"id":true,"method":"ping"}', 'null', -1130],
    ['of a list for an id', '{"id":[1],"method":"ping"}', 'null', -1130],
    ['of an id too long', `{"id":"${LONG}","method":"ping"}`, 'null', -1130],
    ['of a number too long', `{"id":${'9'.repeat(300)},"method":"ping"}`, 'null', -1130],
    ['without a method', '{"id":1}', '1', -1102],
    ['of an empty method', '{"id":1,"method":""}', '1', -1102],
    ['of a number for a method', '{"id":1,"method":7}', '1', -1130],
    ['of null for a method', '{"id":1,"method":null}', '1', -1130],
    ['of a method too long', `{"id":1,"method":"${LONG}"}`, '1', -1130],
    ['of half a letter', '{"id":1,"method":"\\ud800"}', '1', -1130],
    ['of a list of params', '{"id":1,"method":"ping","params":[1]}', '1', -1130],
    ['of a text for params', '{"id":1,"method":"ping","params":"a=1"}', '1', -1130],
    ['of null for params', '{"id":1,"method":"ping","params":null}', '1', -1130],
    ['of half a letter in params', '{"id":1,"method":"ping","params":{"a":"\\ud800"}}', '1', -1100],
    ['of a stream', '{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}', '1', -1130],
    ['of nothing', '', 'null', -1135],
    ['of no JSON', 'hello', 'null', -1135],
    ['that ends in the middle', '{"id":1,"method":"pi', 'null', -1135],
    ['of a list', '[]', 'null', -1135],
    ['of a number alone', '1', 'null', -1135],
    ['of null alone', 'null', 'null', -1135],
    [
      'that is too long',
      `{"id":1,"method":"ping","params":{"a":"${'a'.repeat(70_000)}"}}`,
      'null',
      -1135,
    ],
    ['of a hundred brackets', '['.repeat(100_000), 'null', -1135],
  ])('%s', (_, text, id, expected) => {
    expect(code(text)).toEqual([id, expected])
  })

  it('has its parameters as they were written, without those that are null', () => {
    const params =
      '{"a":"x y","b":1.50,"c":12345678901234567890,"d":true,"e":null,"f":[1,"2"],"g":{"h":1},"__proto__":"p"}'
    const { parameters } = readApiFrame(`{"id":1,"method":"x","params":${params}}`)
    expect([...parameters]).toEqual([
      ['a', 'x y'],
      ['b', '1.50'],
      ['c', '12345678901234567890'],
      ['d', 'true'],
      ['f', '[1,"2"]'],
      ['g', '{"h":1}'],
      ['__proto__', 'p'],
    ])
  })

  it('of more parameters than anyone sends is refused', () => {
    const params = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`p${i}`, 1]))
    expect(code(JSON.stringify({ id: 1, method: 'ping', params }))).toEqual(['1', -1130])
  })
})

describe('an answer', () => {
  it.each(['"a"', '1', '-1', 'null', '9223372036854775807', '"\\u0000💥"'])(
    'has the id that was asked with, %s',
    (id) => {
      const { venue } = stillVenue()
      const api = new ApiClient(venue, { apiKey: KEYS.apiKey, signer: hmacSigner(KEYS.secret) })
      api.say(`{"id":${id},"method":"ping"}`)
      expect(api.heard[0]!.startsWith(`{"id":${id},"status":200,`)).toBe(true)
    },
  )

  it('comes to each of those that have the same id', () => {
    const { venue } = stillVenue()
    const api = new ApiClient(venue, { apiKey: KEYS.apiKey, signer: hmacSigner(KEYS.secret) })
    api.say({ id: 1, method: 'ping' })
    api.say({ id: 1, method: 'time' })
    expect(api.take().map(({ id, result }) => [id, result])).toEqual([
      [1, {}],
      [1, { serverTime: venue.time }],
    ])
  })
})
