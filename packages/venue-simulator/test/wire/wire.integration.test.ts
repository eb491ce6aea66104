import { beforeAll, describe, expect, it } from '@jest/globals'
import { ROUTES } from '../../src/binance/routes/index.ts'
import { TestVenue } from '../support/test-venue.ts'
import { WireClient, type StreamMessage } from '../support/wire-client.ts'
import { CLIENTS_NEED_OF_REST, CLIENTS_NEED_OF_STREAMS } from './client-needs.ts'
import { REST_FIELDS } from './rest-fields.ts'
import { ACCOUNT_FIELDS, MARKET_FIELDS } from './stream-fields.ts'

const START = 1_800_000_000_000
const SECOND = 1000
const MINUTE = 60 * SECOND
const S = 'BTCUSDT'
const limit = (price: number, more = {}) => ({
  symbol: S,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.010',
  price,
  ...more,
})
const market = (side: string, quantity: string, more = {}) => ({
  symbol: S,
  side,
  type: 'MARKET',
  quantity,
  newOrderRespType: 'RESULT',
  ...more,
})
const stop = (side: string, triggerPrice: number, more = {}) => ({
  algoType: 'CONDITIONAL',
  symbol: S,
  side,
  type: 'STOP_MARKET',
  quantity: '0.010',
  triggerPrice,
  ...more,
})

/** A long session on a venue in one's hand, so that everything it can say has been said. */
class Session {
  readonly test = new TestVenue({ startTime: START })
  readonly client = new WireClient(this.test.venue, this.test.record)
  account: StreamMessage[] = []

  after(ms: number): void {
    this.test.venue.advanceTo(this.test.venue.time + ms)
  }

  publicQuestions(): void {
    const { client } = this
    const ask = (path: string, values = {}) => client.ask('GET', `/fapi/${path}`, values, false)
    for (const path of ['v1/ping', 'v1/time', 'v1/exchangeInfo', 'v1/fundingInfo']) ask(path)
    for (const path of ['v1/premiumIndex', 'v1/ticker/bookTicker', 'v1/ticker/24hr']) ask(path)
    ask('v2/ticker/price')
    const one = [
      'v1/depth',
      'v1/rpiDepth',
      'v1/insuranceBalance',
      'v1/trades',
      'v1/aggTrades',
      'v1/openInterest',
      'v1/fundingRate',
    ]
    for (const path of one) ask(path, { symbol: S })
    for (const path of ['v1/premiumIndex', 'v1/ticker/bookTicker', 'v1/ticker/24hr'])
      ask(path, { symbol: S })
    ask('v1/ticker/price', { symbol: S })
    ask('v1/klines', { symbol: S, interval: '1m' })
    ask('v1/markPriceKlines', { symbol: S, interval: '1m' })
    ask('v1/indexPriceKlines', { pair: S, interval: '1m' })
    ask('v1/historicalTrades', { symbol: S })
    ask('v1/continuousKlines', { pair: S, contractType: 'PERPETUAL', interval: '1m' })
    client.ask('GET', '/futures/data/openInterestHist', { symbol: S, period: '5m' }, false)
    for (const path of [
      'api/v3/ping',
      'api/v3/time',
      'api/v3/exchangeInfo',
      'dapi/v1/exchangeInfo',
    ])
      client.ask('GET', `/${path}`, {}, false)
    const beside = ['system/status', 'margin/allPairs', 'margin/isolated/allPairs']
    for (const path of [...beside, 'equity/market/exchangeInfo'])
      client.ask('GET', `/sapi/v1/${path}`, {}, false)
    client.answer('GET', '/fapi/v1/nowhere', {}, false)
    client.answer('GET', '/fapi/v1/depth', {}, false)
  }

  streams(): void {
    const { client } = this
    const s = S.toLowerCase()
    const names = ['aggTrade', 'kline_1m', 'markPrice@1s', 'forceOrder', 'ticker', 'miniTicker']
    const marketNames = [
      ...names.map((name) => `${s}@${name}`),
      `${s}_perpetual@continuousKline_1m`,
      '!markPrice@arr',
      '!forceOrder@arr',
    ]
    client.listen('/market/stream', `streams=${marketNames.join('/')}`)
    client.listen('/market/ws/!miniTicker@arr/!ticker@arr')
    const books = ['depth@100ms', 'depth', 'depth5@100ms', 'depth20', 'bookTicker', 'trade']
    const { say } = client.listen('/public/ws/1')
    say({ method: 'SUBSCRIBE', params: books.map((name) => `${s}@${name}`), id: 1 })
    say({ method: 'LIST_SUBSCRIPTIONS', id: 'text' })
    say({ method: 'GET_PROPERTY', params: ['combined'], id: 3 })
    say({ method: 'SET_PROPERTY', params: ['combined', true], id: 4 })
    say({ method: 'SUBSCRIBE', params: 'no list', id: 5 })
    const { listenKey } = client.ask('POST', '/fapi/v1/listenKey', {}, false) as {
      listenKey: string
    }
    this.account = client.listen('/private/ws', `listenKey=${listenKey}`).heard
    client.ask('PUT', '/fapi/v1/listenKey', {}, false)
  }

