import { describe, expect, it } from '@jest/globals'
import type { CorrectionRequested, Message, Output } from '@tapedeck/contracts'
import { RemoteScenario, fillOf, liveRun, report, seenWallet } from './testing/remote.ts'
import {
  INSTRUMENT,
  START,
  approved,
  clock,
  last,
  message,
  told,
  tradingState,
} from './testing/scenario.ts'

const T = START

/** A long of 0.1 BTC from 50000 whose stop and target rest at the venue. */
const protectedLong = (one = RemoteScenario.live()): RemoteScenario => {
  one.play(approved(T + 100))
  one.tell(T + 300, 'ENTRY', { report: 'filled', side: 'BUY', fill: fillOf('1', '0.1', '50000') })
  one.tell(T + 400, 'STOP', { report: 'accepted' })
  one.tell(T + 400, 'TARGET', { report: 'accepted' })
  return one
}

let nextFill = 100
/** Somebody other than us sells. */
const taken = (quantity: string, id = 'adl_autoclose', side: 'BUY' | 'SELL' = 'SELL') => {
  const fill = fillOf(String(nextFill++), quantity, '49950', '0')
  return report(T + 1_000, { report: 'filled', client_order_id: id, side, fill })
}

const reduced = (): RemoteScenario => {
  const one = protectedLong()
  one.play(clock(T + 900), taken('0.04'))
  return one
}

/** What was told from here on. */
const after = (one: RemoteScenario, act: () => void): string[] => {
  const before = one.outputs.length
  act()
  return told(one.outputs.slice(before))
}
const closed = (outputs: readonly Output[]) => last(outputs, 'execution.trade.closed')
const RESIZED = [
  'order.filled EXIT 0.04@market fill 0.04@49950',
  'position.changed LONG 0.06 protected',
  'order.submitted STOP 0.06@49900',
  'order.submitted TARGET 0.06@50300',
]
const LEFT = [
  'order.filled EXIT 0.04@market fill 0.04@49950',
  'trade.exit_requested',
  'position.changed LONG 0.06 protected',
  'order.submitted EXIT 0.06@market',
]

const CORRECTION: CorrectionRequested = {
  account: 'paper',
  venue: INSTRUMENT.venue,
  symbol: INSTRUMENT.symbol,
  correction_id: 'correction-1',
  finding_id: 'finding-1',
  correction: 'APPLY_FILL',
  trade_id: null,
  client_order_id: 'adl_autoclose',
  side: 'SELL',
  quantity: '0.04',
  price: '49950',
  fill_id: 'BTCUSDT-77',
  fee: '0',
  fee_asset: null,
}

