import { describe, expect, it } from '@jest/globals'
import type { CorrectionRequested, Message } from '@tapedeck/contracts'
import {
  INSTRUMENT,
  START,
  SYMBOL,
  Scenario,
  VENUE,
  approved,
  clock,
  features,
  last,
  message,
  reconciled,
  runStarted,
  told,
  tradingState,
  trades,
} from './testing/scenario.ts'

const T = START

/** A protected long of 0.1 BTC from 50000, stop 49900, target 50300 (1R = 100). */
const protectedLong = (config: ConstructorParameters<typeof Scenario>[0] = {}): Scenario => {
  const scenario = Scenario.ready(config)
  scenario.play(approved(T + 100))
  scenario.print(T + 200, 499_999)
  scenario.print(T + 260, 500_000)
  scenario.print(T + 300, 500_000)
  return scenario
}
/** A long of 0.1 BTC at the venue that our books lost: a snapshot with the trade taken out. */
const orphanedLong = (): Scenario => {
  const json = protectedLong().decider.snapshot() as { desks: [string, Record<string, unknown>][] }
  Object.assign(json.desks[0]![1], {
    keeper: null,
    orders: { orders: [], notes: [], appliedFills: [] },
    ledger: {
      position: { quantity: '0', cost: '0', realizedPnl: '0', fees: '0', funding: '0' },
      toldProtected: false,
    },
  })
  const orphaned = Scenario.from(json as never)
  const stop = { side: 'SELL', quantity: '0.1', price: '49500' } as const
  orphaned.play(
    correction(T + 500, { correction: 'PLACE_EMERGENCY_STOP', ...stop }),
    clock(T + 1_000),
  )
  return orphaned
}
const wall = (ticks: number): Parameters<typeof features>[1] => ({
  close: 501_600,
  wall_below: { price_ticks: ticks, quantity_lots: 900, source: 'book' },
})
const mark = (at: number, due: number, rate: number): Message =>
  message('market.mark', at, {
    venue: VENUE,
    symbol: SYMBOL,
    mark_price: 50_000,
    index_price: null,
    funding_rate: rate,
    next_funding_time: due,
  })
const command = (
  at: number,
  what: 'cancel_order' | 'close_position' | 'adopt_position',
  target: string,
): Message =>
  message('execution.command.received', at, {
    account: 'paper',
    command_id: 'command-1',
    command: what,
    target,
    reason: 'I say so',
    by: 'operator',
  })
const correction = (at: number, rest: Partial<CorrectionRequested>): Message =>
  message('reconciler.correction.requested', at, {
    account: 'paper',
    venue: VENUE,
    symbol: SYMBOL,
    correction_id: 'correction-1',
    finding_id: 'finding-1',
    correction: 'RECREATE_EXIT',
    trade_id: null,
    client_order_id: null,
    side: null,
    quantity: null,
    price: null,
    fill_id: null,
    fee: null,
    fee_asset: null,
    ...rest,
  })