  settings(): void {
    const { client } = this
    const post = (path: string, values: object) =>
      client.ask('POST', `/fapi/v1/${path}`, { ...values })
    post('leverage', { symbol: S, leverage: 20 })
    post('marginType', { symbol: 'ETHUSDT', marginType: 'ISOLATED' })
    client.answer('POST', '/fapi/v1/marginType', { symbol: 'ETHUSDT', marginType: 'ISOLATED' })
    post('positionSide/dual', { dualSidePosition: 'true' })
    post('positionSide/dual', { dualSidePosition: 'false' })
    post('feeBurn', { feeBurn: 'false' })
    client.answer('POST', '/fapi/v1/multiAssetsMargin', { multiAssetsMargin: 'false' })
    post('countdownCancelAll', { symbol: S, countdownTime: 120_000 })
    post('countdownCancelAll', { symbol: S, countdownTime: 0 })
  }

  questions(): void {
    const ask = (path: string, values = {}) => this.client.ask('GET', `/fapi/${path}`, values)
    for (const path of ['v3/account', 'v3/balance', 'v3/positionRisk', 'v1/accountConfig'])
      ask(path)
    for (const path of ['v1/symbolConfig', 'v1/leverageBracket', 'v1/positionSide/dual']) ask(path)
    for (const path of ['v1/rateLimit/order', 'v1/openOrders', 'v1/openAlgoOrders']) ask(path)
    const one = ['leverageBracket', 'commissionRate', 'allOrders', 'userTrades', 'allAlgoOrders']
    for (const path of one) ask(`v1/${path}`, { symbol: S })
    ask('v1/income')
    for (const path of ['feeBurn', 'forceOrders', 'adlQuantile']) ask(`v1/${path}`)
    this.client.ask('GET', '/sapi/v1/capital/config/getall')
    const old = ['v2/account', 'v2/balance', 'v2/positionRisk', 'v1/multiAssetsMargin']
    for (const path of old) ask(path)
  }

  plainOrders(): void {
    const { client } = this
    const ids = { symbol: S, origClientOrderId: 'rest-1' }
    client.ask('POST', '/fapi/v1/order', limit(59_000, { newClientOrderId: 'rest-1' }))
    client.answer('POST', '/fapi/v1/order', limit(59_000, { newClientOrderId: 'rest-1' }))
    client.ask('PUT', '/fapi/v1/order', {
      ...limit(59_100),
      origClientOrderId: 'rest-1',
      modifyId: 7,
    })
    client.ask('POST', '/fapi/v1/order/test', limit(59_000))
    client.ask('GET', '/fapi/v1/order', ids)
    client.ask('GET', '/fapi/v1/openOrder', ids)
    this.questions()
    client.ask('DELETE', '/fapi/v1/order', ids)
    client.answer('DELETE', '/fapi/v1/order', ids)
    const batch = [
      limit(58_000, { newClientOrderId: 'b-1' }),
      limit(1),
      limit(58_000, { type: 'STOP' }),
    ]
    client.ask('POST', '/fapi/v1/batchOrders', {
      batchOrders: JSON.stringify(batch),
    })
    const amended = {
      symbol: S,
      side: 'BUY',
      quantity: '0.020',
      price: '58001',
      origClientOrderId: 'b-1',
    }
    client.ask('PUT', '/fapi/v1/batchOrders', { batchOrders: JSON.stringify([amended]) })
    const list = JSON.stringify(['b-1', 'no such'])
    client.ask('DELETE', '/fapi/v1/batchOrders', { symbol: S, origClientOrderIdList: list })
    client.ask('POST', '/fapi/v1/order', limit(59_000))
    client.ask('DELETE', '/fapi/v1/allOpenOrders', { symbol: S })
    client.ask('POST', '/fapi/v1/order', market('BUY', '0.100'))
    client.ask('POST', '/fapi/v1/order', limit(60_100, { timeInForce: 'IOC', quantity: '0.005' }))
  }

  conditionalOrders(): void {
    const { client, test } = this
    client.ask('POST', '/fapi/v1/algoOrder', stop('SELL', 59_500, { clientAlgoId: 'stop-1' }))
    client.ask('GET', '/fapi/v1/algoOrder', { clientAlgoId: 'stop-1' })
    client.ask('POST', '/fapi/v1/algoOrder', stop('SELL', 59_000, { clientAlgoId: 'stop-2' }))
    client.ask('DELETE', '/fapi/v1/algoOrder', { clientAlgoId: 'stop-2' })
    client.ask('POST', '/fapi/v1/algoOrder', {
      ...stop('SELL', 0, { type: 'TRAILING_STOP_MARKET', callbackRate: 1, activatePrice: 61_000 }),
      triggerPrice: '',
    })
    client.ask(
      'POST',
      '/fapi/v1/algoOrder',
      stop('SELL', 61_500, { type: 'TAKE_PROFIT', price: 61_400, timeInForce: 'GTC' }),
    )
    this.questions()
    client.ask('DELETE', '/fapi/v1/algoOpenOrders', { symbol: S })
    client.ask('POST', '/fapi/v1/algoOrder', stop('SELL', 59_500, { workingType: 'MARK_PRICE' }))
    test.quote(S, 59_400)
    this.after(SECOND)
  }

