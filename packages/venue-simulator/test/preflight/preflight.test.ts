import { describe, expect, it } from '@jest/globals'
import { Secret } from '@tapedeck/venue'
import { INSTRUMENT, PreflightStage } from './preflight-stage.ts'

const LINES = [
  'address',
  'clock',
  'key',
  'permission',
  'withdrawals',
  'position mode',
  'asset mode',
  'fees',
  'BTCUSDT margin type',
  'BTCUSDT leverage',
  'positions',
  'orders',
  'wallet USDT',
  'account stream',
  'limits',
  'BTCUSDT status',
  'BTCUSDT filters',
  'BTCUSDT trigger protect',
  'market streams /market/stream',
  'market streams /public/stream',
]

const order = (stage: PreflightStage, path: string, values: Record<string, string>): void => {
  const { exchange } = stage.sim
  const common = { symbol: 'BTCUSDT', side: 'BUY', ...values }
  const result =
    path === 'algo'
      ? exchange.placeConditional('main', common as never)
      : exchange.placeOrder('main', common as never)
  if (!result.ok) throw new Error(JSON.stringify(result))
}

/** What is arranged, the line that tells it, how, with which words, and what to do about it. */
const ROWS: readonly [
  string,
  (stage: PreflightStage) => void,
  string,
  'pass' | 'warn' | 'fail' | 'skip',
  RegExp,
  RegExp,
][] = [
  [
    'somebody else’s server answers with pages',
    (stage) =>
      stage.fault({
        fault: { kind: 'html_answer', status: 200, accepted: 'never' },
        when: { kind: 'always' },
      }),
    'address',
    'fail',
    /http:\/\/venue: .*web page, expected JSON/,
    /Check the address/,
  ],
  [
    'nobody answers',
    (stage) =>
      stage.fault({ fault: { kind: 'timeout', accepted: 'never' }, when: { kind: 'always' } }),
    'address',
    'fail',
    /no answer within 5000 ms/,
    /firewall/,
  ],
  [
    'the address is banned',
    (stage) =>
      stage.fault({ fault: { kind: 'banned', for_ms: 120_000 }, when: { kind: 'always' } }),
    'address',
    'fail',
    /banned/i,
    /./,
  ],
  [
    'this clock is minutes ahead',
    (stage) => {
      stage.clockAheadMs = 240_000
    },
    'clock',
    'warn',
    /240000 ms ahead of the venue's/,
    /NTP/,
  ],
  [
    'this clock is minutes behind',
    (stage) => {
      stage.clockAheadMs = -300_000
    },
    'clock',
    'warn',
    /300000 ms behind the venue's/,
    /NTP/,
  ],
  [
    'a slow way',
    (stage) =>
      stage.fault({
        fault: { kind: 'latency', low_ms: 800, high_ms: 800 },
        when: { kind: 'always' },
      }),
    'clock',
    'warn',
    /round trip 800 ms/,
    /nearer/,
  ],
  [
    'a way that is too slow',
    (stage) =>
      stage.fault({
        fault: { kind: 'latency', low_ms: 3_000, high_ms: 3_000 },
        when: { kind: 'always' },
      }),
    'clock',
    'fail',
    /round trip 3000 ms/,
    /nearer/,
  ],
  [
    'no keys',
    (stage) => {
      stage.credentials = null
    },
    'key',
    'fail',
    /no keys/,
    /BINANCE_API_KEY_FILE/,
  ],
  [
    'a key that the venue does not know',
    (stage) => {
      stage.credentials = { apiKey: new Secret('k'.repeat(64)), secret: new Secret('s'.repeat(64)) }
    },
    'key',
    'fail',
    /-2015/,
    /other network.*bound to another address/,
  ],
  [
    'the secret of another key',
    (stage) => {
      stage.credentials = {
        apiKey: stage.credentials!.apiKey,
        secret: new Secret('s'.repeat(64)),
      }
    },
    'key',
    'fail',
    /-1022/,
    /secret is not the one of this key/,
  ],
  [
    'a key that may read alone',
    (stage) => {
      const keys = { apiKey: 'r'.repeat(64), secret: 't'.repeat(64) }
      stage.sim.addKey({ account: 'main', ...keys, permissions: ['read'] })
      stage.credentials = { apiKey: new Secret(keys.apiKey), secret: new Secret(keys.secret) }
    },
    'permission',
    'fail',
    /may read and not trade: -2015/,
    /futures trading/,
  ],
  [
    'an account that may not trade',
    (stage) =>
      stage.edit('/fapi/v1/accountConfig', (body) => ({
        ...body,
        canWithdraw: false,
        canTrade: false,
      })),
    'permission',
    'fail',
    /does not let this account trade/,
    /futures account/,
  ],
  [
    'withdrawals on',
    (stage) => stage.edit('/fapi/v1/accountConfig', (body) => ({ ...body, canWithdraw: true })),
    'withdrawals',
    'warn',
    /may be moved out/,
    /withdrawals and transfers off/,
  ],
  [
    'hedge mode',
    (stage) => void stage.sim.exchange.setPositionMode('main', true),
    'position mode',
    'fail',
    /hedge mode/,
    /one-way/,
  ],
  [
    'multi-assets mode',
    (stage) =>
      stage.edit('/fapi/v1/accountConfig', (body) => ({
        ...body,
        canWithdraw: false,
        multiAssetsMargin: true,
      })),
    'asset mode',
    'fail',
    /multi-assets/,
    /single-asset/,
  ],
  [
    'fees in BNB',
    (stage) => stage.edit('/fapi/v1/feeBurn', () => ({ feeBurn: true })),
    'fees',
    'warn',
    /BNB/,
    /Turn off/,
  ],
  [
    'another leverage',
    (stage) => {
      stage.plan = { ...stage.plan, leverage: 15 }
    },
    'BTCUSDT leverage',
    'warn',
    /20 at the venue, configured 15/,
    /execution sets it/,
  ],
  [
    'more leverage than there is',
    (stage) => {
      stage.plan = { ...stage.plan, leverage: 126 }
    },
    'BTCUSDT leverage',
    'fail',
    /configured 126, the venue's most is 125/,
    /execution\.leverage to 125/,
  ],
  [
    'another margin type',
    (stage) => {
      stage.plan = { ...stage.plan, marginType: 'ISOLATED' }
    },
    'BTCUSDT margin type',
    'warn',
    /CROSSED at the venue, configured ISOLATED/,
    /execution sets it/,
  ],
  [
    'another margin type, and an order in the way',
    (stage) => {
      stage.plan = { ...stage.plan, marginType: 'ISOLATED' }
      order(stage, 'plain', { type: 'LIMIT', quantity: '0.01', price: '50000', timeInForce: 'GTC' })
    },
    'BTCUSDT margin type',
    'fail',
    /cannot be changed while/,
    /Close what is open in BTCUSDT/,
  ],
  [
    'a symbol in maintenance',
    (stage) => void stage.sim.exchange.setSymbolStatus('BTCUSDT', 'PENDING_TRADING'),
    'BTCUSDT status',
    'fail',
    /PENDING_TRADING/,
    /Wait/,
  ],
  [
    'a symbol that is not listed',
    (stage) => {
      stage.plan = { ...stage.plan, instruments: [{ ...INSTRUMENT, symbol: 'NOPEUSDT' }] }
    },
    'NOPEUSDT status',
    'fail',
    /does not list it/,
    /Correct the symbol/,
  ],
  [
    'another grid',
    (stage) => {
      const instruments = [{ ...INSTRUMENT, tick_size: '0.5', lot_size: '0.01' }]
      stage.plan = { ...stage.plan, instruments }
    },
    'BTCUSDT filters',
    'fail',
    /tick size 0\.5, the venue's is 0\.1; lot size 0\.01, the venue's is 0\.001/,
    /tick_size: '0\.1', lot_size: '0\.001'/,
  ],
  [
    'a minimum that the venue would refuse',
    (stage) => {
      stage.plan = { ...stage.plan, instruments: [{ ...INSTRUMENT, min_notional: '5' }] }
    },
    'BTCUSDT filters',
    'fail',
    /least notional 5, the venue's is 100/,
    /min_notional: '100'/,
  ],
  [
    'a stricter minimum than the venue’s',
    (stage) => {
      stage.plan = { ...stage.plan, instruments: [{ ...INSTRUMENT, min_notional: '200' }] }
    },
    'BTCUSDT filters',
    'warn',
    /least notional 200/,
    /Nothing/,
  ],
  [
    'no trigger protection told',
    (stage) =>
      stage.edit('/fapi/v1/exchangeInfo', (body) => ({
        ...body,
        symbols: (body['symbols'] as object[]).map((one) =>
          Object.assign(one, { triggerProtect: undefined }),
        ),
      })),
    'BTCUSDT trigger protect',
    'warn',
    /does not say/,
    /Nothing/,
  ],
  [
    'a position of somebody else',
    (stage) => order(stage, 'plain', { type: 'MARKET', quantity: '0.5' }),
    'positions',
    'fail',
    /BTCUSDT 0\.5 without an order of ours/,
    /Close it at the venue/,
  ],
  [
    'a position of ours, with its stop',
    (stage) => {
      order(stage, 'plain', { type: 'MARKET', quantity: '0.5' })
      order(stage, 'algo', {
        side: 'SELL',
        type: 'STOP_MARKET',
        quantity: '0.5',
        triggerPrice: '50000',
        clientAlgoId: `td-${'0'.repeat(20)}-s1`,
      })
    },
    'positions',
    'pass',
    /1 open, with orders of ours: BTCUSDT/,
    /^nothing$/,
  ],
  [
    'an order of somebody else',
    (stage) =>
      order(stage, 'plain', {
        type: 'LIMIT',
        quantity: '0.01',
        price: '50000',
        timeInForce: 'GTC',
      }),
    'orders',
    'warn',
    /1 that are not ours, in BTCUSDT/,
    /Cancel them/,
  ],
  [
    'a wallet that pays for nothing',
    (stage) =>
      stage.edit('/fapi/v3/balance', () => [
        { asset: 'USDT', balance: '4', availableBalance: '4' },
      ]),
    'wallet USDT',
    'fail',
    /4 USDT available; the smallest position of 100 takes 5 at leverage 20/,
    /Move USDT/,
  ],
  [
    'no wallet at all',
    (stage) => stage.edit('/fapi/v3/balance', () => []),
    'wallet USDT',
    'fail',
    /0 USDT available/,
    /Move USDT/,
  ],
  [
    'risk that asks for more than there is',
    (stage) => {
      stage.plan = { ...stage.plan, riskLeverage: 30, maxPositionQuote: 10_000_000 }
    },
    'wallet USDT',
    'warn',
    /position of 3000000, which takes 150000/,
    /-2019/,
  ],
  [
    'others at this address',
    (stage) =>
      stage.fault({ fault: { kind: 'weight_jumps', to: 1_500 }, when: { kind: 'always' } }),
    'limits',
    'warn',
    /use 1\d{3} of 2400/,
    /what else asks/,
  ],
  [
    'others at this address who leave nothing',
    (stage) =>
      stage.fault({ fault: { kind: 'weight_jumps', to: 2_300 }, when: { kind: 'nth', nth: 1 } }),
    'limits',
    'fail',
    /use 2\d{3} of 2400/,
    /what else asks/,
  ],
  [
    'an account stream that cannot be opened',
    (stage) =>
      stage.fault({
        fault: { kind: 'stream_down', routes: ['private'] },
        when: { kind: 'always' },
      }),
    'account stream',
    'fail',
    /could not be opened in 3000 ms: .*1006/,
    /websockets/,
  ],
  [
    'an account stream that is half open',
    (stage) =>
      stage.fault({
        fault: { kind: 'stream_silent', routes: ['private'] },
        when: { kind: 'always' },
      }),
    'account stream',
    'fail',
    /no ping/,
    /websockets/,
  ],
  [
    'no listen key',
    (stage) =>
      stage.fault({
        fault: { kind: 'service_unavailable' },
        when: { kind: 'always' },
        on: { requests: ['listen_key'] },
      }),
    'account stream',
    'fail',
    /no listen key/,
    /websockets/,
  ],
  [
    'market streams that cannot be opened',
    (stage) =>
      stage.fault({ fault: { kind: 'stream_down', routes: ['market'] }, when: { kind: 'always' } }),
    'market streams /market/stream',
    'fail',
    /ws:\/\/venue\/market\/stream: closed with code 1006/,
    /websockets/,
  ],
  [
    'a route that is acknowledged, and silent',
    (stage) => stage.fault({ fault: { kind: 'market_silent' }, when: { kind: 'always' } }),
    'market streams /public/stream',
    'fail',
    /1 of 1 delivered nothing in 3000 ms: btcusdt@depth@100ms/,
    /other routes/,
  ],
  [
    'a market in which nothing is traded',
    (stage) => {
      stage.isQuiet = true
      // The first print was told before.
      stage.sim.advanceTo(stage.sim.time + 1_000)
    },
    'market streams /market/stream',
    'warn',
    /btcusdt@aggTrade/,
    /--wait/,
  ],
]

