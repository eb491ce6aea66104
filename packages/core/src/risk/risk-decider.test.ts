import { describe, expect, it } from '@jest/globals'
import {
  DENIAL_REASONS,
  MESSAGES,
  type DenialReason,
  type Message,
  type Output,
  type SignalApproved,
  type SignalDenied,
} from '@tapedeck/contracts'
import type { Decider } from '../decider.ts'
import { createRiskDecider } from './index.ts'
import {
  NOON,
  accountIs,
  clock,
  closed,
  command,
  configured,
  message,
  on,
  ready,
  reconciled,
  runStarted,
  scored,
  signal,
  started,
  traded,
} from './risk.fixture.ts'

/** Runs messages through a fresh decider and checks every output against its schema. */
const run = (
  messages: readonly Message[],
  risk: object = {},
): { decider: Decider; outputs: Output[] } => {
  const decider = createRiskDecider(configured(risk))
  const outputs = messages.flatMap((each) => decider.handle(each))
  for (const { type, payload } of outputs) MESSAGES[type].schema.parse(payload)
  return { decider, outputs }
}
const kinds = (outputs: readonly Output[]): string[] => outputs.map(({ type }) => type)
const decisionOf = (outputs: readonly Output[]): Partial<SignalApproved & SignalDenied> =>
  outputs
    .flatMap((o) =>
      o.type === 'risk.signal.approved' || o.type === 'risk.signal.denied' ? [o.payload] : [],
    )
    .at(-1) ?? {}
const states = (outputs: readonly Output[]): string[] =>
  outputs.flatMap((o) => (o.type === 'risk.trading_state.changed' ? [o.payload.state] : []))
const sessions = (outputs: readonly Output[]) =>
  outputs.flatMap((o) => (o.type === 'risk.session.updated' ? [o.payload] : []))

const MEAN = { strategy: 'mean_reversion' as const }
const market = (changes: object) => ({
  market: { ...(signal().payload as { market: object }).market, ...changes } as never,
})
const fill = (price: string): Message =>
  message('execution.order.filled', {
    ...on(),
    order: {},
    fill: { expected_price: '60000', last_price: price },
  })
const lossesOf = (...pnls: string[]): Message[] => pnls.map((pnl, i) => closed(pnl, `T${i}`))
const approvedNow = (id: string): Message =>
  signal({ signal_id: id, setup_id: id, symbol: 'XRPUSDT' })
const abandoned = (id: string): Message[] => [
  started(id, 'XRPUSDT', id),
  message('execution.trade.abandoned', { ...on('XRPUSDT'), trade: { trade_id: id } }),
]

