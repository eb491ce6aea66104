import { describe, expect, it } from '@jest/globals'
import type { Delivery, VenueRequest, VenueResponse } from '../venue/venue-request.ts'
import { FaultEngine } from './fault-engine.ts'
import type { Outgoing, Payload, VenueFaults } from './fault-hooks.ts'
import { FAULT_FACTS } from './fault-place.ts'
import { checkFaultPlan } from './parse-fault-plan.ts'

const START = 1_700_000_000_000
const ALWAYS = { kind: 'always' }

type Given = {
  when?: object
  on?: object
  from_ms?: number
  until_ms?: number
  lasting_ms?: number
}

const engine = (fault: object, given: Given = {}): FaultEngine =>
  new FaultEngine(
    checkFaultPlan({ name: 't', seed: 7, faults: [{ fault, when: ALWAYS, ...given }] }, 't'),
    START,
  )

const request = (method: string, path: string, query = ''): VenueRequest => ({
  method,
  path: `/fapi/v1/${path}`,
  query,
  body: '',
  headers: {},
  remote: '10.0.0.1',
})
const ORDER = request('POST', 'order', 'symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1')
const REDUCE = request('POST', 'order', 'symbol=BTCUSDT&reduceOnly=true')
const CANCEL = request('DELETE', 'order', 'symbol=BTCUSDT&orderId=1')
const ACCOUNT = request('GET', 'account')
const OK: VenueResponse = {
  status: 200,
  headers: { 'X-MBX-USED-WEIGHT-1M': '7' },
  body: '{"orderId":1,"status":"NEW","price":"1.5","list":[{"type":"LIMIT"}]}',
}

/** What the client gets, and whether the venue was asked at all. */
const asked = (faults: VenueFaults, what: VenueRequest, response = OK, at = START) => {
  const before = faults.beforeRequest(what, at)
  return before === null
    ? { done: true, got: faults.afterRequest(what, response, at) }
    : { done: false, got: before }
}
const words = (got: Delivery): string =>
  got.kind === 'answer' ? `${got.response.status} ${got.response.body}` : got.kind

/** The header that says how long to wait. */
const waitOf = (retry_after_s: number | null): string | undefined => {
  const { got } = asked(engine({ kind: 'rate_limited', retry_after_s }), ORDER)
  return got.kind === 'answer' ? got.response.headers['retry-after'] : 'no answer'
}

const UNTOUCHED = `200 ${OK.body}`

