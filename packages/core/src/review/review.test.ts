import { describe, expect, it } from '@jest/globals'
import type { Message, Output, SetupEvaluated, TradeClosed } from '@tapedeck/contracts'
import {
  START,
  SYMBOL,
  Scenario,
  VENUE,
  approved,
  clock,
  last,
  message,
  runStarted,
} from '../trade/testing/scenario.ts'
import { createAnalystDecider, createJournalDecider, lessonsOf, writeReview } from './index.ts'

const T = START
const asMessage = (one: Output): Message => message(one.type, one.occurred_at, one.payload as never)

const evaluation: SetupEvaluated = {
  venue: VENUE,
  symbol: SYMBOL,
  setup_id: 'setup-one',
  at: T + 100,
  strategy: 'trend_continuation',
  side: 'BUY',
  grade: 'A',
  boxes: [
    { box: 'BIAS', checked: true, note: 'four rising bars', numbers: { rising: 4 } },
    { box: 'MICRO', checked: false, note: 'closed inside its range', numbers: {} },
  ],
  score: 4,
  price: '50000',
  poi: null,
  signalled: true,
  reasons: [],
  features_event_id: 'x',
}

/** The tape of one trade that reached its target, as journal and analyst read it. */
const tape = (): Message[] => {
  const scenario = Scenario.ready()
  scenario.play(approved(T + 100))
  scenario.print(T + 200, 499_999, 40)
  scenario.print(T + 300, 499_999)
  scenario.print(T + 1_000, 501_000)
  scenario.print(T + 1_100, 501_000)
  scenario.print(T + 2_000, 503_000)
  scenario.print(T + 2_001, 503_000)
  scenario.play(clock(T + 3_000))
  return [
    runStarted(),
    message('setup.evaluated', T + 100, evaluation),
    approved(T + 100),
    ...scenario.outputs.map(asMessage),
  ]
}
const closedOf = (messages: readonly Message[]): TradeClosed =>
  last(messages as unknown as Output[], 'execution.trade.closed')

describe('journal', () => {
  it('records a trade when its fills add up to the last digit, and sums up', () => {
    const journal = createJournalDecider({ account: 'paper' })
    const once = tape().flatMap((one) => journal.handle(one))
    const { net_pnl: net } = closedOf(tape())
    expect(once).toMatchObject([
      {
        type: 'journal.trade.recorded',
        correlation_id: 'setup-one',
        payload: { fills: 3, net_pnl: net, cumulative_pnl: net },
      },
    ])
  })

  it.each<[string, (messages: Message[]) => Message[], RegExp]>([
    [
      'a lost fill',
      (messages) => messages.filter(({ type }) => type !== 'execution.order.partially_filled'),
      /quantity left stated 0, from the fills -0.04; gross stated/,
    ],
    [
      'a net that is a hair off',
      (messages) =>
        messages.map((one) =>
          one.type === 'execution.trade.closed'
            ? message(one.type, one.occurred_at, { ...one.payload, net_pnl: '25.9784040001' })
            : one,
        ),
      /^net stated 25.9784040001, from the fills 25.9/,
    ],
  ])('%s is an event, and the trade stays out of the sum', (_, harm, detail) => {
    const journal = createJournalDecider({ account: 'paper' })
    const outputs = harm(tape()).flatMap((one) => journal.handle(one))
    expect(outputs).toMatchObject([{ type: 'journal.difference.detected' }])
    expect(last(outputs, 'journal.difference.detected').detail).toMatch(detail)
    expect(journal.snapshot()).toEqual({ trades: [], cumulative: '0' })
  })
})

describe('analyst', () => {
  it('writes one review from what was recorded', () => {
    const analyst = createAnalystDecider({ account: 'paper' })
    const outputs = tape().flatMap((one) => analyst.handle(one))
    expect(outputs).toHaveLength(1)
    const review = last(outputs, 'analyst.review.written')
    expect(review).toMatchObject({
      template: 'review-1',
      author: 'template',
      summary: `Long BTCUSDT, trend continuation, grade A: 25.98 net, +2.60R, closed by TARGET after 1.8 s.`,
      order_flow_notes: 'BIAS yes: four rising bars [rising 4]. MICRO no: closed inside its range',
    })
    expect(review.entry_analysis).toContain('4 of 5 boxes: BIAS. Not checked: MICRO')
    expect(review.entry_analysis).toContain('Filled 0.1 at 50000 in 2 fills.')
    expect(review.exit_analysis).toContain('Stop to 50010 after 0.8 s (break_even stop at 50010)')
    expect(analyst.snapshot()).toEqual({ evaluations: [], approvals: [], trades: [] })
  })

  it('says what is not on record instead of guessing it', () => {
    const review = writeReview(
      {
        evaluation: null,
        approval: null,
        fills: [],
        stopMoves: [],
        exitRequest: null,
        closed: closedOf(tape()),
      },
      T,
    )
    expect(review.order_flow_notes).toBe('No evaluation of this setup is on record.')
    expect(review.entry_analysis).toContain('not on record')
  })

  it.each<[Partial<TradeClosed>, RegExp]>([
    [{}, /Carried out as planned/],
    [{ exit_reason: 'UNPROTECTED' }, /no acknowledged stop/],
    [{ exit_reason: 'STOP', max_favorable_r: 0.7, r_multiple: -1 }, /0.70R ahead/],
    [{ exit_reason: 'STOP', max_favorable_r: 0.05, r_multiple: -1 }, /never moved/],
    [{ exit_reason: 'BREAK_EVEN', net_pnl: '-1' }, /did not cover the fees/],
    [{ exit_reason: 'MANUAL', max_favorable_r: 2, r_multiple: 0.5 }, /Of 2.00R on offer 0.50R/],
    [{ max_adverse_r: 0.9 }, /nearly hit/],
    [{ gross_pnl: '1', fees: '2' }, /Fees took all/],
  ])('%j teaches %p', (rest, lesson) => {
    expect(lessonsOf({ ...closedOf(tape()), ...rest }, []).join(' ')).toMatch(lesson)
  })
})

it('both go on exactly where a snapshot stands', () => {
  const messages = tape()
  for (const create of [createJournalDecider, createAnalystDecider]) {
    const whole = create({ account: 'paper' })
    const expected = messages.flatMap((one) => whole.handle(one))
    for (let cut = 0; cut <= messages.length; cut += 3) {
      const before = create({ account: 'paper' })
      const outputs = messages.slice(0, cut).flatMap((one) => before.handle(one))
      const after = create(
        { account: 'paper' },
        JSON.parse(JSON.stringify(before.snapshot())) as never,
      )
      outputs.push(...messages.slice(cut).flatMap((one) => after.handle(one)))
      expect(outputs).toEqual(expected)
    }
  }
})