/** One row a rejection, in order of precedence: what breaks the baseline, and the signal that meets it. */
const ROWS: [reason: DenialReason, before: Message[], given: Message, risk?: object][] = [
  ['TRADING_HALTED', [command('halt')], signal()],
  ['TRADING_REDUCING', [command('reduce')], signal()],
  ['SESSION_PAUSED', lossesOf('-250'), signal()],
  ['SESSION_STOPPED', lossesOf('-1', '-1', '-1'), signal()],
  ['SESSION_LIQUIDATING', [accountIs('9400'), command('resume')], signal()],
  [
    'FEED_STALE',
    [message('market.feed.status', { ...on(), channel: 'depth', status: 'down', reason: 'x' })],
    signal(),
  ],
  ['FEATURES_TAINTED', [], signal({ tainted: true }), { min_grade: 'B' }],
  ['SIGNAL_EXPIRED', [traded(NOON + 2001)], signal()],
  ['SIGNAL_DUPLICATE', [signal({ symbol: 'XRPUSDT' })], signal()],
  ['SESSION_NOT_PROFITABLE', [], signal(MEAN)],
  ['BREAKER_DAILY_LOSS', lossesOf('-150', '-150', '10', '-150'), signal()],
  [
    'BREAKER_DRAWDOWN',
    [accountIs('12000'), accountIs('10200', '0', NOON)],
    signal(),
    { session: { max_peak_drawdown_percent: 50 }, breakers: { drawdown_percent: 14 } },
  ],
  [
    'BREAKER_ORDER_RATE',
    [approvedNow('a'), ...abandoned('a'), approvedNow('b'), ...abandoned('b')],
    signal(),
    { breakers: { orders_per_minute: 2 } },
  ],
  ['BREAKER_SLIPPAGE', Array.from({ length: 10 }, () => fill('60040')), signal()],
  [
    'BREAKER_MODEL_CONFIDENCE',
    Array.from({ length: 9 }, (_, i) =>
      signal({ signal_id: `q${i}`, symbol: 'XRPUSDT', ...scored(0.2) }),
    ),
    signal(scored(0.2)),
    { breakers: { model_confidence_action: 'block', orders_per_minute: 100 } },
  ],
  ['MODEL_FALSE_BREAKOUT', [], signal(scored(null, 0.41))],
  ['GRADE_BELOW_MINIMUM', [], signal({ grade: 'C' }), { min_grade: 'B' }],
  [
    'POSITION_OPEN_IN_SYMBOL',
    [
      message('execution.position.changed', {
        ...on(),
        side: 'LONG',
        quantity: '0.01',
        average_price: '60000',
      }),
    ],
    signal(),
  ],
  ['OPEN_POSITIONS_MAXIMUM', [started('T1', 'XRPUSDT')], signal(), { max_open_positions: 1 }],
  ['CORRELATED_GROUP_MAXIMUM', [started('T1', 'ETHUSDT'), started('T2', 'SOLUSDT')], signal()],
  ['STOP_INVALID', [], signal({ stop_price_abs: '60000.1' })],
  ['SIZE_BELOW_MINIMUM', [], signal(), { min_position_quote: 4981 }],
  [
    'LEVERAGE_EXCEEDS_MAXIMUM',
    [
      message('execution.position.changed', {
        ...on('XRPUSDT'),
        side: 'SHORT',
        quantity: '1.6',
        average_price: '60000',
      }),
    ],
    signal(),
  ],
  ['NOTIONAL_EXCEEDS_MAXIMUM', [], signal(), { max_position_quote: 4979 }],
  [
    'QUANTITY_BELOW_LOT',
    [],
    signal({ stop_price_abs: '45000', target_price_abs: '97500' }),
    { min_position_quote: 0 },
  ],
  [
    'NOTIONAL_BELOW_VENUE_MINIMUM',
    [],
    signal({ entry_price: '600', stop_price_abs: '450', target_price_abs: '975' }),
    { min_position_quote: 0 },
  ],
  ['SLIPPAGE_EXCEEDS_MAXIMUM', [], signal(market({ volume_5m_quote: 0 }))],
]

