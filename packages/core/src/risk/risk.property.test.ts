import { describe, expect, it } from '@jest/globals'
import { MESSAGES, type Message, type Output } from '@tapedeck/contracts'
import fc from 'fast-check'
import { dec } from '../decimal/index.ts'
import { createRiskDecider } from './index.ts'
import {
  NOON,
  accountIs,
  closed,
  command,
  configured,
  message,
  on,
  ready,
  reconciled,
  runStarted,
  signal,
  started,
  traded,
} from './risk.fixture.ts'

const symbols = fc.constantFrom('BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT')
const minutes = fc.integer({ min: 0, max: 3000 }).map((n) => NOON + n * 60_000)
const money = fc
  .integer({ min: -60_000, max: 60_000 })
  .map((cents) => dec(cents).div(100).toString())

const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc
    .record({
      symbol: symbols,
      at: minutes,
      id: fc.nat(20),
      grade: fc.constantFrom('A', 'B', 'C', 'INVALID'),
      distance: fc.integer({ min: 1, max: 20_000 }),
      tainted: fc.boolean(),
    })
    .map(({ id, distance, ...rest }) =>
      signal({
        ...(rest as object),
        signal_id: `SIG-${id}`,
        setup_id: `${id}`,
        stop_price_abs: dec(600_000 - distance)
          .div(10)
          .toString(),
        target_price_abs: '61000',
      }),
    ),
  fc.tuple(minutes, symbols).map(([at, symbol]) => traded(at, symbol)),
  fc
    .tuple(fc.integer({ min: 100, max: 20_000 }), money)
    .map(([wallet, pnl]) => accountIs(`${wallet}`, pnl)),
  fc.tuple(money, fc.nat(5)).map(([pnl, id]) => closed(pnl, `T${id}`)),
  fc.tuple(fc.nat(5), symbols).map(([id, symbol]) => started(`T${id}`, symbol, `SIG-${id}`)),
  fc
    .tuple(fc.boolean(), fc.constantFrom('start', 'interval'))
    .map(([clean, trigger]) => reconciled(clean, trigger)),
  fc
    .constantFrom('halt', 'resume', 'reduce', 'flatten', 'resume_session')
    .map((name) => command(name)),
  fc
    .constantFrom('daily_loss', 'drawdown', 'order_rate', 'slippage')
    .map((breaker) => command('reset_breaker', { breaker })),
  fc
    .constantFrom(1, 2, 1000)
    .map((max) => command('set_limits', { limits: { max_open_positions: max } })),
  fc.integer({ min: 59_900, max: 60_100 }).map((price) =>
    message('execution.order.filled', {
      ...on(),
      order: {},
      fill: { expected_price: '60000', last_price: `${price}` },
    }),
  ),
  fc.constant(runStarted()),
)
const tape = fc.array(anyMessage, { maxLength: 40 }).map((messages) => ready().concat(messages))

describe('risk', () => {
  it('does not depend on where its state was saved and restored', () => {
    fc.assert(
      fc.property(tape, fc.nat(46), (messages, cut) => {
        const straight = createRiskDecider(configured())
        let restored = createRiskDecider(configured())
        messages.forEach((each, i) => {
          if (i === cut) restored = createRiskDecider(configured(), restored.snapshot())
          const expected: Output[] = straight.handle(each)
          expect(restored.handle(each)).toEqual(expected)
        })
        expect(restored.snapshot()).toEqual(straight.snapshot())
      }),
    )
  })

  it('approves valid messages alone, within risk and leverage, while everything is in order', () => {
    fc.assert(
      fc.property(tape, (messages) => {
        const decider = createRiskDecider(configured())
        const outputs = messages.flatMap((each) => decider.handle(each))
        for (const { type, payload } of outputs) MESSAGES[type].schema.parse(payload)
        const approvals = outputs.flatMap((o) =>
          o.type === 'risk.signal.approved' ? [o.payload] : [],
        )
        for (const { order, inputs, checks } of approvals) {
          const equity = dec(inputs.equity['equity'] as string)
          expect(equity.gt(0)).toBe(true)
          expect(dec(order.risk_amount).lte(equity.times('0.0025'))).toBe(true)
          expect(dec(order.notional).lte(equity.times(10))).toBe(true)
          expect(inputs.system['trading_state']).toBe('ACTIVE')
          expect(checks.every(({ passed }) => passed === true)).toBe(true)
        }
      }),
    )
  })

  it('decides every signal exactly once, under ids that never repeat in a run', () => {
    fc.assert(
      fc.property(tape, (messages) => {
        const decider = createRiskDecider(configured())
        let ids = new Set<string>()
        for (const each of messages) {
          if (each.type === 'market.run.started') ids = new Set()
          const outputs = decider.handle(each)
          for (const { type, aggregate_id, aggregate_version } of outputs) {
            const id = `${type} ${aggregate_id} ${aggregate_version}`
            expect(ids.has(id)).toBe(false)
            ids.add(id)
          }
          const decisions = outputs.filter(({ type }) => type.startsWith('risk.signal.'))
          expect(decisions).toHaveLength(each.type === 'setup.signal.generated' ? 1 : 0)
        }
      }),
    )
  })
})