describe('entry and protection', () => {
  it('protects what filled, stop first, and closes the other exit when one fills', () => {
    const scenario = protectedLong()
    scenario.print(T + 1_000, 503_000)
    scenario.print(T + 1_010, 503_100)
    scenario.play(clock(T + 2_000))
    expect(told(scenario.outputs)).toEqual([
      'trade.started',
      'order.submitted ENTRY 0.1@50000',
      'order.accepted ENTRY 0.1@50000',
      'order.filled ENTRY 0.1@50000 fill 0.1@50000',
      'trade.opened',
      'position.changed LONG 0.1',
      'order.submitted STOP 0.1@49900',
      'order.submitted TARGET 0.1@50300',
      'order.accepted STOP 0.1@49900',
      'trade.protected',
      'position.changed LONG 0.1 protected',
      'order.accepted TARGET 0.1@50300',
      // The print that reaches the target is worth +3R too: the stop was on its way to break-even.
      'order.submitted STOP 0.1@50010',
      'order.filled TARGET 0.1@50300 fill 0.1@50289.9',
      'position.changed FLAT 0',
      'order.pending_cancel STOP 0.1@49900',
      'order.pending_cancel STOP 0.1@50010',
      'order.rejected STOP 0.1@50010',
      'order.canceled STOP 0.1@49900',
      'trade.closed TARGET 25.978404',
    ])
    expect(scenario.decider.takeProblems()).toEqual([])
    expect(last(scenario.outputs, 'execution.account.updated').wallet_balance).toBe('10025.978404')
    expect(
      scenario.outputs.every(({ type, correlation_id: id }) =>
        type === 'execution.account.updated' ? id === undefined : id === 'setup-one',
      ),
    ).toBe(true)
  })

  it('a partial entry that times out keeps what was filled and protects exactly that', () => {
    const scenario = Scenario.ready()
    scenario.play(approved(T + 100))
    scenario.print(T + 200, 499_999, 30)
    scenario.play(clock(T + 5_000), clock(T + 11_000), clock(T + 12_000))
    expect(told(scenario.outputs).slice(-3)).toEqual([
      'order.accepted TARGET 0.03@50300',
      'order.pending_cancel ENTRY 0.1@50000',
      'order.expired ENTRY 0.1@50000',
    ])
    expect(last(scenario.outputs, 'execution.trade.protected').trade).toMatchObject({
      quantity: '0.03',
      planned_quantity: '0.1',
      status: 'PROTECTED',
    })
  })

  it('an entry that never fills is abandoned, once', () => {
    const scenario = Scenario.ready()
    scenario.play(approved(T + 100), clock(T + 10_500), clock(T + 11_500), clock(T + 12_500))
    expect(told(scenario.outputs).slice(-2)).toEqual([
      'order.expired ENTRY 0.1@50000',
      'trade.abandoned',
    ])
    expect(scenario.decider.venueSnapshot().orders).toEqual([])
  })

  it('no acknowledged stop within the bound: out at the market', () => {
    // Orders need four seconds to arrive, so the stop is never there in time.
    const scenario = Scenario.ready({
      fill_model: { latency_ms: 4_000, base_slippage_percent: 0.02 },
      entry_ttl_ms: 60_000,
    })
    scenario.play(approved(T))
    scenario.print(T + 4_100, 499_999)
    for (let second = 5; second <= 8; second++) scenario.play(clock(T + second * 1_000))
    expect(told(scenario.outputs).slice(-2)).toEqual([
      'trade.exit_requested',
      'order.submitted EXIT 0.1@market',
    ])
    expect(last(scenario.outputs, 'execution.trade.exit_requested').reason).toMatch(
      /UNPROTECTED: no acknowledged stop for 3\d\d\d ms/,
    )
  })

  it('a stop that the price has passed already: out at the market', () => {
    const scenario = Scenario.ready()
    scenario.play(approved(T + 100))
    scenario.print(T + 200, 499_999)
    scenario.print(T + 210, 498_000)
    scenario.print(T + 300, 498_000)
    scenario.print(T + 400, 498_000)
    scenario.play(clock(T + 2_000))
    expect(told(scenario.outputs)).toContain('order.rejected STOP 0.1@49900')
    expect(last(scenario.outputs, 'execution.trade.closed').exit_reason).toBe('UNPROTECTED')
  })
})

