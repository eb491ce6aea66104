import { describe, expect, it } from '@jest/globals'
import { checkFaultPlan, presetPlan, type PlannedFaultInput } from '../src/index.ts'
import { TestVenue } from './support/test-venue.ts'
import { WireClient, type StreamMessage } from './support/wire-client.ts'

const START = 1_800_000_000_000
const symbol = 'BTCUSDT'
const MARKET = {
  symbol,
  side: 'BUY',
  type: 'MARKET',
  quantity: '0.100',
  newOrderRespType: 'RESULT',
}
const LIMIT = {
  symbol,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.100',
  price: 59_000,
}
const STOP = {
  algoType: 'CONDITIONAL',
  symbol,
  side: 'SELL',
  type: 'STOP_MARKET',
  quantity: '0.100',
}

const open = (...faults: PlannedFaultInput[]) => {
  const faultPlan = checkFaultPlan({ name: 'test', seed: 3, faults }, 'test')
  const test = new TestVenue({ startTime: START, faultPlan })
  const client = new WireClient(test.venue, test.record)
  const { listenKey } = client.ask('POST', '/fapi/v1/listenKey', {}, false) as { listenKey: string }
  const { heard } = client.listen('/private/ws', `listenKey=${listenKey}`)
  return {
    test,
    client,
    heard,
    pass: (ms: number) => test.venue.advanceTo(test.venue.time + ms),
    order: (values: object) => client.answer('POST', '/fapi/v1/order', { ...values }),
  }
}

/** `x X er` of orders, `X` of conditional orders, the name of everything else. */
const told = (heard: readonly StreamMessage[]): string[] =>
  heard.map(({ e, o, a }) => {
    const { x, X, er, c } = (o ?? {}) as Record<string, string>
    if (e === 'ORDER_TRADE_UPDATE')
      return `${x} ${X}${er === '0' ? '' : ` er ${er}`} ${c!.replace(/[-_].*/, '')}`
    const { m = '' } = (a ?? {}) as Record<string, string>
    return e === 'ALGO_UPDATE' ? `algo ${X}` : `${String(e)} ${m}`.trim()
  })
const always = (fault: PlannedFaultInput['fault'], more = {}): PlannedFaultInput => ({
  fault,
  when: { kind: 'always' },
  ...more,
})
const after = (ms: number, fault: PlannedFaultInput['fault'], more = {}): PlannedFaultInput => ({
  fault,
  when: { kind: 'at', times_ms: [ms] },
  ...more,
})

describe('what a stop comes to when its price is reached', () => {
  it.each<[PlannedFaultInput['fault'], string[], string]>([
    [{ kind: 'algo_stuck' }, ['algo TRIGGERING'], '0.1'],
    [{ kind: 'algo_rejected' }, ['algo TRIGGERING', 'algo REJECTED'], '0.1'],
    [{ kind: 'algo_expired' }, ['algo TRIGGERING', 'algo EXPIRED'], '0.1'],
  ])('%j', (fault, events, left) => {
    const { test, client, heard, order, pass } = open(always(fault))
    order(MARKET)
    client.ask('POST', '/fapi/v1/algoOrder', { ...STOP, triggerPrice: 59_500 })
    const before = heard.length
    test.quote(symbol, 59_400)
    pass(1000)
    expect(told(heard.slice(before)).filter((word) => word.startsWith('algo'))).toEqual(events)
    expect(test.venue.exchange.positions('main')).toMatchObject([{ quantity: left }])
    expect(test.venue.faults.injected()).toEqual({ [fault.kind]: 1 })
  })

  it('is finished with nothing done', () => {
    const { test, client, heard, order } = open(always({ kind: 'algo_unfilled' }))
    order(MARKET)
    client.ask('POST', '/fapi/v1/algoOrder', { ...STOP, triggerPrice: 59_500, clientAlgoId: 's' })
    test.quote(symbol, 59_400)
    expect(heard.at(-1)).toMatchObject({
      e: 'ALGO_UPDATE',
      o: { X: 'FINISHED', aq: '0', caid: 's' },
    })
    expect(test.venue.exchange.positions('main')).toMatchObject([{ quantity: '0.1' }])
  })
})

