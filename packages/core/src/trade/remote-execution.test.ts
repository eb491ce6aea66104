import { describe, expect, it } from '@jest/globals'
import type { Output } from '@tapedeck/contracts'
import { openIntents } from './execution-decider-port.ts'
import { RemoteScenario, fillOf, liveRun, report, seenWallet } from './testing/remote.ts'
import { START, approved, clock, last, runStarted, told, tradingState } from './testing/scenario.ts'

const T = START

/** A long of 0.1 BTC from 50000 whose stop and target rest at the venue. */
const protectedLong = (config: Parameters<typeof RemoteScenario.live>[0] = {}): RemoteScenario => {
  const one = RemoteScenario.live(config)
  one.play(approved(T + 100))
  one.tell(T + 200, 'ENTRY', { report: 'accepted', venue_order_id: '1' })
  one.tell(T + 300, 'ENTRY', { report: 'filled', side: 'BUY', fill: fillOf('1', '0.1', '50000') })
  one.tell(T + 400, 'STOP', { report: 'accepted', venue_order_id: '2' })
  one.tell(T + 400, 'TARGET', { report: 'accepted', venue_order_id: '3' })
  return one
}

const openEntry = (): RemoteScenario => {
  const one = RemoteScenario.live()
  one.play(approved(T + 100))
  return one
}

const filled = (): RemoteScenario => {
  const one = openEntry()
  one.tell(T + 200, 'ENTRY', { report: 'filled', side: 'BUY', fill: fillOf('1', '0.1', '50000') })
  return one
}
const reasonOf = (one: RemoteScenario): string =>
  last(one.outputs, 'execution.trade.exit_requested').reason

const closed = (outputs: readonly Output[]) => last(outputs, 'execution.trade.closed')

describe('a trade on a live venue', () => {
  it('tells intents, and goes on by what is reported', () => {
    const one = protectedLong()
    one.tell(T + 1_000, 'STOP', { report: 'triggering' })
    one.tell(T + 1_001, 'STOP', { report: 'triggered', venue_order_id: '9' })
    const fill = fillOf('2', '0.1', '49899.5')
    one.tell(T + 1_002, 'STOP', { report: 'filled', side: 'SELL', fill, venue_order_id: '9' })
    one.tell(T + 1_100, 'TARGET', { report: 'canceled' })
    expect(told(one.outputs)).toEqual([
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
      'order.filled STOP 0.1@49900 fill 0.1@49899.5',
      'position.changed FLAT 0',
      'order.pending_cancel TARGET 0.1@50300',
      'order.canceled TARGET 0.1@50300',
      'trade.closed STOP -10.25',
    ])
    expect(one.decider.takeProblems()).toEqual([])
  })

  it('starts from the wallet that the venue shows, and takes over what changed it', () => {
    const one = protectedLong()
    expect(last(one.outputs, 'execution.account.updated').wallet_balance).toBe('4999.9')
    one.play(seenWallet(T + 2_000, '5099.9'))
    expect(last(one.outputs, 'execution.account.updated').wallet_balance).toBe('4999.9')
    one.play(seenWallet(T + 3_000, '5099.9'))
    expect(last(one.outputs, 'execution.account.updated').wallet_balance).toBe('5099.9')
    expect(one.decider.takeProblems()).toEqual(['the wallet changed by 100, not by us'])
  })

  it('books funding that is reported, each payment once', () => {
    const one = protectedLong()
    const paid = report(T + 500, { report: 'funding', amount: '-1.5' })
    one.play(paid, paid)
    one.tell(T + 600, 'STOP', { report: 'filled', side: 'SELL', fill: fillOf('2', '0.1', '49900') })
    one.tell(T + 700, 'TARGET', { report: 'canceled' })
    expect(closed(one.outputs)).toMatchObject({ funding: '-1.5', net_pnl: '-11.7' })
  })

  it('is not traded on from a market that is not live', () => {
    const one = new RemoteScenario({ venue: 'binance-usdm' })
    one.play(runStarted(), seenWallet(T, '5000'), tradingState(T, 'ACTIVE'), approved(T + 100))
    expect(last(one.outputs, 'execution.trade.abandoned').reason).toMatch(/MARKET_NOT_LIVE/)
  })
})