describe('what denies a signal', () => {
  it.each(ROWS.map(([reason, before, given, risk = {}]) => ({ reason, before, given, risk })))(
    '$reason',
    ({ reason, before, given, risk }) => {
      const { outputs } = run([...ready(), ...before, given], risk)
      const denied = decisionOf(outputs)
      expect(denied.reason).toBe(reason)
      const failed = denied.checks!.filter(({ passed }) => passed === false)
      expect(failed.map((check) => check.reason)).toEqual(denied.reasons)
    },
  )

  it('leaves no reason untested', () => {
    const tested = new Set(ROWS.map(([reason]) => reason))
    expect(DENIAL_REASONS.filter((reason) => !tested.has(reason))).toEqual([])
  })

  it('reports the first and lists all that can fail together, in order of precedence', () => {
    const everything = [
      command('halt'),
      ...lossesOf('-150', '-150', '-150'),
      message('market.feed.status', { ...on(), channel: 'trades', status: 'stale', reason: 'x' }),
      signal({ symbol: 'XRPUSDT' }),
      ...Array.from({ length: 10 }, () => fill('60040')),
      started('T1', 'BTCUSDT'),
      started('T2', 'ETHUSDT'),
      started('T3', 'SOLUSDT'),
      message('execution.position.changed', {
        ...on('XRPUSDT'),
        side: 'SHORT',
        quantity: '2',
        average_price: '60000',
      }),
      accountIs('12000'),
      accountIs('9600'),
      traded(NOON + 3000),
      signal({
        ...MEAN,
        tainted: true,
        ...market({ p_false_breakout: 0.9, volume_5m_quote: 0 }),
        stop_price_abs: '45000',
      }),
    ]
    const denied = decisionOf(run([...ready(), ...everything], { min_grade: 'B' }).outputs)
    expect(denied.reason).toBe('TRADING_HALTED')
    expect(denied.reasons).toEqual([
      'TRADING_HALTED',
      'SESSION_STOPPED',
      'FEED_STALE',
      'FEATURES_TAINTED',
      'SIGNAL_EXPIRED',
      'SIGNAL_DUPLICATE',
      'SESSION_NOT_PROFITABLE',
      'BREAKER_DAILY_LOSS',
      'BREAKER_DRAWDOWN',
      'BREAKER_SLIPPAGE',
      'MODEL_FALSE_BREAKOUT',
      'GRADE_BELOW_MINIMUM',
      'POSITION_OPEN_IN_SYMBOL',
      'OPEN_POSITIONS_MAXIMUM',
      'CORRELATED_GROUP_MAXIMUM',
      'SIZE_BELOW_MINIMUM',
      'LEVERAGE_EXCEEDS_MAXIMUM',
      'QUANTITY_BELOW_LOT',
      'NOTIONAL_BELOW_VENUE_MINIMUM',
      'SLIPPAGE_EXCEEDS_MAXIMUM',
    ])
  })

  it('does not reach what an invalid stop leaves undefined', () => {
    const denied = decisionOf(run([...ready(), signal({ stop_price_abs: '60000' })]).outputs)
    expect(denied.reasons).toEqual(['STOP_INVALID'])
    expect(
      denied.checks!.filter(({ passed }) => passed === null).map(({ check }) => check),
    ).toEqual(['size', 'leverage', 'notional', 'lot', 'venue notional', 'slippage'])
  })

  it.each([
    ['a target on the wrong side', { target_price_abs: '59999' }],
    ['a stop off the tick grid', { stop_price_abs: '59700.05' }],
  ])('%s is an invalid stop', (_, changes) => {
    expect(decisionOf(run([...ready(), signal(changes)]).outputs).reason).toBe('STOP_INVALID')
  })

  it('denies a symbol that is not part of the run', () => {
    expect(decisionOf(run([...ready(), signal({ symbol: 'DOGEUSDT' })]).outputs).reason).toBe(
      'FEED_STALE',
    )
  })
})

describe('an approval', () => {
  it('is the order as checked, with every number behind it', () => {
    const [approved] = run([...ready(), signal()]).outputs.slice(-1)
    expect(approved).toMatchObject({
      type: 'risk.signal.approved',
      aggregate_id: 'DEC-BTCUSDT-TC-L-20240808T120000',
      correlation_id: 'BTCUSDT-TC-L-20240808T120000',
      occurred_at: NOON,
    })
    expect(decisionOf([approved!])).toMatchObject({
      effective_grade: 'A',
      order: {
        quantity: '0.083',
        entry_price: '60000',
        stop_price_abs: '59700',
        target_price_abs: '60750',
        risk_amount: '24.9',
        notional: '4980',
        leverage: 0.498,
        expires_at: NOON + 5000,
      },
      inputs: {
        equity: { equity: '10000' },
        price: { tick_size: '0.1' },
        risk: { base_risk_percent: 0.25 },
      },
    })
    expect(decisionOf([approved!]).checks!.every(({ passed }) => passed === true)).toBe(true)
  })

  it('is sized for grade C when features are tainted', () => {
    const approved = decisionOf(run([...ready(), signal({ tainted: true })]).outputs)
    expect(approved).toMatchObject({ effective_grade: 'C', order: { quantity: '0.041' } })
  })

  it('uses equity with unrealized P&L, and house money when that is the policy', () => {
    const house = run([...ready(), accountIs('10100', '100'), closed('100'), signal()], {
      sizing_policy: 'house_money',
    })
    // 10,200 × 0.25 % × (1 + 1 % × 0.5 / 0.25 %) / 300
    expect(decisionOf(house.outputs).order!.quantity).toBe('0.255')
    const fixed = run([...ready(), accountIs('10100', '100'), closed('100'), signal()])
    expect(decisionOf(fixed.outputs).order!.quantity).toBe('0.085')
  })

  it('occupies the symbol until it is carried out or lapses', () => {
    const second = signal({ signal_id: 'SIG-2', setup_id: '2', at: NOON + 5001 })
    const soon = signal({ signal_id: 'SIG-2', setup_id: '2' })
    expect(decisionOf(run([...ready(), signal(), soon]).outputs).reason).toBe(
      'POSITION_OPEN_IN_SYMBOL',
    )
    expect(
      decisionOf(run([...ready(), signal(), traded(NOON + 5001), second]).outputs).order,
    ).toBeDefined()
    const taken = started('T1', 'BTCUSDT', 'SIG-BTCUSDT-TC-L-20240808T120000')
    expect(
      decisionOf(run([...ready(), signal(), taken, traded(NOON + 5001), second]).outputs).reason,
    ).toBe('POSITION_OPEN_IN_SYMBOL')
  })

  it('permits mean reversion in a profitable session', () => {
    expect(decisionOf(run([...ready(), closed('0.01'), signal(MEAN)]).outputs).order).toBeDefined()
  })
})