describe('what an order comes to', () => {
  it('fills in part and is never heard of again', () => {
    const { test, heard, order, pass } = open(always({ kind: 'partial_then_nothing', part: 0.4 }))
    expect(JSON.parse(order({ ...MARKET, newClientOrderId: 'p' }).body)).toMatchObject({
      status: 'PARTIALLY_FILLED',
      executedQty: '0.040',
    })
    test.print(symbol, 60_000, 5000)
    pass(60_000)
    expect(told(heard).filter((word) => word.endsWith(' p'))).toEqual([
      'NEW NEW p',
      'TRADE PARTIALLY_FILLED p',
    ])
  })

  it('fills in part, and the rest expires with reason 9', () => {
    const { heard, order } = open(always({ kind: 'partial_then_expired', part: 0.4 }))
    order({ ...MARKET, newClientOrderId: 'p' })
    expect(told(heard).filter((word) => word.endsWith(' p'))).toEqual([
      'NEW NEW p',
      'TRADE PARTIALLY_FILLED p',
      'EXPIRED EXPIRED er 9 p',
    ])
  })

  it('fills as it is canceled', () => {
    const { test, client, order } = open(always({ kind: 'cancel_too_late' }))
    order({ ...LIMIT, newClientOrderId: 'late' })
    const answer = client.answer('DELETE', '/fapi/v1/order', { symbol, origClientOrderId: 'late' })
    expect(JSON.parse(answer.body)).toMatchObject({ code: -2011 })
    const found = { clientOrderId: 'late' }
    expect(test.venue.exchange.order('main', symbol, found)).toMatchObject({ status: 'FILLED' })
  })

  it('is told late, NEW last', () => {
    const { heard, order, pass } = open(always({ kind: 'account_late_new', late_ms: 500 }))
    order({ ...MARKET, newClientOrderId: 'n' })
    pass(1000)
    expect(told(heard).filter((word) => word.endsWith(' n'))).toEqual([
      'TRADE FILLED n',
      'NEW NEW n',
      'NEW NEW n',
    ])
  })

  it('is told by TRADE_LITE alone', () => {
    const { heard, order } = open(always({ kind: 'trade_lite_only' }))
    order({ ...MARKET, newClientOrderId: 'l' })
    expect(told(heard)).toEqual(['NEW NEW l', 'TRADE_LITE', 'ACCOUNT_UPDATE ORDER'])
  })
})

describe('what happens to an account by itself', () => {
  it.each<[PlannedFaultInput['fault'], string[], string | null]>([
    [{ kind: 'liquidation' }, ['NEW NEW autoclose', 'CALCULATED FILLED autoclose'], null],
    [
      { kind: 'deleveraging', part: 0.5 },
      ['NEW NEW adl', 'CALCULATED FILLED adl', 'ACCOUNT_UPDATE ORDER'],
      '0.05',
    ],
    [
      { kind: 'foreign_order', side: 'BUY', quantity: '0.010' },
      ['NEW NEW web', 'TRADE_LITE', 'TRADE FILLED web', 'ACCOUNT_UPDATE ORDER'],
      '0.11',
    ],
    [{ kind: 'foreign_leverage', leverage: 3, symbol }, ['ACCOUNT_CONFIG_UPDATE'], '0.1'],
    [{ kind: 'funding', rate: '0.01', symbol }, ['ACCOUNT_UPDATE FUNDING_FEE'], '0.1'],
    [
      { kind: 'symbol_status', status: 'SETTLING', symbol },
      ['NEW NEW settlement', 'CALCULATED FILLED settlement', 'ACCOUNT_UPDATE ORDER'],
      null,
    ],
  ])('%j', (fault, events, left) => {
    const { test, heard, order, pass } = open(after(5000, fault))
    order(MARKET)
    const before = heard.length
    pass(4999)
    expect(heard.length).toBe(before)
    pass(1)
    expect(told(heard.slice(before))).toEqual(expect.arrayContaining(events))
    const [position] = test.venue.exchange.positions('main', { symbol })
    expect(position === undefined || position.quantity === '0' ? null : position.quantity).toBe(
      left,
    )
    expect(test.venue.faults.injected()).toEqual({ [fault.kind]: 1 })
  })

  it('a price that jumps goes through stops, with slippage', () => {
    const { test, client, order, pass } = open(
      after(5000, { kind: 'price_jump', symbol, share: -0.03 }),
    )
    order(MARKET)
    client.ask('POST', '/fapi/v1/algoOrder', { ...STOP, triggerPrice: 59_500 })
    pass(6000)
    const last = test.venue.exchange.tradesOf('main', symbol).at(-1)!
    expect(last).toMatchObject({ side: 'SELL', quantity: '0.1' })
    expect(Number(last.price)).toBeLessThan(58_300)
  })
})