describe('what an approval must be', () => {
  const HALTED = [tradingState(T, 'HALTED')]
  it.each<[string, Message[], Parameters<typeof approved>[1]]>([
    ['TRADING_NOT_ACTIVE', HALTED, {}],
    ['TRADING_NOT_ACTIVE', [tradingState(T, 'REDUCING')], {}],
    ['NOT_RECONCILED', [reconciled(T, false)], {}],
    ['APPROVAL_EXPIRED', [], { order: { expires_at: T - 1 } }],
    ['APPROVAL_ALTERED', [], { order: { quantity: '0.2' } }],
    ['APPROVAL_ALTERED', [], { order: { quantity: '0.1005' } }],
    ['APPROVAL_ALTERED', [], { order: { entry_price: '50000.05' } }],
    ['APPROVAL_ALTERED', [], { order: { side: 'SELL' } }],
    ['APPROVAL_ALTERED', [], { order: { symbol: 'ETHUSDT' } }],
    ['APPROVAL_ALTERED', [], { order: { stop_price_abs: '50100' } }],
    ['APPROVAL_ALTERED', [], { order: { stop_price_abs: '49800' } }],
    ['APPROVAL_ALTERED', [], { order: { target_price_abs: '49000' } }],
    ['TRADE_OPEN_IN_SYMBOL', [approved(T, { id: 'before' })], {}],
  ])('%s', (refusal, before, rest) => {
    const scenario = Scenario.ready()
    scenario.play(...before)
    const outputs = scenario.play(approved(T, rest))
    expect(told(outputs)).toEqual(['trade.abandoned'])
    expect(last(outputs, 'execution.trade.abandoned').reason).toContain(`refused: ${refusal}`)
    // The same decision again does nothing at all.
    expect(scenario.play(approved(T, rest))).toEqual([])
  })

  it('is for our account and for an instrument of the run', () => {
    const scenario = new Scenario({ account: 'other' })
    scenario.play(runStarted(), reconciled(T), tradingState(T, 'ACTIVE'))
    expect(scenario.play(approved(T))).toEqual([])
  })

  it('nothing is entered before risk and reconciliation have said so', () => {
    const scenario = new Scenario()
    scenario.play(runStarted())
    const outputs = scenario.play(approved(T))
    expect(last(outputs, 'execution.trade.abandoned').reason).toContain('TRADING_NOT_ACTIVE')
  })
})

describe('the stop only ever comes nearer', () => {
  it('break-even at +1R: the new stop stands before the old one goes', () => {
    const scenario = protectedLong()
    const from = scenario.outputs.length
    scenario.print(T + 1_000, 501_000)
    scenario.print(T + 1_060, 501_000)
    scenario.print(T + 1_120, 501_000)
    expect(told(scenario.outputs.slice(from))).toEqual([
      'order.submitted STOP 0.1@50010',
      'order.accepted STOP 0.1@50010',
      'trade.stop_moved',
      'order.pending_cancel STOP 0.1@49900',
      'order.canceled STOP 0.1@49900',
    ])
    scenario.print(T + 2_000, 500_050)
    scenario.print(T + 2_001, 500_050)
    scenario.play(clock(T + 3_000))
    expect(last(scenario.outputs, 'execution.trade.closed')).toMatchObject({
      exit_reason: 'BREAK_EVEN',
      exit_price: '49984.9',
    })
  })

  it.each([
    ['without +0.5R, when the price allows it', 500_200, true],
    ['not while the price is on the wrong side', 499_900, false],
  ])('break-even after a minute %s', (_, ticks, moved) => {
    const scenario = protectedLong()
    scenario.print(T + 30_000, ticks)
    scenario.play(clock(T + 61_000), clock(T + 62_000))
    expect(told(scenario.outputs).includes('trade.stop_moved')).toBe(moved)
  })

  it.each([
    ['came in time', 60_000, false],
    ['came too late', 60_400, true],
  ])('a price that jumps past +0.5R from the wrong side: it %s', (_, after, moved) => {
    const scenario = protectedLong()
    scenario.print(T + 30_000, 499_500)
    scenario.print(T + after, 500_600)
    scenario.play(clock(T + 61_000), clock(T + 62_000))
    expect(told(scenario.outputs).includes('trade.stop_moved')).toBe(moved)
  })

  it('trails behind the wall from +1.5R and never loosens', () => {
    const scenario = protectedLong()
    scenario.print(T + 1_000, 501_600)
    scenario.print(T + 1_100, 501_600)
    scenario.play(features(T + 15_000, wall(501_200)), clock(T + 16_000))
    expect(last(scenario.outputs, 'execution.trade.stop_moved')).toMatchObject({
      trade: { stop_price: '50069.8' },
      reason: 'trailing stop at 50069.8',
    })
    const quiet = scenario.play(features(T + 30_000, wall(500_700)), clock(T + 31_000))
    expect(told(quiet)).toEqual([])
    scenario.print(T + 32_000, 500_600)
    scenario.print(T + 32_001, 500_600)
    scenario.play(clock(T + 33_000))
    expect(last(scenario.outputs, 'execution.trade.closed').exit_reason).toBe('TRAILING_STOP')
  })

  it('a move that is refused leaves the old stop where it is', () => {
    const scenario = protectedLong()
    scenario.print(T + 1_000, 501_000)
    scenario.print(T + 1_040, 500_090)
    scenario.print(T + 1_060, 500_090)
    expect(told(scenario.outputs)).toContain('order.rejected STOP 0.1@50010')
    expect(scenario.decider.venueSnapshot().orders.map(({ stopPrice }) => stopPrice)).toEqual([
      '49900',
      '50300',
    ])
  })
})

