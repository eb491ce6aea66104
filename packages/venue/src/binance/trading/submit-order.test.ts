import { describe, expect, it } from '@jest/globals'
import type { OrderRequest } from '../../port/index.ts'
import { KEY, POST, GET, POST_ALGO, GET_ALGO, limit, stop, open } from '../open-venue.fixture.ts'
import { algoJson, orderJson, refusal, type Reply } from '../scripted-fapi.fixture.ts'

describe('sending an order', () => {
  it('LIMIT and MARKET go to /order, signed, by the venue’s clock, with our window', async () => {
    const { clock, fapi, venue } = await open()
    fapi.ahead = 180_000
    fapi.on(POST, { json: orderJson() }, { json: orderJson({ type: 'MARKET', status: 'FILLED' }) })
    expect(await venue.submitOrder(limit)).toEqual({
      outcome: 'known',
      value: { accepted: true, venueOrderId: '22542179', at: 1_795_000_000_500 },
    })
    const { parameters, headers, url } = fapi.last(POST)
    expect(parameters).toEqual({
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      quantity: '0.01',
      price: '60000',
      timeInForce: 'GTC',
      newClientOrderId: 'td-1',
      newOrderRespType: 'RESULT',
      recvWindow: '5000',
      timestamp: String(clock.now() + 180_000),
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(headers['X-MBX-APIKEY']).toBe(KEY)
    expect(url).toBe('http://127.0.0.1:9/fapi/v1/order')
    await venue.submitOrder({ ...limit, type: 'MARKET', price: null, reduceOnly: true })
    expect(fapi.last(POST).parameters).toMatchObject({ type: 'MARKET', reduceOnly: 'true' })
    expect(fapi.last(POST).parameters).not.toHaveProperty('timeInForce')
  })

  it('conditional ones go to /algoOrder, with triggerPrice', async () => {
    const { fapi, venue } = await open({ workingType: 'MARK_PRICE' })
    fapi.on(POST_ALGO, { json: algoJson() })
    expect(await venue.submitOrder(stop)).toMatchObject({ value: { venueOrderId: '3000001' } })
    const { parameters } = fapi.last(POST_ALGO)
    expect(parameters).toMatchObject({
      algoType: 'CONDITIONAL',
      type: 'STOP_MARKET',
      triggerPrice: '58000',
      workingType: 'MARK_PRICE',
      reduceOnly: 'true',
      clientAlgoId: 'td-1',
    })
    expect(parameters).not.toHaveProperty('stopPrice')
    expect(parameters).not.toHaveProperty('newClientOrderId')
  })

  it.each<[string, Reply, object]>([
    ['a refusal', refusal(-2019), { accepted: false, code: '-2019', next: 'stop' }],
    [
      'not placed',
      refusal(-1008, 'overloaded', 503),
      { accepted: false, code: '-1008', next: 'retry' },
    ],
    [
      'rate limit',
      refusal(-1003, 'too many', 429),
      { accepted: false, code: '-1003', next: 'retry' },
    ],
    ['own error', refusal(-4120), { accepted: false, code: '-4120', next: 'stop' }],
  ])('%s is known', async (_name, reply, value) => {
    const { fapi, venue } = await open()
    fapi.on(POST, reply)
    expect(await venue.submitOrder(limit)).toMatchObject({ outcome: 'known', value })
    expect(fapi.calls()).toEqual([POST])
  })

  it.each<[string, Reply]>([
    [
      '503 that says unknown',
      refusal(-1000, 'Unknown error, please check your request or try again later.', 503),
    ],
    ['-1007', refusal(-1007, 'Timeout', 408)],
    ['an empty 200', { text: '' }],
    ['HTML with 200', { text: '<html>welcome</html>' }],
    ['a 502 page', { status: 502, text: '<html>Bad Gateway</html>' }],
    ['a 403 page', { status: 403, text: '<html>denied</html>' }],
    ['a dropped socket', { throws: new TypeError('fetch failed') }],
    ['an error of no class', { throws: new RangeError('odd') }],
    ['a code of no table', refusal(-7777)],
    ['another order’s answer', { json: orderJson({ clientOrderId: 'td-2' }) }],
    ['another symbol’s answer', { json: orderJson({ symbol: 'ETHUSDT' }) }],
    ['an answer without its id', { json: orderJson({ orderId: null }) }],
    ['a list', { json: [] }],
  ])('%s is unknown, and sent once', async (_name, reply) => {
    const { fapi, venue } = await open()
    fapi.on(POST, reply)
    expect(await venue.submitOrder(limit)).toMatchObject({ outcome: 'unknown' })
    expect(fapi.calls()).toEqual([POST])
  })

  it('no answer in time is unknown, by the timer that was given', async () => {
    const { clock, fapi, venue } = await open({ requestMsMax: 3_000 })
    fapi.on(POST, 'hang')
    const answer = venue.submitOrder(limit)
    let isDone = false
    void answer.finally(() => (isDone = true))
    await clock.advance(2_999)
    expect(isDone).toBe(false)
    await clock.advance(1)
    expect(await answer).toEqual({
      outcome: 'unknown',
      detail: 'POST /fapi/v1/order: NoAnswer: no answer within 3000 ms',
    })
  })

  it('an id that is open already is resolved by asking which order has it', async () => {
    const { fapi, venue } = await open()
    fapi.on(POST, refusal(-4116)).on(GET, { json: orderJson() }, refusal(-2013))
    expect(await venue.submitOrder(limit)).toMatchObject({
      outcome: 'known',
      value: { accepted: true, venueOrderId: '22542179' },
    })
    fapi.on(GET_ALGO, refusal(-2013))
    expect(await venue.submitOrder(limit)).toMatchObject({ outcome: 'unknown' })
    fapi.on(GET, { json: orderJson({ side: 'SELL' }) })
    expect(await venue.submitOrder(limit)).toMatchObject({
      outcome: 'known',
      value: { accepted: false, code: '-4116', next: 'stop' },
    })
    expect(fapi.calls().filter((call) => call === POST)).toHaveLength(3)
  })

  it('a time stamp that was refused moves the clock, and the order is the caller’s to send', async () => {
    const { fapi, venue } = await open()
    fapi.on(POST, refusal(-1021), { json: orderJson() })
    await venue.serverTime()
    fapi.ahead = -90_000
    expect(await venue.submitOrder(limit)).toMatchObject({
      value: { accepted: false, code: '-1021', next: 'retry' },
    })
    expect(venue.clockOffsetMs).toBe(-90_000)
    expect(fapi.calls()).toEqual([POST])
  })

  it.each<[string, Partial<OrderRequest>]>([
    ['an id that is too long', { clientOrderId: 'x'.repeat(37) }],
    ['an id with a blank', { clientOrderId: 'a b' }],
    ['a LIMIT without a price', { price: null }],
    ['a MARKET with a price', { type: 'MARKET' }],
    ['a stop without its price', { type: 'STOP_MARKET', price: null }],
    ['a LIMIT with a stop price', { stopPrice: '1' }],
  ])('%s is not sent', async (_name, given) => {
    const { fapi, venue } = await open()
    expect(await venue.submitOrder({ ...limit, ...given })).toMatchObject({
      value: { accepted: false, code: 'NOT_SENT', next: 'stop' },
    })
    expect(fapi.asked).toEqual([])
  })

  it('after a 429 nothing is sent until the minute is over, and nobody waits for longer than it helps', async () => {
    const { clock, fapi, venue } = await open()
    fapi.on(POST, refusal(-1003, 'Too much request weight', 429), { json: orderJson() })
    await venue.submitOrder(limit)
    const held = await venue.submitOrder(limit)
    expect(held).toMatchObject({
      value: { accepted: false, code: 'NOT_SENT', next: 'retry', retryInMs: expect.any(Number) },
    })
    expect(fapi.calls()).toEqual([POST])
    const { retryInMs } = (held as { value: { retryInMs: number } }).value
    expect(await venue.submitOrder(limit)).toEqual(held)
    await clock.advance(retryInMs)
    expect(await venue.submitOrder(limit)).toMatchObject({ value: { accepted: true } })
  })
})