describe('a part of our position that others close', () => {
  it.each([
    ['deleveraging', 'adl_autoclose'],
    ['a liquidation of a part', 'autoclose-1700000000000'],
    ['somebody at the venue’s screen', 'web_abc123'],
  ])('%s: what is left stays, its stop and target are resized', (_, id) => {
    const one = protectedLong()
    expect(after(one, () => one.play(taken('0.04', id)))).toEqual(RESIZED)
    one.restart()
    expect(after(one, () => one.tell(T + 1_100, 'STOP', { report: 'accepted' }))).toEqual([
      'order.accepted STOP 0.06@49900',
      'order.pending_cancel STOP 0.1@49900',
    ])
    expect(after(one, () => one.tell(T + 1_200, 'TARGET', { report: 'accepted' }))).toEqual([
      'order.accepted TARGET 0.06@50300',
      'trade.protected',
      'order.pending_cancel TARGET 0.1@50300',
    ])
    expect(one.sentAll('EXIT')).toEqual([])
  })

  it('the rest leaves as it would have, and the books hold both', () => {
    const one = protectedLong()
    one.play(taken('0.04'))
    for (const role of ['STOP', 'TARGET']) one.tell(T + 1_100, role, { report: 'accepted' })
    const [oldStop, oldTarget] = [one.sentAll('STOP')[0]!, one.sentAll('TARGET')[0]!]
    for (const id of [oldStop, oldTarget])
      one.play(report(T + 1_200, { report: 'canceled', client_order_id: id }))
    const fill = fillOf('2', '0.06', '49900')
    one.tell(T + 2_000, 'STOP', { report: 'filled', side: 'SELL', fill })
    one.tell(T + 2_100, 'TARGET', { report: 'canceled' })
    // 0.04 x -50, 0.06 x -100, and fees of 0.1 for entry and stop.
    expect(closed(one.outputs)).toMatchObject({
      exit_reason: 'STOP',
      exit_price: '49920',
      gross_pnl: '-8',
      net_pnl: '-8.2',
    })
    expect(last(one.outputs, 'execution.position.changed')).toMatchObject({ side: 'FLAT' })
  })

  it.each<[string, readonly string[], string]>([
    ['twice', ['0.04', '0.03'], 'position.changed LONG 0.03 protected'],
    ['all of it, in pieces', ['0.04', '0.03', '0.03'], 'position.changed FLAT 0'],
    ['more than all of it', ['0.04', '0.09'], 'position.changed FLAT 0'],
  ])('%s', (_, quantities, expected) => {
    const one = protectedLong()
    one.play(...quantities.map((quantity) => taken(quantity)))
    expect(told(one.outputs).findLast((line) => line.startsWith('position'))).toBe(expected)
    expect(one.sentAll('EXIT')).toEqual([])
    // One stop on its way at a time, whatever size is wanted by then.
    expect(one.sentAll('STOP')).toHaveLength(2)
    one.tell(T + 1_100, 'STOP', { report: 'accepted' })
    one.tell(T + 1_100, 'TARGET', { report: 'accepted' })
    const open = expected.includes('LONG')
    const lines = told(one.outputs)
    expect(lines.includes('order.submitted STOP 0.03@49900')).toBe(open)
    expect(lines.includes('trade.exit_requested')).toBe(!open)
    expect(lines.filter((line) => line.startsWith('order.pending_cancel')).length).toBe(
      open ? 0 : 4,
    )
  })

  it.each<[string, (one: RemoteScenario) => void, readonly string[]]>([
    [
      'a fill of an order of ours that is over',
      (one) => one.play(taken('0.04', one.sent('STOP').replace('-s', '-x'))),
      LEFT,
    ],
    ['nobody says of which order', (one) => one.play(taken('0.04', '')), LEFT],
    [
      'on the way out already',
      (one) => {
        one.tell(T + 900, 'STOP', { report: 'expired' })
        one.play(taken('0.04'))
      },
      [
        'order.expired STOP 0.1@49900',
        'trade.exit_requested',
        'order.submitted EXIT 0.1@market',
        'position.changed LONG 0.1',
        'order.filled EXIT 0.04@market fill 0.04@49950',
        'position.changed LONG 0.06',
      ],
    ],
    ['a purchase, which is not of ours', (one) => one.play(taken('0.04', 'web_1', 'BUY')), []],
  ])('is no part to go on after: %s', (_, act, expected) => {
    const one = protectedLong()
    const lines = after(one, () => act(one))
    expect(lines.toSorted()).toEqual([...expected].toSorted())
  })

  it('less than the venue takes as an order is not held', () => {
    const one = new RemoteScenario({ venue: 'binance-usdm' })
    const run = liveRun()
    const instruments = [{ ...INSTRUMENT, min_quantity: '0.02' }]
    one.play({ ...run, payload: { ...run.payload, instruments } } as Message)
    one.play(seenWallet(T, '5000'), tradingState(T, 'ACTIVE'))
    protectedLong(one)
    expect(after(one, () => one.play(taken('0.08')))).toContain('order.submitted STOP 0.02@49900')
    one.play(taken('0.005'))
    expect(told(one.outputs).at(-1)).toBe('order.submitted EXIT 0.015@market')
    expect(last(one.outputs, 'execution.trade.exit_requested').reason).toMatch(/^RECONCILED/)
  })

  it('an entry that still rests goes; what of it fills meanwhile is held and protected', () => {
    const one = RemoteScenario.live()
    one.play(approved(T + 100))
    one.tell(T + 300, 'ENTRY', {
      report: 'filled',
      side: 'BUY',
      fill: fillOf('1', '0.06', '50000'),
    })
    one.tell(T + 400, 'STOP', { report: 'accepted' })
    expect(after(one, () => one.play(taken('0.02')))).toEqual([
      'order.filled EXIT 0.02@market fill 0.02@49950',
      'position.changed LONG 0.04 protected',
      'order.pending_cancel ENTRY 0.1@50000',
      'order.submitted STOP 0.04@49900',
    ])
    one.tell(T + 1_100, 'STOP', { report: 'accepted' })
    one.tell(T + 1_200, 'ENTRY', {
      report: 'filled',
      side: 'BUY',
      fill: fillOf('3', '0.01', '50000'),
    })
    expect(last(one.outputs, 'execution.position.changed').quantity).toBe('0.05')
    expect(told(one.outputs)).toContain('order.submitted STOP 0.05@49900')
  })

  it('tells risk: the position, the account and the fill', () => {
    const one = protectedLong()
    const before = one.outputs.length
    one.play(taken('0.04'))
    const types = one.outputs.slice(before).map(({ type }) => type)
    expect(types).toEqual(
      expect.arrayContaining([
        'execution.order.filled',
        'execution.account.updated',
        'execution.position.changed',
      ]),
    )
    expect(last(one.outputs, 'execution.account.updated')).toMatchObject({
      wallet_balance: '4997.9',
    })
  })

  it('learned by reconciliation alone it is the same', () => {
    const one = protectedLong()
    const ask = () => one.play(message('reconciler.correction.requested', T + 1_000, CORRECTION))
    expect(after(one, ask)).toEqual(RESIZED)
  })

  it('told before the entry, which reconciliation brings: booked once it is known which came first', () => {
    const one = RemoteScenario.live()
    one.play(approved(T + 100), clock(T + 900), taken('0.1'))
    const entry = one.sent('ENTRY')
    const fill = fillOf('1', '0.1', '50000')
    const correction: CorrectionRequested = {
      ...CORRECTION,
      client_order_id: entry,
      side: 'BUY',
      fee: fill.fee,
      quantity: fill.quantity,
      price: fill.price,
      fill_id: fill.fill_id,
    }
    one.play(message('reconciler.correction.requested', T + 1_200, correction))
    expect(last(one.outputs, 'execution.position.changed').quantity).toBe('0.1')
    one.restart()
    one.play(
      report(T + 300, {
        report: 'filled',
        client_order_id: entry,
        side: 'BUY',
        fill,
        learned_by: 'query',
      }),
    )
    expect(last(one.outputs, 'execution.position.changed').side).toBe('FLAT')
    one.tell(T + 1_300, 'STOP', { report: 'rejected', code: '-2022' })
    one.tell(T + 1_300, 'TARGET', { report: 'rejected', code: '-2022' })
    expect(closed(one.outputs)).toMatchObject({ exit_reason: 'RECONCILED', gross_pnl: '-5' })
  })
})