describe('a request', () => {
  it.each<[string, object, VenueRequest, boolean, string | RegExp]>([
    ['reset before', { kind: 'reset', accepted: 'never' }, ORDER, false, 'reset'],
    ['reset after', { kind: 'reset', accepted: 'always' }, ORDER, true, 'reset'],
    ['timeout before', { kind: 'timeout', accepted: 'never' }, ORDER, false, 'hang'],
    ['timeout after', { kind: 'timeout', accepted: 'always' }, ORDER, true, 'hang'],
    ['answer lost', { kind: 'answer_lost', as: 'timeout' }, ORDER, true, 'hang'],
    ['answer lost: orders alone', { kind: 'answer_lost', as: 'reset' }, ACCOUNT, true, UNTOUCHED],
    ['empty', { kind: 'empty_answer', accepted: 'always' }, ORDER, true, /^200 $/],
    [
      'firewall',
      { kind: 'html_answer', status: 403, accepted: 'never' },
      ORDER,
      false,
      /^403 <!DOC/,
    ],
    [
      'gateway',
      { kind: 'html_answer', status: 502, accepted: 'always' },
      ORDER,
      true,
      /^502 <!DOC/,
    ],
    ['truncated', { kind: 'truncated_answer' }, ORDER, true, `200 ${OK.body.slice(0, 34)}`],
    ['429', { kind: 'rate_limited', retry_after_s: null }, ORDER, false, /^429 \{"code":-1003/],
    ['-1015', { kind: 'order_rate_limited' }, ORDER, false, /^429 \{"code":-1015/],
    ['-1015: orders alone', { kind: 'order_rate_limited' }, CANCEL, true, UNTOUCHED],
    ['418', { kind: 'banned', for_ms: 500 }, ACCOUNT, false, /^418 .*banned until 1700000000500\./],
    [
      '503 A',
      { kind: 'execution_unknown', accepted: 'always' },
      ORDER,
      true,
      /^503 .*Unknown error/,
    ],
    ['503 B', { kind: 'service_unavailable' }, ORDER, false, /^503 .*Service Unavailable\./],
    ['503 C', { kind: 'overloaded' }, ORDER, false, /^503 \{"code":-1008/],
    ['503 C spares reducing', { kind: 'overloaded' }, REDUCE, true, UNTOUCHED],
    ['503 C: questions pass', { kind: 'overloaded' }, ACCOUNT, true, UNTOUCHED],
    ['503 C spares cancels', { kind: 'overloaded' }, CANCEL, true, UNTOUCHED],
    ['internal error', { kind: 'internal_error' }, ORDER, false, /^503 .*unable to process/],
    ['408', { kind: 'backend_timeout', accepted: 'never' }, ORDER, false, /^408 \{"code":-1007/],
    ['-1006', { kind: 'unknown_code', code: -1006, accepted: 'always' }, ORDER, true, /-1006/],
    ['refused', { kind: 'refused', code: -2019 }, ORDER, false, /"code":-2019,"msg":"Margin is/],
    ['refused: orders alone', { kind: 'refused', code: -2019 }, ACCOUNT, true, UNTOUCHED],
    ['restricted', { kind: 'restricted', code: -4400 }, ORDER, false, /"code":-4400/],
    ['restricted spares reducing', { kind: 'restricted', code: -4400 }, REDUCE, true, UNTOUCHED],
    ['key refused', { kind: 'key_refused' }, ACCOUNT, false, /^401 \{"code":-2015/],
    ['listen key gone', { kind: 'listen_key_gone' }, request('PUT', 'listenKey'), false, /-1125/],
    ['listen key made', { kind: 'listen_key_gone' }, request('POST', 'listenKey'), true, UNTOUCHED],
    ['orders down', { kind: 'outage', part: 'orders' }, CANCEL, false, /^503 .*Service Unav/],
    ['orders down, queries up', { kind: 'outage', part: 'orders' }, ACCOUNT, true, UNTOUCHED],
    ['queries down', { kind: 'outage', part: 'queries', as: 'timeout' }, ACCOUNT, false, 'hang'],
    ['queries down, orders up', { kind: 'outage', part: 'queries' }, ORDER, true, UNTOUCHED],
  ])('%s', (_, fault, what, done, got) => {
    const result = asked(engine(fault), what)
    expect(result.done).toBe(done)
    expect(words(result.got)).toMatch(got)
  })

  it('is answered late, within the bounds', () => {
    const faults = engine({ kind: 'latency', low_ms: 100, high_ms: 300 })
    const delays = Array.from({ length: 200 }, () => {
      const { got } = asked(faults, { ...ORDER })
      return got.kind === 'answer' ? got.delayMs : -1
    })
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...delays)).toBeLessThanOrEqual(300)
    expect(new Set(delays).size).toBeGreaterThan(50)
  })

  it('is told how long to wait only where the plan says so', () => {
    expect([waitOf(null), waitOf(12)]).toEqual([undefined, '12'])
  })

  it('stays banned until the named time, whatever it asks', () => {
    const faults = engine({ kind: 'banned', for_ms: 500 }, { when: { kind: 'once' } })
    expect(asked(faults, ORDER).done).toBe(false)
    expect(asked(faults, ACCOUNT, OK, START + 499).done).toBe(false)
    expect(asked(faults, { ...ACCOUNT, remote: '10.0.0.2' }, OK, START + 499).done).toBe(true)
    expect(asked(faults, ACCOUNT, OK, START + 500).done).toBe(true)
  })

  it('is no longer banned when the fault is taken away', () => {
    const faults = engine({ kind: 'banned', for_ms: 60_000 })
    asked(faults, ORDER)
    faults.clear()
    expect(asked(faults, ORDER).done).toBe(true)
  })

  it('sees another weight under the name that the venue gives it', () => {
    const { got } = asked(engine({ kind: 'weight_jumps', to: 2399 }), ACCOUNT)
    expect(got.kind === 'answer' && got.response.headers).toEqual({
      'X-MBX-USED-WEIGHT-1M': '2399',
    })
  })

  it('is done half of the time where that is left to chance', () => {
    const faults = engine({ kind: 'execution_unknown', accepted: 'seeded' })
    const done = Array.from({ length: 400 }, () => asked(faults, { ...ORDER }).done)
    expect(done.filter(Boolean).length).toBeGreaterThan(150)
    expect(done.filter(Boolean).length).toBeLessThan(250)
  })

  it.each([
    ['unknown_fields', /"orderId":1.*"zz":"not documented"/],
    ['unknown_values', /"status":"NOT_DOCUMENTED".*"type":"NOT_DOCUMENTED"/],
    ['numbers_as_strings', /"orderId":"1"/],
    ['strings_as_numbers', /"price":1\.5/],
    ['nulls', /"price":null/],
  ])('is answered with %s', (alteration, body) => {
    expect(words(asked(engine({ kind: 'altered_answer', alteration }), ORDER).got)).toMatch(body)
  })

  it('gets a snapshot from before everything that is streamed', () => {
    const body = '{"lastUpdateId":5000000,"bids":[]}'
    const { got } = asked(engine({ kind: 'old_snapshot' }), request('GET', 'depth'), {
      ...OK,
      body,
    })
    expect(words(got)).toBe('200 {"lastUpdateId":4000000,"bids":[]}')
  })

  it('gets filters that are legal and odd', () => {
    const body = JSON.stringify({
      symbols: [
        {
          symbol: 'BTCUSDT',
          filters: [
            { filterType: 'PRICE_FILTER', tickSize: '0.10', minPrice: '0.1' },
            { filterType: 'MARKET_LOT_SIZE', stepSize: '0.001' },
          ],
        },
      ],
    })
    const { got } = asked(engine({ kind: 'odd_filters' }), request('GET', 'exchangeInfo'), {
      ...OK,
      body,
    })
    expect(words(got)).toMatch(/"tickSize":"0.5","minPrice":"0.7"/)
    expect(words(got)).not.toMatch(/MARKET_LOT_SIZE/)
    expect(words(got)).toMatch(/"filterType":"NOT_DOCUMENTED"/)
  })

  it('is narrowed to symbols, methods and paths', () => {
    const on = { symbols: ['ETHUSDT'], methods: ['POST'], paths: ['/fapi/v1/order'] }
    const faults = engine({ kind: 'reset', accepted: 'never' }, { on })
    expect(asked(faults, ORDER).done).toBe(true)
    expect(asked(faults, request('DELETE', 'order', 'symbol=ETHUSDT')).done).toBe(true)
    expect(asked(faults, request('POST', 'algoOrder', 'symbol=ETHUSDT')).done).toBe(true)
    expect(asked(faults, { ...request('POST', 'order'), body: 'symbol=ETHUSDT' }).done).toBe(false)
    const both = { ...request('POST', 'order', 'symbol=BTCUSDT'), body: 'symbol=ETHUSDT' }
    expect(asked(faults, both).done).toBe(true)
  })
})

const order = (x: string, X: string, i = 1): Payload => ({
  e: 'ORDER_TRADE_UPDATE',
  E: START,
  o: { s: 'BTCUSDT', i, x, X, q: '1.5' },
})
const NEW = order('NEW', 'NEW')
const FILLED = order('TRADE', 'FILLED')
const LITE: Payload = { e: 'TRADE_LITE', s: 'BTCUSDT', t: 9 }

const told = (faults: VenueFaults, ...payloads: Payload[]): Outgoing[] =>
  payloads.flatMap((payload) => faults.accountMessage('main', payload, START))
const now = (payload: Payload): Outgoing => ({ delayMs: 0, payload })

describe('an account message', () => {
  it.each<[string, object, Payload[], Outgoing[]]>([
    [
      'late',
      { kind: 'account_late', low_ms: 1000, high_ms: 1000 },
      [NEW],
      [{ delayMs: 1000, payload: NEW }],
    ],
    [
      'twice',
      { kind: 'account_duplicated' },
      [NEW, FILLED],
      [now(NEW), now(NEW), now(FILLED), now(FILLED)],
    ],
    ['after the next', { kind: 'account_reordered' }, [NEW, LITE, FILLED], [now(LITE), now(NEW)]],
    ['never', { kind: 'account_lost' }, [NEW], []],
    [
      'NEW after FILLED',
      { kind: 'account_late_new', late_ms: 50 },
      [NEW, FILLED],
      [{ delayMs: 50, payload: NEW }, now(FILLED), { delayMs: 50, payload: NEW }],
    ],
    ['lite only', { kind: 'trade_lite_only' }, [NEW, LITE, FILLED], [now(NEW), now(LITE)]],
    [
      'no JSON',
      { kind: 'account_malformed' },
      [LITE],
      [{ delayMs: 0, raw: '{"e":"TRADE_LITE","' }],
    ],
    [
      'of a kind that nobody knows',
      { kind: 'account_altered', alteration: 'unknown_event' },
      [LITE],
      [now({ ...LITE, e: 'NOT_DOCUMENTED' })],
    ],
    [
      'with numbers for texts',
      { kind: 'account_altered', alteration: 'strings_as_numbers' },
      [FILLED],
      [now({ ...FILLED, o: { ...(FILLED['o'] as object), q: 1.5 } })],
    ],
  ])('comes %s', (_, fault, payloads, outgoing) => {
    expect(told(engine(fault), ...payloads)).toEqual(outgoing)
  })

  it('is struck by event, symbol and account', () => {
    const on = { events: ['TRADE_LITE'], symbols: ['BTCUSDT'], accounts: ['main'] }
    const faults = engine({ kind: 'account_lost' }, { on })
    expect(told(faults, NEW, LITE, { ...LITE, s: 'ETHUSDT' })).toHaveLength(2)
    expect(faults.accountMessage('other', LITE, START)).toHaveLength(1)
  })
})

const DEPTH: Payload = { e: 'depthUpdate', s: 'BTCUSDT', U: 1, u: 2, pu: 0 }
const depth = (u: number): Payload => ({ ...DEPTH, U: u, u, pu: u - 1 })
const TICKER: Payload = { e: 'bookTicker', s: 'BTCUSDT', b: '10', B: '1', a: '11', A: '2' }
const mark = (p: string): Payload => ({
  e: 'markPriceUpdate',
  s: 'BTCUSDT',
  E: Number(p),
  p,
  i: p,
  r: '0',
})
const KLINE: Payload = { e: 'kline', s: 'BTCUSDT', k: { x: true, o: '1' } }

const streamed = (faults: VenueFaults, stream: string, ...payloads: Payload[]): Outgoing[] =>
  payloads.flatMap((payload) => faults.marketMessage(stream, payload, START))

describe('a market message', () => {
  const DEPTHS = 'btcusdt@depth@100ms'
  it.each<[string, object, string, Payload[], Outgoing[]]>([
    ['gap', { kind: 'market_gap', messages: 2 }, DEPTHS, [depth(1), depth(2)], []],
    ['gap in books alone', { kind: 'market_gap' }, 'btcusdt@aggTrade', [LITE], [now(LITE)]],
    [
      'late',
      { kind: 'market_late', low_ms: 9, high_ms: 9 },
      DEPTHS,
      [DEPTH],
      [{ delayMs: 9, payload: DEPTH }],
    ],
    ['twice', { kind: 'market_duplicated' }, DEPTHS, [DEPTH], [now(DEPTH), now(DEPTH)]],
    [
      'reordered',
      { kind: 'market_reordered' },
      DEPTHS,
      [depth(1), depth(2)],
      [now(depth(2)), now(depth(1))],
    ],
    ['silent', { kind: 'market_silent' }, DEPTHS, [DEPTH], []],
    [
      'burst',
      { kind: 'market_burst', times: 3 },
      DEPTHS,
      [DEPTH],
      [now(DEPTH), now(DEPTH), now(DEPTH)],
    ],
    [
      'crossed',
      { kind: 'book_ticker_crossed' },
      'btcusdt@bookTicker',
      [TICKER],
      [now({ ...TICKER, b: '11', B: '2', a: '10', A: '1' })],
    ],
    [
      'stale mark',
      { kind: 'mark_price_stale' },
      'btcusdt@markPrice',
      [mark('1'), mark('2')],
      [now(mark('1')), now({ ...mark('1'), E: 2 })],
    ],
    [
      'open kline',
      { kind: 'kline_never_closes' },
      'btcusdt@kline_1m',
      [KLINE],
      [now({ ...KLINE, k: { x: false, o: '1' } })],
    ],
    [
      'open kline alone',
      { kind: 'kline_never_closes' },
      'btcusdt@bookTicker',
      [TICKER],
      [now(TICKER)],
    ],
    ['no JSON', { kind: 'market_malformed' }, 'x', [{ e: 'x' }], [{ delayMs: 0, raw: '{"e"' }]],
    [
      'null',
      { kind: 'market_altered', alteration: 'nulls' },
      'x',
      [{ e: 'x', p: '1' }],
      [now({ e: 'x', p: null })],
    ],
  ])('%s', (_, fault, stream, payloads, outgoing) => {
    expect(streamed(engine(fault), stream, ...payloads)).toEqual(outgoing)
  })
})

const open = (openedAt: number, id = 'c1') => ({ id, route: 'private' as const, openedAt })

it('a gap is as long as it was said to be', () => {
  const faults = engine({ kind: 'market_gap', messages: 2 }, { when: { kind: 'once' } })
  const passed = streamed(faults, 'btcusdt@depth', depth(1), depth(2), depth(3), depth(4))
  expect(passed).toEqual([now(depth(3)), now(depth(4))])
})

describe('a connection', () => {
  const routes = ['private']

  it.each<[string, object, object]>([
    [
      'closed',
      { kind: 'stream_closed', routes },
      { kind: 'close', code: 1001, reason: 'going away' },
    ],
    ['terminated', { kind: 'stream_terminated', routes }, { kind: 'terminate' }],
    ['silent', { kind: 'stream_silent', routes }, { kind: 'silent' }],
  ])('is %s at a time if it was open by then, once', (_, fault, act) => {
    const faults = engine(fault, { when: { kind: 'at', times_ms: [5000] } })
    expect(faults.connection(open(START), START + 4999)).toEqual({ kind: 'keep' })
    expect(faults.connection({ ...open(START), route: 'public' }, START + 5000)).toEqual({
      kind: 'keep',
    })
    expect(faults.connection(open(START), START + 5000)).toEqual(act)
    expect(faults.connection(open(START + 5001, 'c2'), START + 9000)).toEqual({ kind: 'keep' })
    expect(faults.injected()).toEqual({ [(fault as { kind: string }).kind]: 1 })
  })

  it('that fell silent stays silent', () => {
    const faults = engine({ kind: 'stream_silent', routes }, { when: { kind: 'nth', nth: 2 } })
    expect(faults.connection(open(START, 'a'), START)).toEqual({ kind: 'keep' })
    expect(faults.connection(open(START, 'b'), START)).toEqual({ kind: 'silent' })
    expect(faults.connection(open(START, 'a'), START + 1)).toEqual({ kind: 'keep' })
    expect(faults.connection(open(START, 'b'), START + 1)).toEqual({ kind: 'silent' })
  })

  it('ends at its age', () => {
    const faults = engine({ kind: 'stream_life_ends', routes, life_ms: 1000 })
    expect(faults.connection(open(START + 500), START + 1499)).toEqual({ kind: 'keep' })
    expect(faults.connection(open(START + 500), START + 1500)).toMatchObject({ code: 1001 })
  })

  it.each<[object]>([[{ kind: 'stream_down', routes }], [{ kind: 'outage', part: 'streams' }]])(
    'ends and is turned away while %j lasts',
    (fault) => {
      const faults = engine(fault, { when: { kind: 'at', times_ms: [5000] }, lasting_ms: 1000 })
      expect(faults.refusesConnection('private', START + 4999)).toBeNull()
      expect(faults.connection(open(START), START + 5500)).toEqual({ kind: 'terminate' })
      expect(faults.refusesConnection('private', START + 5999)).toBe(503)
      expect(faults.refusesConnection('private', START + 6000)).toBeNull()
      expect(faults.connection(open(START + 6000, 'c2'), START + 6000)).toEqual({ kind: 'keep' })
    },
  )

  it('loses its listen key once for each account and time', () => {
    const faults = engine(
      { kind: 'listen_key_expired' },
      { when: { kind: 'every', every_ms: 1000 } },
    )
    const at = (account: string, elapsed: number) =>
      faults.expiresListenKey(account, START + elapsed)
    expect([at('a', 999), at('a', 1000), at('a', 1001), at('b', 1002), at('a', 2000)]).toEqual([
      false,
      true,
      false,
      true,
      true,
    ])
  })
})

describe('the exchange', () => {
  const conditional = { account: 'main', symbol: 'BTCUSDT', clientAlgoId: 'x' }
  const plain = { account: 'main', symbol: 'BTCUSDT', clientOrderId: 'x', type: 'MARKET' as const }

  it.each<[object, object]>([
    [{ kind: 'algo_stuck' }, { kind: 'stick' }],
    [
      { kind: 'algo_rejected', reason: 'No.' },
      { kind: 'reject', reason: 'No.' },
    ],
    [{ kind: 'algo_unfilled' }, { kind: 'unfilled' }],
    [{ kind: 'algo_expired' }, { kind: 'expire' }],
    [{ kind: 'cancel_too_late' }, { kind: 'proceed' }],
  ])('does %j to a conditional order', (fault, act) => {
    expect(engine(fault).orderTriggered(conditional, START)).toEqual(act)
    const elsewhere = engine(fault, { on: { symbols: ['ETHUSDT'] } })
    expect(elsewhere.orderTriggered(conditional, START)).toEqual({ kind: 'proceed' })
  })

  it('fills in part', () => {
    const nothing = engine({ kind: 'partial_then_nothing', part: 0.4 })
    const expired = engine({ kind: 'partial_then_expired', part: 0.4 })
    expect(nothing.orderEntering(plain, START)).toEqual({ kind: 'part', part: 0.4, rest: 'stays' })
    expect(expired.orderEntering(plain, START)).toEqual({
      kind: 'part',
      part: 0.4,
      rest: 'expires',
    })
    expect(expired.orderEntering({ ...plain, type: 'LIMIT' }, START)).toEqual({ kind: 'proceed' })
    expect(expired.orderCancelAsked(plain, START)).toBe('proceed')
  })

  it('fills what is canceled', () => {
    const faults = engine({ kind: 'cancel_too_late' })
    expect(faults.orderCancelAsked(plain, START)).toBe('fill')
    expect(faults.orderEntering(plain, START)).toEqual({ kind: 'proceed' })
  })

  it.each<[object, object]>([
    [{ kind: 'liquidation' }, { kind: 'liquidate', account: null, symbol: null }],
    [
      { kind: 'deleveraging', account: 'main', part: 0.25 },
      { kind: 'deleverage', account: 'main', symbol: null, part: 0.25 },
    ],
    [
      { kind: 'foreign_order', side: 'SELL', quantity: '0.5', symbol: 'BTCUSDT' },
      {
        kind: 'foreign_order',
        account: null,
        side: 'SELL',
        quantity: '0.5',
        symbol: 'BTCUSDT',
        clientOrderId: expect.stringMatching(/^web_[A-Za-z0-9]{20}$/),
      },
    ],
    [
      { kind: 'foreign_leverage', leverage: 3 },
      { kind: 'set_leverage', account: null, symbol: null, leverage: 3 },
    ],
    [
      { kind: 'foreign_margin_type', margin_type: 'ISOLATED' },
      { kind: 'set_margin_type', account: null, symbol: null, marginType: 'ISOLATED' },
    ],
    [
      { kind: 'funding', rate: '-0.001' },
      { kind: 'funding', symbol: null, rate: '-0.001' },
    ],
    [
      { kind: 'symbol_status', status: 'SETTLING' },
      { kind: 'symbol_status', symbol: null, status: 'SETTLING' },
    ],
    [
      { kind: 'price_jump', share: 0.02 },
      { kind: 'price_jump', symbol: null, share: 0.02 },
    ],
  ])('does %j of itself, at its times and once each', (fault, move) => {
    const faults = engine(fault, { when: { kind: 'at', times_ms: [100, 200, 900] } })
    expect(faults.movesDue(START + 99)).toEqual([])
    expect(faults.movesDue(START + 300)).toEqual([move, move])
    expect(faults.movesDue(START + 899)).toEqual([])
    expect(faults.movesDue(START + 900)).toEqual([move])
  })

  it('cancels conditional orders with the countdown where told to', () => {
    expect(engine({ kind: 'countdown_cancels_algo' }).countdownCancelsAlgo(START)).toBe(true)
    expect(engine({ kind: 'algo_stuck' }).countdownCancelsAlgo(START)).toBe(false)
  })
})

it('the clock runs ahead while told to, and drifts', () => {
  const ahead = engine({ kind: 'clock_offset', offset_ms: -3000 }, { from_ms: 10, until_ms: 20 })
  expect([9, 10, 20, 21].map((at) => ahead.clockOffsetMs(START + at))).toEqual([0, -3000, -3000, 0])
  const drift = engine({ kind: 'clock_drift', ms_per_hour: 7200 }, { from_ms: 1000 })
  expect([1000, 1500, 2000].map((at) => drift.clockOffsetMs(START + at))).toEqual([0, 1, 2])
  expect(drift.injected()).toEqual({ clock_drift: 1 })
})

it('every kind of fault says what it does', () => {
  expect(FAULT_FACTS.size).toBe(68)
  for (const { says } of FAULT_FACTS.values()) expect(says.length).toBeGreaterThan(10)
})

it('faults come and go while it runs, and their counts stay', () => {
  const faults = engine({ kind: 'reset', accepted: 'never' })
  asked(faults, ORDER)
  expect(faults.standing().map(({ id }) => id)).toEqual([1])
  expect([faults.remove(1), faults.remove(1)]).toEqual([true, false])
  expect(asked(faults, ORDER).done).toBe(true)
  expect(faults.injected()).toEqual({ reset: 1 })
})
