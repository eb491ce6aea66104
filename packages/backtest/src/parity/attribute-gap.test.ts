import { describe, expect, it } from '@jest/globals'
import { dec, sum, toDecimalString } from '@tapedeck/core'
import fc from 'fast-check'
import { attributeGap } from './attribute-gap.ts'
import { type Outcome, PARTS, type Part } from './parity-report.ts'
import type { Fill, SignalFacts, TradeFacts } from './session-facts.ts'

const SIGNAL = {
  venue: 'v',
  symbol: 'S',
  side: 'BUY',
  at: 1_000,
  signal_id: 'SIG-1',
} as SignalFacts['signal']

type Leg = { readonly at: number; readonly price: string; readonly quantity: string }

const fillOf = ({ at, price, quantity }: Leg): Fill =>
  ({ at, last_price: price, last_quantity: quantity }) as Fill

type Made = {
  readonly entry?: Leg
  readonly exit?: Leg
  readonly fees?: string
  readonly funding?: string
  readonly reason?: string
  readonly stop?: string
  readonly status?: 'closed' | 'open' | 'not_filled' | 'denied' | 'undecided'
}

const ENTRY: Leg = { at: 1_100, price: '100', quantity: '2' }
const EXIT: Leg = { at: 9_000, price: '103', quantity: '2' }

/** A long trade with its money as a ledger would have it. */
const facts = (made: Made = {}): SignalFacts => {
  const { entry = ENTRY, exit = EXIT, fees = '0.3', funding = '0', reason = 'TARGET' } = made
  const { stop = '98', status = 'closed' } = made
  const one: SignalFacts = { signal: SIGNAL, approved: null, denied: null, trade: null }
  if (status === 'undecided') return one
  if (status === 'denied')
    return {
      ...one,
      denied: { reason: 'FEED_STALE', reasons: ['FEED_STALE'], checks: [] } as never,
    }
  const gross = dec(exit.price).minus(entry.price).times(exit.quantity)
  const trade = {
    trade_id: 'trade-1',
    side: 'BUY',
    planned_quantity: '2',
    planned_entry_price: '100',
    initial_stop_price: stop,
    target_price: '103',
    entry_price: entry.price,
  }
  const closed = {
    trade,
    closed_at: exit.at,
    exit_price: exit.price,
    exit_reason: reason,
    fees,
    funding,
    net_pnl: toDecimalString(gross.minus(fees).plus(funding)),
  }
  return {
    ...one,
    trade: {
      trade: trade as TradeFacts['trade'],
      entries: status === 'not_filled' ? [] : [fillOf(entry)],
      exits: status === 'closed' ? [fillOf(exit)] : [],
      closed: status === 'closed' ? (closed as TradeFacts['closed']) : null,
      abandoned: status === 'not_filled' ? 'its time to live passed' : null,
    },
  }
}

const attribute = (
  recorded: SignalFacts | undefined,
  backtest: SignalFacts | undefined,
  dataDiffers = false,
) => attributeGap({ matched: 'signal', recorded, backtest }, 0, () => dataDiffers)

const shown = (
  parts: Readonly<Record<Part, ReturnType<typeof dec>>>,
): Partial<Record<Part, string>> =>
  Object.fromEntries(
    PARTS.filter((part) => !parts[part].isZero()).map((part) => [part, parts[part].toString()]),
  )

const text = (a: SignalFacts | undefined, b: SignalFacts | undefined): string =>
  attribute(a, b).reasons.join('; ')

describe('where the gap of a trade stands', () => {
  it.each<
    [string, SignalFacts | undefined, SignalFacts | undefined, Partial<Record<Part, string>>]
  >([
    ['nothing differs', facts(), facts(), {}],
    ['fees', facts({ fees: '0.5' }), facts(), { fee: '-0.2' }],
    ['funding', facts({ funding: '-0.1' }), facts(), { funding: '-0.1' }],
    [
      'the exit, same moment',
      facts({ exit: { ...EXIT, price: '102.5' } }),
      facts(),
      { fill: '-1' },
    ],
    [
      'the exit, later',
      facts({ exit: { ...EXIT, price: '102.5', at: 9_500 } }),
      facts(),
      { timing: '-1' },
    ],
    [
      'the exit, for another reason',
      facts({ exit: { ...EXIT, price: '102.5' }, reason: 'MANUAL' }),
      facts(),
      { timing: '-1' },
    ],
    [
      'the entry, same moment',
      facts({ entry: { ...ENTRY, price: '100.1' } }),
      facts(),
      { fill: '-0.2' },
    ],
    [
      'a later entry, a worse exit, more fees',
      facts({
        entry: { ...ENTRY, price: '100.1', at: 1_200 },
        exit: { ...EXIT, price: '102' },
        fees: '0.4',
      }),
      facts(),
      { timing: '-0.2', fill: '-2', fee: '-0.1' },
    ],
    [
      'filled in part',
      facts({ entry: { ...ENTRY, quantity: '1' }, exit: { ...EXIT, quantity: '1' } }),
      facts(),
      { fill: '-3' },
    ],
    [
      'another order',
      facts({ stop: '97', exit: { ...EXIT, price: '104' } }),
      facts(),
      { signal: '2' },
    ],
    ['no signal there', facts(), undefined, { signal: '5.7' }],
    ['no signal here', undefined, facts(), { signal: '-5.7' }],
    ['denied here', facts({ status: 'denied' }), facts(), { signal: '-5.7' }],
    ['not filled there', facts(), facts({ status: 'not_filled' }), { fill: '5.7' }],
    ['still open here', facts({ status: 'open' }), facts(), { timing: '-5.7' }],
    ['not judged yet', facts({ status: 'undecided' }), facts(), { timing: '-5.7' }],
  ])('%s', (_, recorded, backtest, parts) => {
    expect(shown(attribute(recorded, backtest).parts)).toEqual(parts)
    // Where the prints differ, they come first; fees and funding stand for themselves.
    const { fee, funding, ...moved } = parts
    const { data = '0', ...rest } = shown(attribute(recorded, backtest, true).parts)
    expect(data).toBe(sum(Object.values(moved)).toString())
    expect(rest).toEqual(Object.fromEntries(Object.entries({ fee, funding }).filter(([, v]) => v)))
  })

  it('says why, for each side that has no counterpart', () => {
    expect(text(facts(), undefined)).toBe('backtest: no such signal')
    expect(text(facts({ status: 'denied' }), facts())).toBe('recorded session: denied: FEED_STALE')
    expect(text(facts(), facts({ status: 'not_filled' }))).toBe('backtest: its time to live passed')
  })

  it('the parts add up to the gap to the last digit, whatever differs', () => {
    const price = fc.integer({ min: 1, max: 999_999 }).map((ticks) => `${ticks}.${ticks % 97}`)
    const leg = fc.record({
      at: fc.integer({ min: 1, max: 4 }),
      price,
      quantity: fc.constantFrom('1', '0.3'),
    })
    const status = fc.constantFrom<Outcome['outcome'] & NonNullable<Made['status']>>(
      'closed',
      'open',
      'denied',
      'not_filled',
    )
    const side = fc
      .record({
        entry: leg,
        exit: leg,
        fees: price,
        funding: price,
        stop: fc.constantFrom('1', '2'),
        status,
      })
      .map((made) => facts(made))
    fc.assert(
      fc.property(side, side, fc.boolean(), (a, b, differs) => {
        const { gap, parts } = attribute(a, b, differs)
        expect(sum(PARTS.map((part) => parts[part])).toString()).toBe(gap.toString())
      }),
      { numRuns: 300 },
    )
  })
})