describe('a preflight', () => {
  it('finds nothing where nothing is wrong, and touches nothing', async () => {
    const stage = new PreflightStage()
    const before = JSON.stringify([
      stage.sim.exchange.openOrders('main', 'BTCUSDT'),
      stage.sim.exchange.symbolConfigs('main', 'BTCUSDT'),
    ])
    const found = await stage.run()
    expect([...found.values()].filter(({ result }) => result !== 'pass')).toEqual([])
    expect([...found.keys()]).toEqual(LINES)
    const sent = stage.requests.filter((one) => !one.startsWith('GET '))
    expect(sent).toEqual(['POST /fapi/v1/order/test', 'POST /fapi/v1/listenKey'])
    expect(
      JSON.stringify([
        stage.sim.exchange.openOrders('main', 'BTCUSDT'),
        stage.sim.exchange.symbolConfigs('main', 'BTCUSDT'),
      ]),
    ).toBe(before)
  })

  it.each(ROWS)('%s', async (_what, arrange, line, result, detail, fix) => {
    const stage = new PreflightStage()
    arrange(stage)
    const found = await stage.run()
    const told = found.get(line)
    expect(told).toMatchObject({ result, detail: expect.stringMatching(detail) })
    expect(told?.fix ?? 'nothing').toMatch(fix)
  })

  it('tells each line in both directions', () => {
    const told = new Set(
      ROWS.filter(([, , , result]) => result !== 'pass').map(([, , line]) => line),
    )
    expect(LINES.filter((line) => !told.has(line))).toEqual([])
  })

  it('asks no more where the venue does not answer', async () => {
    const stage = new PreflightStage()
    stage.fault({ fault: { kind: 'reset', accepted: 'never' }, when: { kind: 'always' } })
    const found = await stage.run()
    expect([...found.values()].map(({ name, result }) => [name, result])).toEqual([
      ['address', 'fail'],
      ['everything else', 'skip'],
    ])
    expect(stage.requests).toEqual(['GET /fapi/v1/time'])
  })

  it('says that nothing is configured to be traded there', async () => {
    const stage = new PreflightStage()
    stage.plan = { ...stage.plan, instruments: [] }
    const found = await stage.run()
    expect(found.get('symbols')).toMatchObject({
      result: 'fail',
      detail: 'none of binance-usdm is configured',
    })
    expect([...found.keys()].some((name) => /BTCUSDT|wallet|market streams/.test(name))).toBe(false)
  })

  it('says nothing about positions whose orders it does not know', async () => {
    const stage = new PreflightStage()
    order(stage, 'plain', { type: 'MARKET', quantity: '0.5' })
    stage.edit('/fapi/v1/openAlgoOrders', () => 'nothing')
    const found = await stage.run()
    expect(found.get('orders')).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('openAlgoOrders'),
    })
    expect(found.get('positions')).toMatchObject({ result: 'skip' })
  })

  it('says what cannot be read of a symbol, not that there is none', async () => {
    const stage = new PreflightStage()
    stage.edit('/fapi/v1/exchangeInfo', (body) => ({
      ...body,
      symbols: (body['symbols'] as object[]).map((one) => Object.assign(one, { filters: [] })),
    }))
    expect((await stage.run()).get('BTCUSDT status')).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('cannot be read: BTCUSDT has no filter'),
    })
  })

  /** What is wrong with half of all answers, by seed. */
  const BROKEN = [
    { kind: 'empty_answer', accepted: 'never' },
    { kind: 'truncated_answer' },
    { kind: 'execution_unknown', accepted: 'never' },
    { kind: 'odd_filters' },
    { kind: 'rate_limited', retry_after_s: null },
    ...(
      [
        'unknown_fields',
        'unknown_values',
        'numbers_as_strings',
        'strings_as_numbers',
        'nulls',
      ] as const
    ).map((alteration) => ({ kind: 'altered_answer', alteration }) as const),
  ] as const
  it.each(BROKEN.flatMap((fault) => [1, 2, 3].map((seed) => ({ fault, seed }))))(
    'survives $fault.kind $fault.alteration in half of the answers, seed $seed, and says what to do',
    async ({ fault, seed }) => {
      const stage = new PreflightStage()
      // Seeds of plans: each draws otherwise.
      for (let i = 0; i < seed; i++)
        stage.fault({ fault, when: { kind: 'probability', probability: 0.5 / seed } })
      const found = [...(await stage.run()).values()]
      expect(found.length).toBeGreaterThan(1)
      for (const { name, result, detail, fix } of found) {
        expect(name).not.toBe('')
        expect(detail).not.toMatch(/undefined|NaN|\[object/)
        expect({ name, isAdvised: fix !== null || result === 'pass' || result === 'skip' }).toEqual(
          {
            name,
            isAdvised: true,
          },
        )
      }
    },
  )

  it('has no key in what it says', async () => {
    const stage = new PreflightStage()
    stage.fault({ fault: { kind: 'key_refused' }, when: { kind: 'always' } })
    const text = JSON.stringify([...(await stage.run()).values()])
    expect(text).not.toContain(stage.credentials!.apiKey.reveal())
    expect(text).not.toContain(stage.credentials!.secret.reveal())
  })
})