describe('news in any order', () => {
  it.each([
    ['a fill before its acknowledgement', ['filled', 'accepted']],
    ['twice the same', ['accepted', 'filled', 'filled', 'accepted']],
    ['unknown, and then it filled', ['unknown', 'filled', 'accepted']],
    ['an end after the fill', ['filled', 'canceled', 'expired', 'rejected']],
  ] as const)('%s', (_, kinds) => {
    const one = openEntry()
    for (const [i, kind] of kinds.entries())
      one.tell(T + 200 + i, 'ENTRY', {
        report: kind,
        side: 'BUY',
        fill: kind === 'filled' ? fillOf('1', '0.1', '50000') : null,
      })
    one.restart()
    expect(last(one.outputs, 'execution.position.changed')).toMatchObject({ quantity: '0.1' })
    expect(one.outputs.filter(({ type }) => type === 'execution.order.filled')).toHaveLength(1)
    expect(one.sentAll('STOP')).toHaveLength(1)
    expect(one.decider.takeProblems()).toEqual([])
  })

  it('an end counts once all fills that it counts are known', () => {
    const one = openEntry()
    one.tell(T + 200, 'ENTRY', { report: 'accepted' })
    one.tell(T + 300, 'ENTRY', { report: 'canceled', filled_quantity: '0.04' })
    expect(told(one.outputs).at(-1)).toBe('order.accepted ENTRY 0.1@50000')
    expect(one.decider.takeProblems()).toMatchObject([expect.stringContaining('40 lots filled, 0')])
    one.restart()
    one.tell(T + 400, 'ENTRY', {
      report: 'filled',
      side: 'BUY',
      fill: fillOf('1', '0.04', '50000'),
    })
    expect(told(one.outputs).slice(-5)).toEqual([
      'trade.opened',
      'position.changed LONG 0.04',
      'order.canceled ENTRY 0.1@50000',
      'order.submitted STOP 0.04@49900',
      'order.submitted TARGET 0.04@50300',
    ])
  })

  it('a fill of an entry that was given up is held and protected', () => {
    const one = openEntry()
    const entry = one.sent('ENTRY')
    one.tell(T + 200, 'ENTRY', { report: 'rejected', code: '-2010', reason: 'no' })
    expect(told(one.outputs).at(-1)).toBe('trade.abandoned')
    const fill = fillOf('1', '0.1', '50000')
    one.play(report(T + 900, { report: 'filled', client_order_id: entry, side: 'BUY', fill }))
    expect(told(one.outputs).slice(-6)).toEqual([
      'trade.started',
      'order.filled ENTRY 0.1@50000 fill 0.1@50000',
      'trade.opened',
      'position.changed LONG 0.1',
      'order.submitted STOP 0.1@49900',
      'order.submitted TARGET 0.1@50300',
    ])
    expect(one.sentAll('ENTRY')).toHaveLength(1)
  })

  it('what the venue or somebody else closes is an exit', () => {
    const one = protectedLong()
    const fill = fillOf('77', '0.1', '49000.03', '2')
    const autoclose = { client_order_id: 'autoclose-1', side: 'SELL', fill } as const
    one.play(report(T + 900, { report: 'filled', ...autoclose }))
    one.tell(T + 950, 'STOP', { report: 'expired' })
    one.tell(T + 951, 'TARGET', { report: 'expired' })
    expect(closed(one.outputs)).toMatchObject({ exit_reason: 'RECONCILED', fees: '2.1' })
    expect(one.sentAll('EXIT')).toEqual([])
    expect(last(one.outputs, 'execution.position.changed').side).toBe('FLAT')
  })

  it('a fill that is not ours and reduces nothing is left alone', () => {
    const one = openEntry()
    const fill = fillOf('5', '1', '50000')
    one.play(report(T + 150, { report: 'filled', client_order_id: 'web_1', side: 'BUY', fill }))
    expect(told(one.outputs)).toEqual(['trade.started', 'order.submitted ENTRY 0.1@50000'])
    expect(one.decider.takeProblems()).toHaveLength(1)
  })
})

