import { describe, expect, it } from '@jest/globals'
import type { ExecutionConfig, Message, VenueReported } from '@tapedeck/contracts'
import { dec } from '../decimal/index.ts'
import { NO_FILLS, addFill, compareClosedTrade } from '../review/record-trade.ts'
import { addOtherFee, paidIn, valueFee } from './other-fee.ts'
import { RemoteScenario, liveRun, report, seenWallet } from './testing/remote.ts'
import {
  INSTRUMENT,
  START,
  VENUE,
  approved,
  last,
  message,
  tradingState,
} from './testing/scenario.ts'

const T = START

describe('fees in another asset', () => {
  it.each<[string, readonly (readonly [string, number | null])[], object]>([
    ['with a price', [['0.002', 600]], { amount: '0.002', quote_value: '1.2', unvalued: '0' }],
    ['without one', [['0.002', null]], { amount: '0.002', quote_value: null, unvalued: '0.002' }],
    [
      'of both kinds',
      [
        ['0.002', null],
        ['0.001', 600],
      ],
      { amount: '0.003', quote_value: '0.6', unvalued: '0.002' },
    ],
    ['a rebate', [['-0.001', 600]], { amount: '-0.001', quote_value: '-0.6', unvalued: '0' }],
    [
      'rounded to the eighth digit',
      [['0.00000001', 0.333333333]],
      { amount: '0.00000001', quote_value: '0', unvalued: '0' },
    ],
  ])('%s', (_, paid, expected) => {
    const sums = paid.reduce(
      (before, [amount, price]) =>
        addOtherFee(before, valueFee('BNB', amount, price === null ? null : dec(price))),
      addOtherFee([], { asset: 'FDUSD', amount: '1', value: '1' }),
    )
    expect(sums).toEqual([
      { asset: 'FDUSD', amount: '1', quote_value: '1', unvalued: '0' },
      { asset: 'BNB', ...expected },
    ])
    expect(paidIn(sums, 'USDC').isZero()).toBe(true)
  })
})

const BNB = {
  ...INSTRUMENT,
  symbol: 'BNBUSDT',
  base_asset: 'BNB',
  tick_size: '0.01',
  lot_size: '0.01',
}
const mark = (price: number): Message =>
  message('market.mark', T + 50, {
    venue: VENUE,
    symbol: 'BNBUSDT',
    mark_price: price,
    index_price: price,
    funding_rate: 0,
    next_funding_time: T + 3_600_000,
  })
const paidInBnb = (id: string, price: string, fee: string): NonNullable<VenueReported['fill']> => ({
  fill_id: `BTCUSDT-${id}`,
  quantity: '0.1',
  price,
  fee,
  fee_asset: 'BNB',
  liquidity: 'TAKER',
})

/** A look that was clean and showed these wallets. */
const wallets = (at: number, usdt: string, bnb: string): Message => {
  const look = seenWallet(at, usdt) as Message<'reconciler.run.completed'>
  const balances = [
    { asset: 'USDT', wallet: usdt },
    { asset: 'BNB', wallet: bnb },
  ]
  return { ...look, payload: { ...look.payload, seen: { ...look.payload.seen!, balances } } }
}

type Priced = { readonly marked?: number; readonly config?: Partial<ExecutionConfig> }

/** A long of 0.1 BTC, bought at 50000 and sold by its stop at 49900, each for a fee of 0.002 BNB. */
const traded = ({ marked, config = {} }: Priced): RemoteScenario => {
  const one = new RemoteScenario({ venue: 'binance-usdm', ...config })
  const run = liveRun()
  one.play({ ...run, payload: { ...run.payload, instruments: [INSTRUMENT, BNB] } } as Message)
  one.play(wallets(T, '5000', '1'), tradingState(T, 'ACTIVE'))
  one.print(T, 500_000)
  if (marked !== undefined) one.play(mark(marked))
  one.play(approved(T + 100))
  one.tell(T + 200, 'ENTRY', {
    report: 'filled',
    side: 'BUY',
    fill: paidInBnb('1', '50000', '0.002'),
  })
  for (const role of ['STOP', 'TARGET']) one.tell(T + 300, role, { report: 'accepted' })
  one.restart()
  one.tell(T + 400, 'STOP', {
    report: 'filled',
    side: 'SELL',
    fill: paidInBnb('2', '49900', '0.002'),
  })
  one.tell(T + 500, 'TARGET', { report: 'canceled' })
  return one
}