describe('ways out', () => {
  it.each([
    ['closes beyond the swing with opposing delta', -0.3, 499_700, null, true],
    ['not on a weak delta', -0.29, 499_700, null, false],
    ['not inside the swing', -0.3, 499_600, null, false],
    ['not on tainted measures', -0.3, 499_700, T, false],
  ])('invalidation: %s', (_, ratio, swing, tainted, out) => {
    const scenario = protectedLong()
    scenario.play(
      features(T + 15_000, {
        close: 499_650,
        swing_low_15s_ticks: swing,
        delta_ratio: { '5s': 0, '15s': 0, '1m': ratio, '5m': 0 },
        tainted_until: tainted,
      }),
    )
    expect(told(scenario.outputs).includes('trade.exit_requested')).toBe(out)
  })

  it.each<[string, Message]>([
    [
      'FLATTEN',
      message('risk.flatten.requested', T + 500, { account: 'paper', at: T, reason: 'x' }),
    ],
    ['MANUAL', command(T + 500, 'close_position', SYMBOL)],
  ])('%s: at the market, protection stays until flat', (reason, wish) => {
    const scenario = protectedLong()
    const outputs = scenario.play(wish)
    expect(told(outputs)).toEqual(['trade.exit_requested', 'order.submitted EXIT 0.1@market'])
    scenario.print(T + 600, 500_000, 40)
    expect(scenario.decider.venueSnapshot().orders).toHaveLength(3)
    scenario.print(T + 601, 500_000)
    scenario.play(clock(T + 2_000))
    expect(last(scenario.outputs, 'execution.trade.closed')).toMatchObject({
      exit_reason: reason,
      exit_price: '49990',
      gross_pnl: '-1',
    })
  })

  it('REDUCING cancels an entry that rests', () => {
    const scenario = Scenario.ready()
    scenario.play(approved(T + 100), clock(T + 1_000), tradingState(T + 1_000, 'REDUCING'))
    scenario.play(clock(T + 2_000))
    expect(last(scenario.outputs, 'execution.trade.abandoned').reason).toMatch(/REDUCING/)
  })

  it('a canceled stop is placed anew', () => {
    const scenario = protectedLong()
    const stop = scenario.decider.venueSnapshot().orders[0]!.clientOrderId
    scenario.play(command(T + 500, 'cancel_order', stop), clock(T + 1_000), clock(T + 2_000))
    const stops = scenario.decider
      .venueSnapshot()
      .orders.filter(({ type }) => type === 'STOP_MARKET')
    expect(stops).toMatchObject([{ stopPrice: '49900', quantity: '0.1' }])
    expect(stops[0]!.clientOrderId).not.toBe(stop)
  })
})

