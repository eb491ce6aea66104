import { describe, expect, it } from '@jest/globals'
import type { PayloadOf } from '@tapedeck/contracts'
import { createJournalDecider } from '../review/index.ts'
import { openIntents } from './execution-decider-port.ts'
import { RemoteScenario, fillOf } from './testing/remote.ts'
import { START, SYMBOL, approved, last, message, told } from './testing/scenario.ts'

const T = START

/** A long of which `quantity` is told, with its stop and target at the venue; the rest of 0.1 BTC may still fill. */
const long = (quantity = '0.1'): RemoteScenario => {
  const one = RemoteScenario.live()
  one.play(approved(T + 100))
  const fill = fillOf('1', quantity, '50000')
  one.tell(T + 300, 'ENTRY', { report: 'filled', side: 'BUY', fill })
  one.tell(T + 400, 'STOP', { report: 'accepted' })
  one.tell(T + 400, 'TARGET', { report: 'accepted' })
  return one
}

const flatten = (one: RemoteScenario): void => {
  one.play(
    message('risk.flatten.requested', T + 500, { account: 'paper', at: T + 500, reason: 'x' }),
  )
}

const sold = (one: RemoteScenario, role: string, quantity: string, fee = '0.1'): void => {
  const fill = fillOf(`${role}-${quantity}`, quantity, '49900', fee)
  one.tell(T + 600, role, { report: 'filled', side: 'SELL', fill })
}

const positions = (one: RemoteScenario): string[] =>
  told(one.outputs)
    .filter((line) => line.startsWith('position'))
    .map((line) => line.replace('position.changed ', '').replace(' protected', ''))

/** Every fill that was told: id, quantity, and whether the trade has it. */
const fills = (one: RemoteScenario) =>
  one.outputs.flatMap((output): [string, string, boolean][] => {
    if (!output.type.startsWith('execution.order.')) return []
    const { fill, order } = output.payload as PayloadOf<'execution.order.filled'>
    return fill === null
      ? []
      : [[fill.fill_id, fill.last_quantity, fill.trade_id === order.trade_id]]
  })

/** What the journal makes of it, which adds up the fills of each trade by itself. */
const journalOf = (one: RemoteScenario): string[] => {
  const journal = createJournalDecider({ account: 'paper' })
  return one.outputs
    .flatMap((output) => journal.handle(message(output.type, T, output.payload)))
    .map(({ type }) => type)
}

describe('an exit that fills beyond our position', () => {
  it('never turns us round: what others had added and it closed is not ours', () => {
    const one = long()
    flatten(one)
    sold(one, 'STOP', '0.1')
    sold(one, 'EXIT', '0.04', '7')
    expect(positions(one)).toEqual(['LONG 0.1', 'LONG 0.1', 'FLAT 0'])
    expect(told(one.outputs)).toContain('order.partially_filled EXIT 0.1@market fill 0.04@49900')
    expect(one.decider.takeProblems()).toEqual([
      expect.stringContaining('40 lots beyond our position, which others had added'),
    ])
    // Its orders go as those of any trade that is flat, and it closes with what was ours alone.
    one.tell(T + 700, 'TARGET', { report: 'canceled' })
    one.tell(T + 700, 'EXIT', { report: 'expired', filled_quantity: '0.04' })
    expect(last(one.outputs, 'execution.trade.closed')).toMatchObject({
      gross_pnl: '-10',
      fees: '0.2',
      exit_reason: 'STOP',
    })
    expect(openIntents(one.decider)).toEqual([])
    expect(journalOf(one)).toEqual(['journal.trade.recorded'])
  })

  it.each([
    ['in the quote asset', 'USDT', { fees: '0.12500001', other_fees: [] }],
    ['in another', 'BNB', { fees: '0.1', other_fees: [{ asset: 'BNB', amount: '0.02500001' }] }],
  ])('is divided, its fee %s too', (_, fee_asset, expected) => {
    const one = long()
    flatten(one)
    sold(one, 'STOP', '0.075', '0')
    const fill = { ...fillOf('9', '0.1', '49900', '0.10000003'), fee_asset }
    one.tell(T + 610, 'EXIT', { report: 'filled', side: 'SELL', fill })
    one.tell(T + 700, 'STOP', { report: 'canceled', filled_quantity: '0.075' })
    one.tell(T + 700, 'TARGET', { report: 'canceled' })
    expect(positions(one).slice(-2)).toEqual(['LONG 0.025', 'FLAT 0'])
    expect(fills(one).slice(-2)).toEqual([
      [`${SYMBOL}-9`, '0.025', true],
      [`${SYMBOL}-9-others`, '0.075', false],
    ])
    expect(last(one.outputs, 'execution.trade.closed')).toMatchObject({
      gross_pnl: '-10',
      ...expected,
    })
  })

  it('is told with its order, and belongs to no trade of ours', () => {
    const one = long()
    flatten(one)
    sold(one, 'EXIT', '0.1')
    sold(one, 'STOP', '0.04')
    expect(fills(one)).toEqual([
      [`${SYMBOL}-1`, '0.1', true],
      [`${SYMBOL}-EXIT-0.1`, '0.1', true],
      [`${SYMBOL}-STOP-0.04`, '0.04', false],
    ])
  })

  it('is ours while the entry may have filled more than was told', () => {
    const one = long('0.06')
    flatten(one)
    sold(one, 'STOP', '0.06')
    sold(one, 'EXIT', '0.03', '0.3')
    one.restart()
    const fill = fillOf('2', '0.04', '50000')
    one.tell(T + 650, 'ENTRY', { report: 'filled', side: 'BUY', fill })
    expect(positions(one).at(-1)).toBe('LONG 0.01')
    expect(fills(one).every(([, , ours]) => ours)).toBe(true)
    expect(one.decider.takeProblems()).toEqual([])
  })
})