describe('a trade whose commission was paid in BNB', () => {
  it.each<[string, Priced, string | null, object]>([
    [
      'at the mark on the tape',
      { marked: 600, config: { fee_prices: { BNB: '1' } } },
      '1.2',
      { fees: '2.4', net_pnl: '-12.4', other_fees: [{ quote_value: '2.4', unvalued: '0' }] },
    ],
    [
      'at the configured price',
      { config: { fee_prices: { BNB: '500' } } },
      '1',
      { fees: '2', net_pnl: '-12', other_fees: [{ quote_value: '2', unvalued: '0' }] },
    ],
    [
      'at no price: not taken for nothing',
      {},
      null,
      { fees: '0', net_pnl: '-10', other_fees: [{ quote_value: null, unvalued: '0.004' }] },
    ],
  ])('%s', (_, priced, value, expected) => {
    const one = traded(priced)
    expect(last(one.outputs, 'execution.order.filled').fill).toMatchObject({
      fee: '0.002',
      fee_asset: 'BNB',
      fee_quote: value,
    })
    const closed = last(one.outputs, 'execution.trade.closed')
    expect(closed).toMatchObject({ gross_pnl: '-10', ...expected })
    expect(closed.other_fees).toMatchObject([{ asset: 'BNB', amount: '0.004' }])
    const problems = one.decider.takeProblems().filter((problem) => problem.includes('BNB'))
    expect(problems).toHaveLength(value === null ? 1 : 0)
    // The journal adds the same up from the fills.
    const sums = one.outputs.reduce(
      (sum, told) =>
        told.type === 'execution.order.filled' ? addFill(sum, told.payload.fill!) : sum,
      NO_FILLS,
    )
    expect(compareClosedTrade(closed, sums, T)).toBeNull()
  })

  it('leaves the wallet of the quote asset alone, and is all that changes its own', () => {
    const one = traded({ marked: 600 })
    expect(last(one.outputs, 'execution.account.updated').wallet_balance).toBe('4990')
    for (const at of [T + 1_000, T + 2_000]) one.play(wallets(at, '4990', '0.996'))
    expect(one.decider.takeProblems()).toEqual([])
    expect(last(one.outputs, 'execution.account.updated').wallet_balance).toBe('4990')
  })

  it('what else changes a wallet is told by its asset, once two looks agree', () => {
    const one = traded({ marked: 600 })
    one.decider.takeProblems()
    one.play(wallets(T + 1_000, '4990', '0.796'))
    expect(one.decider.takeProblems()).toEqual([])
    one.restart()
    one.play(wallets(T + 2_000, '4990', '0.796'), wallets(T + 3_000, '4990', '0.796'))
    expect(one.decider.takeProblems()).toEqual(['the wallet of BNB changed by -0.2, not by us'])
  })

  it('learned by reconciliation alone, the asset is told with the fee', () => {
    const one = traded({ marked: 600 })
    one.play(tradingState(T + 900, 'ACTIVE'), approved(T + 1_000, { id: 'two' }))
    one.tell(T + 1_100, 'ENTRY', { report: 'accepted' })
    one.play(
      message('reconciler.correction.requested', T + 1_200, {
        account: 'paper',
        venue: VENUE,
        symbol: INSTRUMENT.symbol,
        correction_id: 'correction-1',
        finding_id: 'finding-1',
        correction: 'APPLY_FILL',
        trade_id: null,
        client_order_id: one.sent('ENTRY'),
        side: 'BUY',
        quantity: '0.1',
        price: '50000',
        fill_id: 'BTCUSDT-9',
        fee: '0.003',
        fee_asset: 'BNB',
      }),
    )
    expect(last(one.outputs, 'execution.order.filled').fill).toMatchObject({
      fee: '0.003',
      fee_asset: 'BNB',
      fee_quote: '1.8',
    })
  })

  it('a fill of which others hold a part pays its fee once', () => {
    const one = traded({ marked: 600 })
    one.play(tradingState(T + 900, 'ACTIVE'), approved(T + 1_000, { id: 'two' }))
    one.tell(T + 1_100, 'ENTRY', {
      report: 'filled',
      side: 'BUY',
      fill: paidInBnb('3', '50000', '0.002'),
    })
    const fill = { ...paidInBnb('4', '49000', '0.01'), quantity: '0.3' }
    one.play(
      report(T + 1_200, { report: 'filled', client_order_id: 'autoclose-1', side: 'SELL', fill }),
    )
    for (const role of ['STOP', 'TARGET']) one.tell(T + 1_300, role, { report: 'canceled' })
    expect(last(one.outputs, 'execution.trade.closed').other_fees).toMatchObject([
      { amount: '0.012' },
    ])
  })
})