describe('the stop for what is left', () => {
  it('refused: the larger one stands, and the right size is tried again ever more slowly', () => {
    const one = reduced()
    const sent: number[] = []
    for (let at = T + 1_000; at < T + 120_000; at += 1_000) {
      if (one.sentAll('STOP').length > sent.length + 1) {
        sent.push(at)
        one.tell(at, 'STOP', { report: 'rejected', code: '-4045', reason: 'too many stop orders' })
      }
      one.play(clock(at))
      one.tell(at, 'TARGET', { report: 'accepted' })
    }
    expect(one.sentAll('EXIT')).toEqual([])
    expect(sent.length).toBeGreaterThan(4)
    expect(sent.length).toBeLessThan(9)
    expect(last(one.outputs, 'execution.position.changed')).toMatchObject({ protected: true })
  })

  it('refused because the price is beyond it: the rest is closed', () => {
    const one = reduced()
    one.tell(T + 1_100, 'STOP', { report: 'rejected', code: '-2021', reason: 'would trigger' })
    expect(told(one.outputs).at(-1)).toBe('order.submitted EXIT 0.06@market')
  })

  it('refused, and what stands is for less than is open: it is closed', () => {
    const one = RemoteScenario.live()
    one.play(approved(T + 100))
    one.tell(T + 300, 'ENTRY', {
      report: 'filled',
      side: 'BUY',
      fill: fillOf('1', '0.06', '50000'),
    })
    one.tell(T + 400, 'STOP', { report: 'accepted' })
    one.tell(T + 500, 'ENTRY', {
      report: 'filled',
      side: 'BUY',
      fill: fillOf('2', '0.04', '50000'),
    })
    one.tell(T + 600, 'STOP', { report: 'rejected', code: '-4045' })
    expect(told(one.outputs).at(-1)).toBe('order.submitted EXIT 0.1@market')
  })

  it('not answered: the larger one protects beyond the bound', () => {
    const one = reduced()
    one.tell(T + 1_100, 'STOP', { report: 'unknown' })
    for (let at = T + 1_000; at < T + 20_000; at += 500) one.play(clock(at))
    expect(one.sentAll('EXIT')).toEqual([])
  })

  it('none stood, and the new one is not acknowledged within the bound: the rest is closed', () => {
    const one = RemoteScenario.live()
    one.play(approved(T + 100))
    one.tell(T + 300, 'ENTRY', { report: 'filled', side: 'BUY', fill: fillOf('1', '0.1', '50000') })
    one.play(taken('0.04'), clock(T + 3_000))
    expect(one.sentAll('EXIT')).toEqual([])
    one.play(clock(T + 3_200))
    expect(last(one.outputs, 'execution.trade.exit_requested').reason).toMatch(
      /no acknowledged stop/,
    )
    expect(told(one.outputs).at(-1)).toBe('order.submitted EXIT 0.06@market')
  })

  it('set off before it is in its place: the larger one closes all that is left', () => {
    const one = reduced()
    const first = one.sentAll('STOP')[0]!
    const fill = fillOf('9', '0.06', '49890')
    one.play(report(T + 1_100, { report: 'filled', client_order_id: first, side: 'SELL', fill }))
    one.play(
      report(T + 1_110, { report: 'expired', client_order_id: first, filled_quantity: '0.06' }),
    )
    for (const role of ['STOP', 'TARGET']) one.tell(T + 1_200, role, { report: 'canceled' })
    one.play(report(T + 1_300, { report: 'canceled', client_order_id: one.sentAll('TARGET')[0]! }))
    expect(closed(one.outputs)).toMatchObject({ exit_reason: 'STOP' })
    expect(one.sentAll('EXIT')).toEqual([])
  })
})