  /** What happens to accounts without their asking. */
  misfortunes(): void {
    const { test, client } = this
    test.venue.move({ kind: 'funding', symbol: S, rate: '0.0001' })
    const foreign = { side: 'BUY', quantity: '0.010', clientOrderId: 'web_1' } as const
    test.venue.move({ kind: 'foreign_order', account: 'main', symbol: S, ...foreign })
    const isolated = { symbol: 'ETHUSDT', side: 'BUY', type: 'MARKET', quantity: '1' }
    client.ask('POST', '/fapi/v1/order', isolated)
    client.ask('POST', '/fapi/v1/positionMargin', { symbol: 'ETHUSDT', amount: 10, type: 1 })
    test.venue.move({ kind: 'deleverage', account: null, symbol: S, part: 0.5 })
    test.venue.move({ kind: 'set_leverage', account: 'main', symbol: S, leverage: 50 })
    this.questions()
    client.ask('POST', '/fapi/v1/order', market('BUY', '9'))
    test.quote(S, 59_400)
    client.ask('POST', '/fapi/v1/order', market('BUY', '9'))
    client.answer('POST', '/fapi/v1/order', market('BUY', '90'))
    client.ask('POST', '/fapi/v1/order', limit(61_000, { side: 'SELL' }))
    // In small steps: a margin call comes before the liquidation.
    for (let price = 55_500; price > 53_000; price -= 50) {
      test.quote(S, price)
      this.after(SECOND)
    }
    test.venue.move({ kind: 'symbol_status', symbol: 'ETHUSDT', status: 'SETTLING' })
    this.after(5 * MINUTE)
    this.questions()
    this.publicQuestions()
    test.venue.expireListenKey('main')
    client.ask('POST', '/fapi/v1/listenKey', {}, false)
    client.ask('DELETE', '/fapi/v1/listenKey', {}, false)
    client.answer('PUT', '/fapi/v1/listenKey', {}, false)
  }

  run(): this {
    this.publicQuestions()
    this.streams()
    this.settings()
    this.plainOrders()
    this.after(MINUTE)
    this.conditionalOrders()
    this.misfortunes()
    return this
  }
}

/** The words that came in a field of the orders in account messages, each once, sorted. */
const told = (heard: readonly StreamMessage[], event: string, field: string): string[] => {
  const orders = heard.filter(({ e }) => e === event).map(({ o }) => o as Record<string, unknown>)
  return [...new Set(orders.map((order) => String(order[field])))].toSorted((a, b) =>
    a < b ? -1 : 1,
  )
}

describe('a long session', () => {
  let session: Session

  beforeAll(() => {
    session = new Session().run()
  })

  it('says nothing that is not in the tables', () => {
    expect(session.test.record.problems).toEqual([])
  })

  it('has a table for every path that the venue answers', () => {
    // It is refused, whatever is asked.
    const refused = 'POST /fapi/v1/multiAssetsMargin'
    const answered = ROUTES.map(({ method, path }) => `${method} ${path}`).filter(
      (name) => name !== refused,
    )
    expect(answered.filter((name) => !(name in REST_FIELDS))).toEqual([])
  })

  it('is asked for nothing by clients that it does not say', () => {
    const { seen } = session.test.record
    const needed = [CLIENTS_NEED_OF_REST, CLIENTS_NEED_OF_STREAMS].flatMap(Object.keys)
    expect(needed.filter((name) => !seen.has(name))).toEqual([])
  })

  it.each([
    ['REST answers', REST_FIELDS],
    ['market messages', MARKET_FIELDS],
    ['account messages', ACCOUNT_FIELDS],
  ])('says everything that is in the tables of %s', (_, tables) => {
    const { seen } = session.test.record
    expect(Object.keys(tables).filter((name) => !seen.has(name))).toEqual([])
  })

  it('tells every way in which an order goes on', () => {
    expect(told(session.account, 'ORDER_TRADE_UPDATE', 'x')).toEqual([
      'AMENDMENT',
      'CALCULATED',
      'CANCELED',
      'EXPIRED',
      'NEW',
      'TRADE',
    ])
    expect(told(session.account, 'ALGO_UPDATE', 'X')).toEqual([
      'CANCELED',
      'FINISHED',
      'NEW',
      'TRIGGERED',
      'TRIGGERING',
    ])
  })
})