describe('feed freshness', () => {
  it.each<[string, 'live' | 'recording', Message[], DenialReason | undefined]>([
    ['live and silent for too long', 'live', [traded(NOON + 6000, 'ETHUSDT')], 'FEED_STALE'],
    [
      'live, quiet, but the mark moves',
      'live',
      [message('market.mark', on(), NOON + 6000)],
      undefined,
    ],
    [
      'live, quiet, but the book moves',
      'live',
      [message('market.depth', { ...on(), time: NOON + 6000 })],
      undefined,
    ],
    ['a thin recording', 'recording', [traded(NOON + 6000, 'ETHUSDT')], undefined],
    [
      'a gap is taint, not staleness',
      'live',
      [
        traded(NOON + 6000),
        message('market.feed.status', { ...on(), channel: 'trades', status: 'gap', reason: '' }),
      ],
      undefined,
    ],
  ])('%s', (_, kind, before, reason) => {
    const late = signal({ at: NOON + 6000 })
    expect(decisionOf(run([...ready(kind), ...before, late]).outputs).reason).toBe(reason)
  })
})

describe('trading state', () => {
  it('starts HALTED and needs both the account and a clean reconciliation', () => {
    expect(states(run([runStarted()]).outputs)).toEqual(['HALTED'])
    expect(states(run([runStarted(), accountIs('10000')]).outputs)).toEqual(['HALTED'])
    expect(states(run([runStarted(), reconciled()]).outputs)).toEqual(['HALTED'])
    expect(states(run([runStarted(), reconciled(false), accountIs('1')]).outputs)).toEqual([
      'HALTED',
    ])
    expect(states(run(ready()).outputs)).toEqual(['HALTED', 'ACTIVE'])
  })

  it.each<[string, Message[], string[]]>([
    [
      'differences later reduce, a clean run lifts',
      [reconciled(false, 'interval'), reconciled(true, 'interval')],
      ['REDUCING', 'ACTIVE'],
    ],
    [
      'differences at a restart halt',
      [reconciled(false, 'start'), reconciled(false, 'interval'), reconciled()],
      ['HALTED', 'ACTIVE'],
    ],
    [
      'an operator halts and resumes',
      [command('halt'), reconciled(), command('resume')],
      ['HALTED', 'ACTIVE'],
    ],
    [
      'a resume does not reconcile',
      [reconciled(false, 'interval'), command('halt'), command('resume')],
      ['REDUCING', 'HALTED', 'REDUCING'],
    ],
    ['a halt outlives the run', [command('halt'), ...ready()], ['HALTED', 'HALTED']],
  ])('%s', (_, messages, expected) => {
    expect(states(run([...ready(), ...messages]).outputs).slice(2)).toEqual(expected)
  })

  it('liquidates once: flattens, halts, and stays halted in the next session', () => {
    const { outputs } = run([
      ...ready(),
      accountIs('9500'),
      accountIs('9400'),
      clock(NOON + 86_400_000),
      command('resume'),
    ])
    expect(kinds(outputs).filter((type) => type === 'risk.flatten.requested')).toHaveLength(1)
    expect(states(outputs)).toEqual(['HALTED', 'ACTIVE', 'HALTED', 'ACTIVE'])
    expect(sessions(outputs).map(({ status }) => status)).toContain('LIQUIDATING')
    expect(sessions(outputs).at(-1)).toMatchObject({
      session_id: '2024-08-09',
      status: 'ACTIVE',
      start_equity: '9400',
    })
  })

  it("flattens and halts at an operator's word", () => {
    const { outputs } = run([...ready(), command('flatten')])
    expect(kinds(outputs).slice(-2)).toEqual([
      'risk.flatten.requested',
      'risk.trading_state.changed',
    ])
  })

  it('obeys commands for its own account alone', () => {
    expect(states(run([...ready(), command('halt', { account: 'other' })]).outputs)).toEqual([
      'HALTED',
      'ACTIVE',
    ])
  })
})