describe('money', () => {
  it('funding is charged at its time on what is held, at the rate that was told before', () => {
    const scenario = protectedLong()
    scenario.play(mark(T + 400, T + 1_000, 0.0001))
    scenario.play(mark(T + 1_200, T + 9_000_000, 0.01), clock(T + 2_000))
    expect(last(scenario.outputs, 'execution.account.updated').wallet_balance).toBe('9998.5')
    scenario.play(command(T + 2_000, 'close_position', SYMBOL))
    scenario.print(T + 2_100, 500_000)
    scenario.play(clock(T + 3_000))
    expect(last(scenario.outputs, 'execution.trade.closed')).toMatchObject({
      gross_pnl: '-1',
      fees: '2.9996',
      funding: '-0.5',
      net_pnl: '-4.4996',
      r_multiple: -0.44996,
      pnl_percent: -0.044996,
    })
  })

  it('P&L percent is of the equity at the start of the session', () => {
    const scenario = protectedLong()
    scenario.play(
      message('risk.session.updated', T + 400, {
        account: 'paper',
        session_id: '1970-01-01',
        at: T,
        status: 'ACTIVE',
        reason: null,
        start_equity: '1000',
        equity: '1000',
        peak_equity: '1000',
        realized_pnl: '0',
        drawdown_from_start_percent: 0,
        drawdown_from_peak_percent: 0,
        trades: 0,
        wins: 0,
        losses: 0,
        consecutive_losses: 0,
        risk_multiplier: 1,
        sizing_policy: 'fixed_fraction',
      }),
      command(T + 500, 'close_position', SYMBOL),
    )
    scenario.print(T + 600, 500_000)
    scenario.play(clock(T + 2_000))
    expect(last(scenario.outputs, 'execution.trade.closed').pnl_percent).toBe(-0.39996)
  })

  it('tells unrealized P&L while a position is open, at most every 15 s', () => {
    const scenario = protectedLong()
    const from = scenario.outputs.length
    for (let s = 1; s <= 31; s++) scenario.print(T + s * 1_000, 500_100)
    const updates = scenario.outputs
      .slice(from)
      .filter(({ type }) => type === 'execution.account.updated')
    expect(updates.map(({ occurred_at: at }) => at - T)).toEqual([16_000, 31_000])
    expect(updates[0]!.payload).toMatchObject({ unrealized_pnl: '1', open_positions: 1 })
  })

  it('a new run starts with the configured balance and nothing else', () => {
    const scenario = protectedLong()
    const outputs = scenario.play(runStarted(T + 10_000))
    expect(outputs).toMatchObject([
      {
        type: 'execution.account.updated',
        aggregate_version: 1,
        payload: { wallet_balance: '10000', open_positions: 0 },
      },
    ])
    expect(scenario.decider.venueSnapshot()).toMatchObject({ orders: [], positions: [], fills: [] })
  })

  it('prints that measure nothing fill nothing', () => {
    const scenario = Scenario.ready()
    scenario.play(approved(T + 100))
    const print = { at: T + 200, ticks: 499_000, lots: 1_000, maker: 1 } as const
    scenario.play(trades([print, { ...print, ticks: 500_000 }], [0]))
    expect(told(scenario.outputs)).not.toContain('trade.opened')
    expect(INSTRUMENT.symbol).toBe(SYMBOL)
  })
})