describe('streams', () => {
  it('what happens while they are down is never told', () => {
    const down: PlannedFaultInput['fault'] = { kind: 'stream_down', routes: ['private'] }
    const { test, heard, order, pass } = open(after(1000, down, { lasting_ms: 5000 }))
    pass(2000)
    expect(test.venue.connections).toBe(0)
    expect(test.venue.refusesConnection('/private/ws', '')).toBe(503)
    order(MARKET)
    pass(5000)
    expect(heard).toEqual([])
    expect(test.venue.refusesConnection('/private/ws', '')).toBeNull()
  })

  it('a listen key that expired leaves its connection open and silent', () => {
    const { test, client, heard, order, pass } = open(after(1000, { kind: 'listen_key_expired' }))
    pass(3000)
    order(MARKET)
    expect(told(heard)).toEqual(['listenKeyExpired'])
    expect(test.venue.connections).toBe(1)
    expect(client.answer('PUT', '/fapi/v1/listenKey', {}, false).body).toMatch(/-1125/)
  })

  it('books have gaps that their ids show', () => {
    const { test, client, pass } = open({
      fault: { kind: 'market_gap', messages: 2 },
      when: { kind: 'nth', nth: 3 },
    })
    const { heard } = client.listen('/public/ws/btcusdt@depth@100ms')
    for (let i = 0; i < 8; i++) {
      test.quote(symbol, 60_010 + i)
      pass(100)
    }
    const gaps = heard.filter(({ pu }, i) => i > 0 && pu !== heard[i - 1]!['u'])
    expect([heard.length, gaps.length]).toEqual([6, 1])
  })
})

it('a clock that is off refuses what is signed by the right one', () => {
  const { test, client } = open(always({ kind: 'clock_offset', offset_ms: 240_000 }))
  expect(client.ask('GET', '/fapi/v1/time', {}, false)).toEqual({
    serverTime: test.venue.time + 240_000,
  })
  expect(client.answer('GET', '/fapi/v3/balance').body).toMatch(/-1021/)
})

/** An hour of orders, everything said and everything that went wrong, as one text. */
const hour = (seed: number): string => {
  const test = new TestVenue({ startTime: START, faultPlan: presetPlan('everything', seed) })
  const frames: string[] = []
  const sink = { ping: () => undefined, pong: () => undefined, close: () => undefined }
  for (let second = 0; second < 3600; second += 5) {
    const { venue } = test
    venue.advanceTo(START + second * 1000)
    test.quote(symbol, 60_000 + (second % 700))
    const request = { method: 'GET', path: '/fapi/v1/depth', query: `symbol=${symbol}`, body: '' }
    frames.push(JSON.stringify(venue.request({ ...request, headers: {}, remote: 'a' })))
    if (second % 600 === 0 && venue.refusesConnection('/public/ws', '') === null)
      venue.connect('/public/ws/btcusdt@depth@100ms', '', {
        ...sink,
        send: (text) => frames.push(text),
        terminate: () => frames.push('gone'),
      })
  }
  return JSON.stringify([frames, test.venue.faults.injected()])
}

it('an hour of everything is the same by the same seed, and another by another', () => {
  const once = hour(1)
  expect(hour(1)).toBe(once)
  expect(hour(2)).not.toBe(once)
})