describe('session and breakers', () => {
  it('tells a session when it changes, and equity alone no more than every 15 s', () => {
    const { outputs } = run([
      ...ready(),
      accountIs('10001'),
      traded(NOON + 15_000),
      accountIs('10002'),
      closed('5'),
    ])
    expect(sessions(outputs).map(({ equity, trades }) => [equity, trades])).toEqual([
      ['10000', 0],
      ['10002', 0],
      ['10002', 1],
    ])
    const versions = outputs
      .filter(({ type }) => type === 'risk.session.updated')
      .map((o) => o.aggregate_version)
    expect(versions).toEqual([1, 2, 3])
  })

  it('takes the date of a session from the market, not from the account', () => {
    const wall = Date.parse('2026-11-21T00:00:00Z')
    const { outputs } = run([runStarted('recording'), accountIs('10000', '0', wall), traded(NOON)])
    expect(sessions(outputs).map(({ session_id }) => session_id)).toEqual(['2024-08-08'])
  })

  it('starts a new session at the boundary with the equity of then', () => {
    const { outputs } = run([
      ...ready(),
      closed('-10'),
      accountIs('9990'),
      clock(Date.parse('2024-08-09T08:00:00Z')),
    ])
    expect(sessions(outputs).at(-1)).toMatchObject({
      session_id: '2024-08-09',
      start_equity: '9990',
      realized_pnl: '0',
      consecutive_losses: 0,
    })
  })

  it('keeps a tripped breaker over the session until an operator resets it, and measures from there', () => {
    const tripped = [...ready(), ...lossesOf('-150', '-150', '10', '-150')]
    const next = [clock(NOON + 86_400_000), traded(NOON + 86_400_000)]
    const late = signal({ at: NOON + 86_400_000 })
    expect(decisionOf(run([...tripped, ...next, late]).outputs).reason).toBe('BREAKER_DAILY_LOSS')
    const reset = command('reset_breaker', { breaker: 'daily_loss' })
    expect(decisionOf(run([...tripped, reset, ...next, late]).outputs).order).toBeDefined()
    expect(decisionOf(run([...tripped, reset, signal()]).outputs).order).toBeDefined()
    const unexplained = command('reset_breaker', { breaker: 'daily_loss', reason: ' ' })
    expect(decisionOf(run([...tripped, unexplained, signal()]).outputs).reason).toBe(
      'BREAKER_DAILY_LOSS',
    )
  })

  it('says in the session which breaker has tripped', () => {
    const { outputs } = run([...ready(), ...lossesOf('-150', '-150', '10', '-150')])
    expect(sessions(outputs).at(-1)?.reason).toMatch(
      /^breaker daily_loss: realized loss of 4.400 % exceeds 4 %$/,
    )
  })

  it('resumes a pause, not a stop', () => {
    expect(
      decisionOf(run([...ready(), closed('-250'), command('resume_session'), signal()]).outputs)
        .order,
    ).toBeDefined()
    const stopped = [...ready(), ...lossesOf('-1', '-1', '-1'), command('resume_session'), signal()]
    expect(decisionOf(run(stopped).outputs).reason).toBe('SESSION_STOPPED')
  })

  it('changes limits in their ranges, and ignores what is out of them', () => {
    const good = command('set_limits', { limits: { min_grade: 'B' } })
    const bad = command('set_limits', { limits: { max_leverage: 1e6 } })
    const { outputs } = run([...ready(), good, bad, signal({ grade: 'C' })])
    const changes = outputs.flatMap((o) => (o.type === 'risk.limits.changed' ? [o.payload] : []))
    expect(changes.map(({ version, by }) => [version, by])).toEqual([
      [1, 'configuration'],
      [2, 'ann'],
    ])
    expect(decisionOf(outputs).reason).toBe('GRADE_BELOW_MINIMUM')
  })
})
