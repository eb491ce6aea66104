import { describe, expect, it } from '@jest/globals'
import { parsePlannedFault } from '../../faults/index.ts'
import { START, stillVenue } from '../../venue/testing/still-market.ts'

const keyIn = ({ json }: { json: unknown }) => (json as { listenKey: string }).listenKey

describe('listen keys', () => {
  const path = '/fapi/v1/listenKey'

  it('stay the same while they live, an hour after they were last extended', () => {
    const { venue, client } = stillVenue()
    const listenKey = keyIn(client.plain('POST', path))
    expect(listenKey).toMatch(/^[A-Za-z0-9]{64}$/)
    expect(keyIn(client.plain('POST', path))).toBe(listenKey)
    venue.advanceTo(START + 3_599_999)
    expect(client.plain('PUT', path).json).toEqual({ listenKey })
    venue.advanceTo(START + 3_600_000 + 3_599_998)
    expect(keyIn(client.plain('POST', path))).toBe(listenKey)
  })

  it('are gone after their hour: -1125, and a new one is another', () => {
    const { venue, client } = stillVenue()
    const listenKey = keyIn(client.plain('POST', path))
    venue.advanceTo(START + 3_600_000)
    expect(client.plain('PUT', path).json).toEqual({
      code: -1125,
      msg: 'This listenKey does not exist.',
    })
    expect(keyIn(client.plain('POST', path))).not.toBe(listenKey)
  })

  it('live an hour whatever the clock that the venue shows', () => {
    const { venue, client } = stillVenue()
    const fault = {
      fault: { kind: 'clock_offset', offset_ms: -7_200_000 },
      when: { kind: 'always' },
    }
    venue.faults.add(parsePlannedFault(fault, 'fault'), START)
    client.plain('POST', path)
    venue.advanceTo(START + 3_599_999)
    expect(client.plain('PUT', path).status).toBe(200)
    venue.advanceTo(START + 2 * 3_600_000)
    expect(client.plain('PUT', path).json).toMatchObject({ code: -1125 })
  })

  it('end when asked to', () => {
    const { client } = stillVenue()
    client.plain('POST', path)
    expect(client.plain('DELETE', path).json).toEqual({})
    expect(client.plain('PUT', path).json).toMatchObject({ code: -1125 })
  })

  it('let the socket stay open, told and deaf, when they expire', () => {
    const { venue, client } = stillVenue()
    const listenKey = keyIn(client.plain('POST', path))
    const frames: string[] = []
    let isClosed = false
    const end = () => {
      isClosed = true
    }
    venue.connect('/private/ws', `listenKey=${listenKey}`, {
      send: (text) => frames.push(text),
      ping: () => undefined,
      pong: () => undefined,
      close: end,
      terminate: end,
    })
    venue.advanceTo(START + 3_600_000)
    const told = JSON.parse(frames.at(-1)!) as object
    expect(told).toEqual({ e: 'listenKeyExpired', E: START + 3_600_000, listenKey })
    const before = frames.length
    client.signed('POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.01',
    })
    expect([frames.length, isClosed]).toEqual([before, false])
  })
})
