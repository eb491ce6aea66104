import {
  MESSAGES,
  SetupEventsConfig,
  StrategyConfig,
  TradingConfig,
  type BarClosed,
  type Message,
  type MessageType,
  type Output,
} from '@tapedeck/contracts'
import { testInstrument } from '@tapedeck/test-data'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Json } from '../decider.ts'
import { BarBuilder } from '../market/index.ts'
import { createSetupDecider } from '../setup/index.ts'
import { createOrderFlowDecider } from './order-flow-decider.ts'
import { viewFootprints, viewMeasures, viewProfile } from './order-flow-views.ts'

const instrument = testInstrument({ venue: 'test', symbol: 'TEST', min_notional: '5' })
const { venue, symbol, tick_size, lot_size } = instrument
const on = { venue, symbol, tick_size, lot_size }
const config = TradingConfig.parse({
  instruments: [{ ...instrument, profile_bin_ticks: 20, min_absorption_volume: 0.05 }],
  order_flow: {
    absorption: { min_trades: 3, history_min: 4, history: 100, fallback_volume: 0.01 },
    aggression: { history_min: 5, history: 100 },
    trap: { reversal_fraction: 0.0002 },
    divergence: { periods: 5, min_atr_move: 0.1 },
    atr_period: 2,
    volatility_bars: 10,
  },
  session: { initial_balance_minutes: 15 },
})

type Row = { time: number; price: number; lots: number; maker: 0 | 1; other: number }

/** Market time begins shortly before a session does, so that sessions change on the way. */
const START = Date.UTC(2024, 7, 8, 7, 50)
const rows = fc
  .array(
    fc.record({
      gap: fc.oneof(
        { weight: 30, arbitrary: fc.integer({ min: 0, max: 900 }) },
        { weight: 4, arbitrary: fc.integer({ min: 5_000, max: 60_000 }) },
        { weight: 1, arbitrary: fc.constant(900_000) },
      ),
      step: fc.integer({ min: -30, max: 30 }),
      lots: fc.integer({ min: 1, max: 60 }),
      maker: fc.constantFrom<0 | 1>(0, 1),
      other: fc.nat(25),
    }),
    { minLength: 20, maxLength: 200 },
  )
  .map((all) => {
    let time = START
    let price = 100_000
    return all.map(({ gap, step, ...row }): Row => ({
      ...row,
      time: (time += gap),
      price: (price += step),
    }))
  })

const message = (type: MessageType, occurred_at: number, payload: unknown): Message =>
  ({ type, occurred_at, payload }) as Message

const batchOf = (all: readonly Row[], from: number, to: number): Message => {
  const part = all.slice(from, to)
  return message('market.trades', part[0]!.time, {
    ...on,
    first_id: from,
    last_id: to - 1,
    gap: part[0]!.other === 0 ? 3 : 0,
    id: part.map((_, i) => from + i),
    price_ticks: part.map(({ price }) => price),
    quantity_lots: part.map(({ lots }) => lots),
    time: part.map(({ time }) => time),
    maker: part.map(({ maker }) => maker),
    excluded: part.flatMap(({ other }, i) => (other === 9 ? [i] : [])),
  })
}

/** What else the market tells at a row: the book, funding, the feed. */
const besides = ({ other, time, price }: Row): Message[] => {
  const levels = [0, 1, 2, 3, 4]
  if (other === 1)
    return [
      message('market.depth', time, {
        ...on,
        snapshot: true,
        bid_ticks: levels.map((i) => price - 1 - i),
        bid_lots: levels.map((i) => (i === 3 ? 500 : 10)),
        ask_ticks: levels.map((i) => price + 1 + i),
        ask_lots: levels.map((i) => (i === 2 ? 300 : 10)),
      }),
    ]
  if (other === 2)
    return [message('market.mark', time, { ...on, funding_rate: (price - 100_000) / 1e5 })]
  if (other > 5) return []
  const status = ({ 3: 'down', 4: 'up', 5: 'gap' } as const)[other]
  const channel = time % 2 === 0 ? 'trades' : 'depth'
  return [message('market.feed.status', time, { ...on, channel, status })]
}

/**
 * The tape that ingest would write: batches, then the bars and the clock of each boundary. `cut` ends a
 * batch. Without clocks nothing but prints comes after the bars.
 */
const tapeOf = (all: readonly Row[], cut: (row: number) => boolean, clocks = true): Message[] => {
  const tape = [message('market.run.started', START, { instruments: [instrument], lockstep: true })]
  const bars = new BarBuilder({ instrument: on, carryForward: false })
  const tellBars = (closed: readonly BarClosed[]): void => {
    for (const bar of closed) tape.push(message('market.bar.closed', bar.close_time, bar))
  }
  let from = 0
  let second = Math.floor(START / 1000)
  const flush = (to: number): void => {
    if (to > from) tape.push(batchOf(all, from, to))
    from = to
  }
  for (const [i, row] of all.entries()) {
    const now = Math.floor(row.time / 1000)
    if (now > second) flush(i)
    // Silence has clocks too; one a minute is enough here.
    for (let at = second + 1; at <= now; at++)
      if (at === now || at % 60 === 0) {
        tellBars(bars.closeUntil(at * 1000))
        if (clocks) tape.push(message('market.clock', at * 1000, { at: at * 1000, jump: false }))
      }
    second = now
    const told = clocks ? besides(row) : []
    if (cut(i) || told.length > 0 || row.other === 0) flush(i)
    tape.push(...told)
    bars.addTrade(row.price, row.lots, row.maker, row.time)
  }
  flush(all.length)
  return tape
}