describe('corrections by reconciliation', () => {
  it('a missing exit is recreated at the recorded price, once for one correction', () => {
    const scenario = protectedLong()
    const stop = scenario.decider.venueSnapshot().orders[0]!.clientOrderId
    const recreate = correction(T + 500, { client_order_id: stop })
    expect(told(scenario.play(recreate))).toEqual([
      'order.canceled STOP 0.1@49900',
      'order.submitted STOP 0.1@49900',
      'position.changed LONG 0.1',
    ])
    expect(scenario.play(recreate)).toEqual([])
  })

  it('protection is resized to what the venue holds', () => {
    const scenario = protectedLong()
    scenario.play(correction(T + 500, { correction: 'RESIZE_PROTECTION', quantity: '0.06' }))
    scenario.play(clock(T + 1_000), clock(T + 2_000))
    expect(scenario.decider.venueSnapshot().orders.map(({ quantity }) => quantity)).toEqual([
      '0.06',
      '0.06',
    ])
  })

  it('a fill that we missed is applied with its own id and fee, and its late event changes nothing', () => {
    const scenario = Scenario.ready()
    scenario.play(approved(T + 100), clock(T + 1_000))
    const entry = scenario.decider.venueSnapshot().orders[0]!.clientOrderId
    const apply = {
      correction: 'APPLY_FILL',
      client_order_id: entry,
      side: 'BUY',
      quantity: '0.04',
      price: '50000',
      fill_id: `${entry}.1`,
      fee: '0.4',
    } as const
    const outputs = scenario.play(correction(T + 1_000, apply))
    expect(told(outputs).slice(0, 4)).toEqual([
      'order.partially_filled ENTRY 0.1@50000 fill 0.04@50000',
      'trade.opened',
      'position.changed LONG 0.04',
      'order.submitted STOP 0.04@49900',
    ])
    expect(outputs[0]!.payload).toMatchObject({ fill: { fill_id: `${entry}.1`, fee: '0.4' } })
    const late = scenario.print(T + 1_010, 499_999, 40)
    expect(told(late)).toEqual([])
  })

  it('a position that the venue does not hold is closed in our books', () => {
    const scenario = protectedLong()
    const tradeId = last(scenario.outputs, 'execution.trade.opened').trade.trade_id
    scenario.play(
      correction(T + 500, {
        correction: 'CLOSE_FROM_FILLS',
        trade_id: tradeId,
        side: 'SELL',
        quantity: '0.1',
      }),
      clock(T + 1_000),
      clock(T + 2_000),
    )
    expect(last(scenario.outputs, 'execution.trade.closed')).toMatchObject({
      exit_reason: 'RECONCILED',
      exit_price: '50000',
    })
    expect(last(scenario.outputs, 'execution.position.changed').side).toBe('FLAT')
  })

  it.each([
    ['never got there', null, 'trade.abandoned'],
    ['rests there', '0.1', 'order.accepted ENTRY 0.1@50000'],
  ])('an order that %s is resolved', (_, quantity, end) => {
    const scenario = Scenario.ready({
      fill_model: { latency_ms: 10_000, base_slippage_percent: 0 },
    })
    scenario.play(approved(T + 100))
    const { client_order_id: id } = last(scenario.outputs, 'execution.order.submitted').order
    const resolve = { correction: 'RESOLVE_ORDER', client_order_id: id, quantity } as const
    expect(told(scenario.play(correction(T + 500, resolve))).at(-1)).toBe(end)
  })

  it('an orphan position gets an emergency stop; adopted, it is closed like ours', () => {
    const orphaned = orphanedLong()
    expect(told(orphaned.outputs)).toEqual([
      'order.submitted EMERGENCY_STOP 0.1@49500',
      'order.accepted EMERGENCY_STOP 0.1@49500',
    ])
    expect(told(orphaned.play(approved(T + 1_000, { id: 'two' })))).toEqual(['trade.abandoned'])
    expect(told(orphaned.play(command(T + 1_000, 'adopt_position', SYMBOL)))).toEqual([
      'position.changed LONG 0.1 protected',
    ])
    orphaned.play(command(T + 1_000, 'close_position', SYMBOL))
    orphaned.print(T + 1_100, 500_000)
    orphaned.play(clock(T + 2_000))
    expect(last(orphaned.outputs, 'execution.position.changed')).toMatchObject({
      side: 'FLAT',
      realized_pnl: '-1',
    })
    expect(orphaned.decider.venueSnapshot().positions).toEqual([])
    expect(told(orphaned.play(approved(T + 2_000, { id: 'three' })))[0]).toBe('trade.started')
  })

  it('an emergency stop that the venue lost is placed anew, one that was canceled is not', () => {
    const orphaned = orphanedLong()
    const { client_order_id: id } = last(orphaned.outputs, 'execution.order.accepted').order
    const lost = correction(T + 1_500, {
      correction_id: 'correction-2',
      correction: 'RECREATE_EXIT',
      client_order_id: id,
    })
    expect(told(orphaned.play(lost, clock(T + 2_000)))).toEqual([
      'order.canceled EMERGENCY_STOP 0.1@49500',
      'order.submitted EMERGENCY_STOP 0.1@49500',
      'order.accepted EMERGENCY_STOP 0.1@49500',
    ])
    const { client_order_id: second } = last(orphaned.outputs, 'execution.order.accepted').order
    expect(
      told(
        orphaned.play(
          correction(T + 2_500, {
            correction_id: 'correction-3',
            correction: 'CANCEL_ORDER',
            client_order_id: second,
          }),
          clock(T + 3_000),
        ),
      ),
    ).toEqual([
      'order.pending_cancel EMERGENCY_STOP 0.1@49500',
      'order.canceled EMERGENCY_STOP 0.1@49500',
    ])
    // Nothing of the orphan is left: the symbol is free again.
    expect(told(orphaned.play(approved(T + 3_000, { id: 'two' })))[0]).toBe('trade.started')
  })
})
