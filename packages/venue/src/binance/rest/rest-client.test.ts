import { describe, expect, it } from '@jest/globals'
import { DELETE, POST, limit, open } from '../open-venue.fixture.ts'
import { orderJson, refusal, type Reply } from '../scripted-fapi.fixture.ts'

const MINUTE = 60_000
const bare = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  json: { code: -1003, msg: 'Too many requests.' },
  headers,
})

/** How long after a first answer an order is sent again, in whole seconds. */
const pausedFor = async (reply: Reply, together = 1): Promise<number> => {
  const { clock, fapi, venue } = await open()
  await venue.serverTime()
  fapi.on(POST, reply)
  await Promise.all(Array.from({ length: together }, () => venue.submitOrder(limit)))
  fapi.on(POST, { json: orderJson() })
  for (let seconds = 0; seconds < 600; seconds++) {
    const asked = venue.submitOrder(limit)
    await clock.advance(4_000)
    const answer = await asked
    if (answer.outcome === 'known' && answer.value.accepted) return seconds * 4
  }
  return Infinity
}

describe('calls to the venue', () => {
  it('a ban without words or Retry-After lasts two minutes, however many met it together', async () => {
    expect(await pausedFor(bare(418))).toBeGreaterThanOrEqual(112)
    expect(await pausedFor(bare(418), 5)).toBeLessThanOrEqual(128)
  })

  it('429 lasts until the minute is over, or as long as Retry-After says', async () => {
    expect(await pausedFor(bare(429))).toBeLessThanOrEqual(64)
    expect(await pausedFor(bare(429, { 'Retry-After': '90' }))).toBeGreaterThanOrEqual(84)
  })

  it('a cancel waits for the end of a pause', async () => {
    const { clock, fapi, venue } = await open()
    fapi.on(POST, bare(429)).on(DELETE, { json: orderJson({ status: 'CANCELED' }) })
    await venue.submitOrder(limit)
    const { symbol, clientOrderId } = limit
    const cancel = venue.cancelOrder({ symbol, clientOrderId, conditional: false })
    await clock.advance(61_000)
    expect(await cancel).toMatchObject({ value: { canceled: true } })
  })

  it('the clock is asked for again every five minutes, also when the venue did not answer', async () => {
    const { clock, fapi, venue } = await open()
    const asked = (): number => fapi.asked.filter(({ call }) => call.endsWith('/time')).length
    await venue.serverTime()
    await clock.advance(5 * MINUTE)
    expect(asked()).toBe(2)
    fapi.on('GET /fapi/v1/time', { text: '' })
    await clock.advance(10 * MINUTE)
    expect(asked()).toBe(4)
    await venue.close()
    await clock.advance(60 * MINUTE)
    expect([asked(), clock.waiting]).toEqual([4, 0])
  })

  it('limits that the venue states are kept', async () => {
    const { fapi, venue } = await open()
    fapi.on('GET /fapi/v1/exchangeInfo', {
      json: {
        symbols: [],
        rateLimits: [
          { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 2 },
          { rateLimitType: 'SOMETHING', interval: 'DAY', intervalNum: 1, limit: 5 },
        ],
      },
    })
    await venue.instruments()
    fapi.on(POST, { json: orderJson() })
    expect(await venue.submitOrder(limit)).toMatchObject({ value: { accepted: true } })
    expect(await venue.submitOrder(limit)).toMatchObject({
      value: { accepted: false, code: 'NOT_SENT', next: 'retry' },
    })
    expect(await venue.submitOrder({ ...limit, reduceOnly: true })).toMatchObject({
      value: { accepted: true },
    })
  })

  it('what the venue counted is believed: headers near the limit hold questions back', async () => {
    const { clock, fapi, venue } = await open()
    fapi.on('GET /fapi/v3/balance', { json: [], headers: { 'X-MBX-USED-WEIGHT-1M': '2399' } })
    await venue.balances()
    const second = venue.balances()
    await clock.advance(1_000)
    expect(fapi.calls()).toHaveLength(1)
    await clock.advance(MINUTE)
    expect(await second).toMatchObject({ outcome: 'known' })
  })

  it('a refused question is not put again, but for the clock', async () => {
    const { fapi, venue } = await open()
    fapi.on('GET /fapi/v3/balance', refusal(-1021), { json: [] })
    expect(await venue.balances()).toEqual({ outcome: 'known', value: [] })
    fapi.on('GET /fapi/v3/balance', refusal(-1102))
    expect(await venue.balances()).toMatchObject({ outcome: 'unknown' })
    expect(fapi.calls()).toHaveLength(3)
  })
})