const run = (tape: readonly Message[], snapshot?: Json) => {
  const decider = createOrderFlowDecider(config, snapshot)
  return { decider, outputs: tape.flatMap((each) => decider.handle(each)) }
}

const throughJson = (json: Json): Json => JSON.parse(JSON.stringify(json)) as Json

/** Order flow of a tape, and what setups make of its features. Nearly every close has three boxes. */
const judged = (all: readonly Row[], clocks: boolean): Output[] => {
  const setups = createSetupDecider({
    strategy: StrategyConfig.parse({
      poi_tolerance_fraction: 0.02,
      follow_through_ratio: 0,
      follow_through_atr: 0,
      cooldown_ms: 0,
      micro_outer_fraction: 0.5,
      mean_reversion: { window_start_utc: '00:00', window_end_utc: '23:59' },
    }),
    setup_events: SetupEventsConfig.parse({}),
  })
  const outputs: Output[] = []
  for (const each of run(tapeOf(all, () => false, clocks)).outputs) {
    const read = { ...each, event_id: each.aggregate_id } as unknown as Message
    outputs.push(each, ...setups.handle(read))
  }
  return outputs
}

/**
 * What is known at `t`: everything about an earlier time, and what closed bars say at `t` itself. A grid
 * point at `t` is measured on what came before it, but only when a print comes there.
 */
const AT_CLOSE = /features|divergence|market_state|^setup/
const untilKnown = (outputs: readonly Output[], t: number): Output[] =>
  outputs.filter(({ type, occurred_at: at }) => at < t || (at === t && AT_CLOSE.test(type)))

/** Anything but what the market did, from `t` on: far prices, huge prints, other books and rates. */
const garbage = (others: readonly Row[], t: number): Row[] =>
  others.map((row) => ({
    ...row,
    time: t + row.time - START,
    price: row.price * 3,
    lots: row.lots * 1000,
  }))

/** Brings market time past `t` when nothing traded there. */
const nothingAt = (t: number): Row => ({
  time: t + 3_600_000,
  price: 1,
  lots: 1,
  maker: 0,
  other: 9,
})

describe('order-flow decider', () => {
  it('goes on from a snapshot exactly where it stood', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (all, where) => {
        const tape = tapeOf(all, (row) => row % 3 === 0)
        const at = Math.floor(where * tape.length)
        const whole = run(tape)
        const first = run(tape.slice(0, at))
        const second = run(tape.slice(at), throughJson(first.decider.snapshot()))
        expect([...first.outputs, ...second.outputs]).toEqual(whole.outputs)
        expect(throughJson(second.decider.snapshot())).toEqual(
          throughJson(whole.decider.snapshot()),
        )
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  it('says the same however trades were batched', () => {
    fc.assert(
      fc.property(rows, fc.array(fc.nat(200), { maxLength: 40 }), (all, cuts) => {
        const cut = new Set(cuts)
        const split = run(tapeOf(all, (row) => cut.has(row)))
        const single = run(tapeOf(all, () => true))
        expect(split.outputs).toEqual(single.outputs)
      }),
      { numRuns: 40, seed: 2 },
    )
  })

  it('looks at nothing that comes later, nor do the setups that are judged from it', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(
        rows,
        rows,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (all, others, where, clocks) => {
          const span = all.at(-1)!.time - START
          const t = Math.ceil((START + where * span) / 15_000) * 15_000
          const before = all.filter(({ time }) => time < t)
          const knownWith = (rest: readonly Row[]) =>
            untilKnown(judged(before.concat(rest), clocks), t)
          const real = knownWith([...all.filter(({ time }) => time >= t), nothingAt(t)])
          expect(knownWith(garbage(others, t))).toEqual(real)
          for (const { type } of real) seen.set(type, (seen.get(type) ?? 0) + 1)
        },
      ),
      { numRuns: 60, seed: 4 },
    )
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining([
        'orderflow.absorption.started',
        'orderflow.features',
        'orderflow.trap.confirmed',
        'setup.evaluated',
        'setup.signal.generated',
      ]),
    )
  })

  it('appends what the contracts allow, once each, and never out of order of time', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(rows, (all) => {
        const { outputs, decider } = run(tapeOf(all, (row) => row % 5 === 0))
        const ids = outputs.map(
          ({ type, aggregate_id, aggregate_version }) =>
            `${type}|${aggregate_id}|${aggregate_version}`,
        )
        expect(new Set(ids).size).toBe(ids.length)
        for (const each of outputs) check(each)
        for (let i = 1; i < outputs.length; i++)
          expect(outputs[i]!.occurred_at).toBeGreaterThanOrEqual(outputs[i - 1]!.occurred_at)
        for (const { type } of outputs) seen.set(type, (seen.get(type) ?? 0) + 1)
        const engine = decider.engine('test', 'TEST')!
        const traded = all.filter(({ other }) => other !== 9)
        const lots = traded.reduce((sum, row) => sum + row.lots, 0)
        expect(Number(viewProfile(engine, 'week').volume) * 1000).toBeCloseTo(lots, 6)
        viewMeasures(engine)
        viewFootprints(engine, '1m', 5)
      }),
      { numRuns: 60, seed: 3 },
    )
    expect([...seen.keys()].toSorted()).toEqual([
      'orderflow.absorption.ended',
      'orderflow.absorption.started',
      'orderflow.divergence.detected',
      'orderflow.features',
      'orderflow.market_state.changed',
      'orderflow.measures',
      'orderflow.trap.confirmed',
    ])
  })
})

const check = ({ type, payload }: Output): void => {
  expect(MESSAGES[type].schema.parse(payload)).toEqual(payload)
}