describe('what the venue refuses', () => {
  it('an entry that never was there is sent under a new id, within its time to live', () => {
    const one = openEntry()
    const never = { report: 'rejected', may_resend: true, reason: 'not found' } as const
    one.tell(T + 200, 'ENTRY', never)
    one.play(clock(T + 1_000))
    one.tell(T + 1_100, 'ENTRY', never)
    one.play(clock(T + 2_000))
    one.tell(T + 2_100, 'ENTRY', never)
    one.play(clock(T + 3_000))
    expect(new Set(one.sentAll('ENTRY')).size).toBe(3)
    expect(told(one.outputs).at(-1)).toBe('trade.abandoned')
  })

  it('an entry that never was there is not sent after its time', () => {
    const one = openEntry()
    one.play(clock(T + 9_900))
    one.tell(T + 9_950, 'ENTRY', { report: 'rejected', may_resend: true })
    one.play(clock(T + 11_000))
    expect(one.sentAll('ENTRY')).toHaveLength(1)
    expect(told(one.outputs).at(-1)).toBe('trade.abandoned')
  })

  it.each([
    [
      'is refused because it would trigger',
      { report: 'rejected', code: '-2021' },
      /refused: -2021/,
    ],
    ['is refused', { report: 'rejected', code: '-4045' }, /refused/],
  ] as const)('a stop that %s', (_, what, reason) => {
    const one = filled()
    one.tell(T + 300, 'STOP', what)
    expect(reasonOf(one)).toMatch(reason)
    expect(one.sentAll('EXIT')).toHaveLength(1)
  })

  it.each([
    ['expires', [{ report: 'expired', code: 'EXPIRED' }], /expired/],
    ['is refused at its trigger', [{ report: 'triggering' }, { report: 'rejected' }], /triggered/],
    ['ends without a fill', [{ report: 'triggered' }, { report: 'canceled' }], /triggered/],
  ] as const)('a stop that %s', (_, news, reason) => {
    const one = protectedLong()
    for (const what of news) one.tell(T + 900, 'STOP', what)
    expect(reasonOf(one)).toMatch(reason)
    expect(one.sentAll('EXIT')).toHaveLength(1)
  })

  it('a stop that somebody cancels is placed anew', () => {
    const one = protectedLong()
    one.tell(T + 900, 'STOP', { report: 'canceled' })
    expect(one.sentAll('STOP')).toHaveLength(2)
    expect(one.sentAll('EXIT')).toEqual([])
  })

  it('a stop that never was there is sent again, until the bound', () => {
    const one = filled()
    one.tell(T + 300, 'STOP', { report: 'rejected', may_resend: true })
    one.play(clock(T + 1_000))
    expect(one.sentAll('STOP')).toHaveLength(2)
    one.tell(T + 1_100, 'STOP', { report: 'unknown' })
    one.play(clock(T + 3_000))
    expect(one.sentAll('EXIT')).toEqual([])
    one.play(clock(T + 4_000))
    expect(reasonOf(one)).toMatch(/no acknowledged stop for 3/)
    expect(one.sentAll('EXIT')).toHaveLength(1)
  })

  it('a stop that triggers and does not fill is closed at the market, and ignored in the end', () => {
    const one = protectedLong()
    one.play(clock(T + 1_000))
    one.tell(T + 900, 'STOP', { report: 'triggering' })
    one.restart()
    one.play(clock(T + 3_900))
    expect(one.sentAll('EXIT')).toEqual([])
    one.play(clock(T + 4_000))
    expect(reasonOf(one)).toMatch(/triggering for 3/)
    const fill = fillOf('2', '0.1', '49880')
    one.tell(T + 4_200, 'EXIT', { report: 'filled', side: 'SELL', fill })
    one.tell(T + 4_300, 'TARGET', { report: 'canceled' })
    for (let i = 0; i < 5; i++) {
      one.tell(T + 5_000 + i * 10_000, 'STOP', { report: 'cancel_rejected', code: '-4117' })
      one.play(clock(T + 14_000 + i * 10_000))
    }
    expect(closed(one.outputs).exit_reason).toBe('UNPROTECTED')
  })

  it('an exit that fills in part and expires is followed by one for the rest', () => {
    const one = protectedLong()
    one.tell(T + 900, 'STOP', { report: 'expired' })
    const fill = fillOf('2', '0.03', '49900')
    one.tell(T + 950, 'EXIT', { report: 'filled', side: 'SELL', fill })
    one.tell(T + 960, 'EXIT', { report: 'expired', filled_quantity: '0.03' })
    expect(told(one.outputs).at(-1)).toBe('order.submitted EXIT 0.07@market')
  })

  it('an exit that is refused is tried ever more slowly, for as long as something is open', () => {
    const one = protectedLong()
    one.tell(T + 900, 'STOP', { report: 'expired' })
    one.tell(T + 950, 'EXIT', { report: 'rejected', code: '-2022', reason: 'ReduceOnly' })
    expect(one.sentAll('EXIT')).toHaveLength(1)
    for (let at = T + 2_000; at < T + 600_000; at += 31_000) {
      one.play(clock(at))
      one.tell(at + 1, 'EXIT', { report: 'rejected', code: '-1' })
    }
    expect(one.sentAll('EXIT').length).toBeGreaterThan(12)
  })
})

describe('a new run and a restart', () => {
  it('forgets nothing that is open at the venue', () => {
    const one = protectedLong()
    const before = openIntents(one.decider).map(({ order }) => order.client_order_id)
    one.play(liveRun(T + 5_000))
    expect(openIntents(one.decider).map(({ order }) => order.client_order_id)).toEqual(before)
    expect(told(one.outputs).at(-1)).toBe('position.changed LONG 0.1 protected')
    one.restart()
    one.tell(T + 6_000, 'TARGET', {
      report: 'filled',
      side: 'SELL',
      fill: fillOf('2', '0.1', '50300'),
    })
    one.tell(T + 6_100, 'STOP', { report: 'canceled' })
    expect(closed(one.outputs)).toMatchObject({ exit_reason: 'TARGET', net_pnl: '29.8' })
  })

  it('tells a courier of all that is not over, and what is to be canceled', () => {
    const one = openEntry()
    expect(openIntents(one.decider)).toMatchObject([
      { venue: 'binance-usdm', symbol: 'BTCUSDT', order: { role: 'ENTRY', status: 'SUBMITTED' } },
    ])
    one.play(clock(T + 10_200))
    const fill = fillOf('1', '0.01', '50000')
    one.tell(T + 10_300, 'ENTRY', { report: 'filled', side: 'BUY', fill })
    one.restart()
    expect(openIntents(one.decider).map(({ order }) => [order.role, order.status])).toEqual([
      ['ENTRY', 'PENDING_CANCEL'],
      ['STOP', 'SUBMITTED'],
      ['TARGET', 'SUBMITTED'],
    ])
  })
})
