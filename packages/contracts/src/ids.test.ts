import { describe, expect, it } from '@jest/globals'
import { TAPEDECK_NAMESPACE, eventId, shortHash, uuid5 } from './ids.ts'

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
const URL_SPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8'

describe('uuid5', () => {
  it.each([
    [DNS, 'www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'], // RFC 9562, appendix A.4
    [DNS, 'python.org', '886313e1-3b8a-5372-9b90-0c9aee199e5d'],
    [URL_SPACE, 'http://python.org/', '4c565f0d-3f5a-5890-b41b-20cf47701c5e'],
  ])('%s %s', (namespace, name, id) => {
    expect(uuid5(namespace, name)).toBe(id)
  })

  it('takes names as UTF-8 and refuses a namespace that is no UUID', () => {
    expect(uuid5(DNS, 'é')).not.toBe(uuid5(DNS, 'e'))
    expect(() => uuid5('not a uuid', 'x')).toThrow(/hex/)
  })
})

describe('eventId', () => {
  it('is the same for the same event and differs in every part', () => {
    const id = eventId(TAPEDECK_NAMESPACE, 'market.clock', 'run', 7)
    expect(eventId(TAPEDECK_NAMESPACE, 'market.clock', 'run', 7)).toBe(id)
    const others = [
      eventId(DNS, 'market.clock', 'run', 7),
      eventId(TAPEDECK_NAMESPACE, 'market.mark', 'run', 7),
      eventId(TAPEDECK_NAMESPACE, 'market.clock', 'run2', 7),
      eventId(TAPEDECK_NAMESPACE, 'market.clock', 'run', 8),
    ]
    expect(new Set([id, ...others]).size).toBe(5)
  })
})

it('shortHash is the start of the SHA-256 (FIPS 180-2, "abc")', () => {
  expect(shortHash('abc')).toBe('ba7816bf8f01cfea')
  expect(shortHash('abc', 64)).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
