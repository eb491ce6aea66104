import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { testInstrument } from '@tapedeck/test-data'
import { dec } from '../decimal/index.ts'
import { gridOf } from '../order/index.ts'
import { MatchingEngine, type OrderTicket, type VenueEvent } from './index.ts'

const grid = gridOf(
  testInstrument({
    venue: 'v',
    symbol: 'S',
    lot_size: '0.01',
    min_quantity: '0.01',
    min_notional: '0',
  }),
)
const model = {
  latencyMs: 3,
  slippagePercent: 0.1,
  makerFeePercent: 0.02,
  takerFeePercent: 0.04,
  bookAgeMsMax: 50,
}

type Step =
  | { do: 'print'; ticks: number; lots: number; maker: 0 | 1 }
  | { do: 'submit'; ticket: Omit<OrderTicket, 'clientOrderId'> }
  | { do: 'cancel'; which: number }
  | { do: 'book'; mid: number; lots: number[] }

const ticks = fc.integer({ min: 990, max: 1010 })
const side = fc.constantFrom('BUY' as const, 'SELL' as const)
const lots = fc.integer({ min: 1, max: 30 })
const none = fc.constant(null)
const ticket = fc.oneof(
  fc.record({
    side,
    lots,
    type: fc.constant('LIMIT' as const),
    priceTicks: ticks,
    stopTicks: none,
    reduceOnly: fc.boolean(),
  }),
  fc.record({
    side,
    lots,
    type: fc.constant('MARKET' as const),
    priceTicks: none,
    stopTicks: none,
    reduceOnly: fc.boolean(),
  }),
  fc.record({
    side,
    lots,
    type: fc.constantFrom('STOP_MARKET' as const, 'TAKE_PROFIT_MARKET' as const),
    priceTicks: none,
    stopTicks: ticks,
    reduceOnly: fc.boolean(),
  }),
)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('print' as const),
        ticks,
        lots,
        maker: fc.constantFrom(0 as const, 1 as const),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('submit' as const), ticket }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(20) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('book' as const),
        mid: ticks,
        lots: fc.array(lots, { minLength: 4, maxLength: 4 }),
      }),
    },
  ),
  { maxLength: 80 },
)

/** One step at its time; `sent` collects the tickets by id. */
const play = (
  engine: MatchingEngine,
  step: Step,
  at: number,
  sent: Map<string, OrderTicket>,
): { before: VenueEvent[]; events: readonly VenueEvent[] } => {
  const before = engine.advanceTo(at)
  if (step.do === 'print')
    return { before, events: engine.onTrade(step.ticks, step.lots, at, step.maker) }
  if (step.do === 'book') {
    const [a = 0, b = 0, c = 0, d = 0] = step.lots
    const depth = {
      snapshot: true,
      time: at,
      bidTicks: [step.mid - 1, step.mid - 2],
      bidLots: [a, b],
      askTicks: [step.mid + 1, step.mid + 2],
      askLots: [c, d],
    }
    return { before, events: engine.onDepth(depth) }
  }
  if (step.do === 'submit') {
    const id = `o${sent.size}`
    sent.set(id, { ...step.ticket, clientOrderId: id })
    engine.submit({ ...step.ticket, clientOrderId: id }, at)
  } else engine.cancel(`o${step.which}`, at)
  return { before, events: [] }
}

const boundOf = (order: OrderTicket, price: number): boolean => {
  const bound = order.priceTicks ?? (order.type === 'MARKET' ? null : order.stopTicks)
  if (bound === null) return true
  // A limit is never worse than its price; a triggered order never better than its trigger.
  const notAbove = (order.side === 'BUY') === (order.type === 'LIMIT')
  return notAbove ? price <= bound : price >= bound
}

describe('matching engine', () => {
  it('keeps every promise over random prints, books and orders', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const engine = new MatchingEngine(grid, model)
        const sent = new Map<string, OrderTicket>()
        const filled = new Map<string, number>()
        let position = 0
        let cash = 0
        let fees = dec(0)
        const settle = (events: readonly VenueEvent[]): number => {
          let taken = 0
          for (const event of events) {
            if (event.kind !== 'filled') continue
            const order = sent.get(event.clientOrderId)!
            const total = (filled.get(event.clientOrderId) ?? 0) + event.lots
            filled.set(event.clientOrderId, total)
            expect(total).toBe(order.lots - event.leavesLots)
            expect(boundOf(order, event.priceTicks)).toBe(true)
            const signed = order.side === 'BUY' ? event.lots : -event.lots
            expect(!order.reduceOnly || Math.abs(position + signed) < Math.abs(position)).toBe(true)
            expect(!order.reduceOnly || position * (position + signed) >= 0).toBe(true)
            position += signed
            cash -= signed * event.priceTicks
            fees = fees.plus(event.fee)
            taken += event.lots
          }
          return taken
        }
        list.forEach((step, index) => {
          const { before, events } = play(engine, step, index, sent)
          settle(before)
          const taken = settle(events)
          // What the print gave can only be exceeded by what a stop took from the displayed book.
          const walked = events.some((event) => event.kind === 'triggered') || step.do !== 'print'
          expect(walked || taken <= (step.do === 'print' ? step.lots : 0)).toBe(true)
        })
        expect(engine.books.lots).toBe(position)
        const equity = engine.books.walletChange().plus(engine.books.unrealized(1000))
        expect(
          equity.eq(
            dec(cash + position * 1000)
              .times(grid.tickLot)
              .minus(fees),
          ),
        ).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('goes on exactly where a snapshot stands', () => {
    fc.assert(
      fc.property(steps, fc.nat(80), (list, cut) => {
        let engine = new MatchingEngine(grid, model)
        const whole = new MatchingEngine(grid, model)
        const sent = new Map<string, OrderTicket>()
        const same = new Map<string, OrderTicket>()
        list.forEach((step, index) => {
          if (index === cut)
            engine = new MatchingEngine(
              grid,
              model,
              JSON.parse(JSON.stringify(engine.snapshot())) as never,
            )
          expect(play(engine, step, index, sent)).toEqual(play(whole, step, index, same))
        })
        expect(engine.snapshot()).toEqual(whole.snapshot())
      }),
      { numRuns: 100 },
    )
  })
})
