import { describe, expect, it } from '@jest/globals'
import { testInstrument } from '@tapedeck/test-data'
import { gridOf } from '../order/index.ts'
import { MatchingEngine, feeOf, slip, type OrderTicket, type VenueEvent } from './index.ts'

const grid = gridOf(testInstrument({ min_notional: '5' }))
const model = {
  latencyMs: 50,
  slippagePercent: 0.02,
  makerFeePercent: 0.02,
  takerFeePercent: 0.04,
  bookAgeMsMax: 5_000,
}

const ticket = (id: string, rest: Partial<OrderTicket>): OrderTicket => ({
  clientOrderId: id,
  side: 'BUY',
  type: 'LIMIT',
  lots: 10,
  priceTicks: rest.type === undefined || rest.type === 'LIMIT' ? 500_000 : null,
  stopTicks: null,
  reduceOnly: false,
  ...rest,
})

/** Short form of events: kind, id, and for fills lots@price and liquidity. */
const told = (events: readonly VenueEvent[]): string[] =>
  events.map((event) => {
    const fill =
      event.kind === 'filled' ? ` ${event.lots}@${event.priceTicks} ${event.liquidity}` : ''
    const reason = event.kind === 'rejected' || event.kind === 'expired' ? ` ${event.reason}` : ''
    return `${event.at} ${event.kind} ${event.clientOrderId}${fill}${reason}`
  })

const fresh = (): MatchingEngine => {
  const engine = new MatchingEngine(grid, model)
  engine.onTrade(500_000, 1, 0, 0)
  return engine
}
/** An engine that holds a long position of 10 lots. */
const long = (): MatchingEngine => {
  const engine = fresh()
  engine.submit(ticket('open', { type: 'MARKET' }), 0)
  engine.advanceTo(50)
  engine.onTrade(500_000, 100, 60, 0)
  return engine
}
const book = (time: number, snapshot = true) => ({
  snapshot,
  time,
  bidTicks: [499_999, 499_998],
  bidLots: [5, 20],
  askTicks: [500_001, 500_002],
  askLots: [4, 20],
})

describe('market orders', () => {
  it('fill at the next print, slipped, after the latency, and never on an earlier print', () => {
    const engine = fresh()
    engine.submit(ticket('m', { type: 'MARKET' }), 100)
    expect(engine.advanceTo(149)).toEqual([])
    expect(told(engine.advanceTo(150))).toEqual(['150 accepted m'])
    expect(told(engine.onTrade(500_010, 50, 151, 0))).toEqual(['151 filled m 10@500111 TAKER'])
    expect(engine.onTrade(500_010, 50, 152, 0)).toEqual([])
  })

  it('take no more than a print holds', () => {
    const engine = fresh()
    engine.submit(ticket('a', { type: 'MARKET', lots: 6 }), 0)
    engine.submit(ticket('b', { type: 'MARKET', lots: 6 }), 0)
    engine.advanceTo(50)
    expect(told(engine.onTrade(500_000, 8, 60, 0))).toEqual([
      '60 filled a 6@500100 TAKER',
      '60 filled b 2@500100 TAKER',
    ])
    expect(told(engine.onTrade(500_000, 8, 61, 0))).toEqual(['61 filled b 4@500100 TAKER'])
  })

  it('walk a fresh book, and do not take the same level twice until it is told anew', () => {
    const engine = fresh()
    engine.onDepth(book(10))
    engine.submit(ticket('a', { type: 'MARKET', lots: 6 }), 20)
    engine.submit(ticket('b', { type: 'MARKET', lots: 20 }), 20)
    expect(told(engine.advanceTo(70))).toEqual([
      '70 accepted a',
      '70 filled a 4@500001 TAKER',
      '70 filled a 2@500002 TAKER',
      '70 accepted b',
      '70 filled b 18@500002 TAKER',
    ])
    expect(told(engine.onDepth({ ...book(80), snapshot: false }))).toEqual([
      '80 filled b 2@500001 TAKER',
    ])
  })

  it('do not walk an old or a crossed book', () => {
    const engine = fresh()
    engine.onDepth(book(10))
    engine.submit(ticket('old', { type: 'MARKET' }), 6_000)
    expect(told(engine.advanceTo(6_050))).toEqual(['6050 accepted old'])
    const crossed = fresh()
    crossed.onDepth({ ...book(10), bidTicks: [500_002], bidLots: [3] })
    crossed.submit(ticket('x', { type: 'MARKET' }), 20)
    expect(told(crossed.advanceTo(70))).toEqual(['70 accepted x'])
  })
})

describe('limits', () => {
  it.each([
    ['BUY', 500_000, 0],
    ['BUY', 499_999, 10],
    ['SELL', 500_000, 0],
    ['SELL', 500_001, 10],
  ] as const)('a %s limit at 500000 and a print at %d fills %d', (side, ticks, lots) => {
    const engine = fresh()
    engine.submit(ticket('l', { side }), 0)
    engine.advanceTo(50)
    const filled = engine.onTrade(ticks, 100, 60, side === 'BUY' ? 1 : 0)
    expect(told(filled)).toEqual(lots === 0 ? [] : ['60 filled l 10@500000 MAKER'])
  })

  it('pay the taker fee when they were through the market on arrival', () => {
    const engine = fresh()
    engine.submit(ticket('l', { priceTicks: 500_010 }), 0)
    engine.advanceTo(50)
    expect(told(engine.onTrade(500_003, 4, 60, 0))).toEqual(['60 filled l 4@500010 TAKER'])
  })

  it('wait their turn in the queue: prints at the price first serve what stood before', () => {
    const engine = fresh()
    engine.onDepth(book(10))
    engine.submit(ticket('l', { priceTicks: 499_998, lots: 10 }), 10)
    engine.advanceTo(60)
    expect(engine.onTrade(499_998, 15, 61, 1)).toEqual([])
    expect(engine.onTrade(499_998, 15, 62, 0)).toEqual([])
    expect(told(engine.onTrade(499_998, 8, 63, 1))).toEqual(['63 filled l 3@499998 MAKER'])
    expect(told(engine.onTrade(499_998, 4, 64, 1))).toEqual(['64 filled l 4@499998 MAKER'])
  })

  it('move up only when the whole level is smaller than what stood before', () => {
    const engine = fresh()
    engine.onDepth(book(10))
    engine.submit(ticket('l', { priceTicks: 499_998, lots: 10 }), 10)
    engine.advanceTo(60)
    engine.onDepth({ ...book(70), snapshot: false, bidTicks: [499_998], bidLots: [3] })
    expect(told(engine.onTrade(499_998, 5, 71, 1))).toEqual(['71 filled l 2@499998 MAKER'])
  })

  it('walk the book up to their price and rest with what is left', () => {
    const engine = fresh()
    engine.onDepth(book(10))
    engine.submit(ticket('l', { priceTicks: 500_001, lots: 10 }), 10)
    expect(told(engine.advanceTo(60))).toEqual(['60 accepted l', '60 filled l 4@500001 TAKER'])
    expect(engine.openOrders()).toMatchObject([{ quantity: '0.01', filledQuantity: '0.004' }])
    expect(told(engine.onTrade(500_000, 100, 61, 1))).toEqual(['61 filled l 6@500001 MAKER'])
  })
})

describe('stops and take-profits', () => {
  it.each([
    // Slipped twice the base from the worse of trigger and print; a take-profit once.
    ['STOP_MARKET', 'SELL', 499_000, 498_900, '498500'],
    ['TAKE_PROFIT_MARKET', 'SELL', 501_000, 501_200, '500899'],
  ] as const)(
    '%s triggers on a print and fills on the next',
    (type, side, stopTicks, at, price) => {
      const engine = long()
      engine.submit(ticket('s', { type, side, stopTicks, reduceOnly: true }), 60)
      expect(told(engine.advanceTo(110))).toEqual(['110 accepted s'])
      expect(engine.onTrade(500_000, 9, 111, 0)).toEqual([])
      expect(told(engine.onTrade(at, 9, 112, 0))).toEqual(['112 triggered s'])
      const next = type === 'STOP_MARKET' ? 498_700 : 501_100
      expect(told(engine.onTrade(next, 9, 113, 0))).toEqual([`113 filled s 9@${price} TAKER`])
      // What is left takes the next print, and never does better than the trigger.
      expect(told(engine.onTrade(type === 'STOP_MARKET' ? 499_500 : 501_500, 9, 114, 0))).toEqual([
        `114 filled s 1@${type === 'STOP_MARKET' ? 498_800 : 500_899} TAKER`,
      ])
    },
  )

  it('are refused when they would trigger at once', () => {
    const engine = long()
    engine.submit(
      ticket('s', { type: 'STOP_MARKET', side: 'SELL', stopTicks: 500_500, reduceOnly: true }),
      60,
    )
    expect(told(engine.advanceTo(110))).toEqual(['110 rejected s WOULD_TRIGGER_IMMEDIATELY'])
  })
})

describe('reduce-only', () => {
  it('two exits on one print close once; the second expires', () => {
    const engine = long()
    const stop = {
      type: 'STOP_MARKET',
      side: 'SELL',
      stopTicks: 499_000,
      reduceOnly: true,
    } as const
    engine.submit(ticket('old', stop), 60)
    engine.submit(ticket('new', stop), 60)
    engine.advanceTo(110)
    engine.onTrade(499_000, 100, 120, 1)
    expect(told(engine.onTrade(499_000, 100, 121, 1))).toEqual([
      '121 filled old 10@498800 TAKER',
      '121 expired new REDUCE_ONLY_WITHOUT_POSITION',
    ])
    expect(engine.position()).toMatchObject({ side: 'FLAT', quantity: '0', averagePrice: null })
  })

  it.each([
    ['a limit', { side: 'SELL', reduceOnly: true }, 'REDUCE_ONLY_WITHOUT_POSITION'],
    ['a fraction of a lot', { lots: 1.5 }, 'ORDER_INVALID'],
    ['a limit without a price', { priceTicks: null }, 'ORDER_INVALID'],
    ['a dust order', { priceTicks: 1 }, 'NOTIONAL_BELOW_MINIMUM'],
  ] as const)('%s is refused on arrival when flat', (_, rest, reason) => {
    const engine = fresh()
    engine.submit(ticket('r', rest), 0)
    expect(told(engine.advanceTo(50))).toEqual([`50 rejected r ${reason}`])
  })
})

describe('prints that traded before an order came', () => {
  // Book changes reach us sooner than prints: their time may have brought the order in already.
  const orders: [string, Partial<OrderTicket>, number][] = [
    ['a market order', { type: 'MARKET' }, 500_000],
    ['a limit', {}, 499_990],
    ['a stop', { type: 'STOP_MARKET', stopTicks: 500_010 }, 500_010],
  ]
  it.each(orders)('do nothing to %s', (_, rest, ticks) => {
    const engine = fresh()
    engine.submit(ticket('o', rest), 100)
    expect(told(engine.advanceTo(160))).toEqual(['150 accepted o'])
    expect(engine.onTrade(ticks, 100, 149, 1)).toEqual([])
    expect(told(engine.onTrade(ticks, 100, 150, 1))).toHaveLength(1)
  })

  it('and before a stop was triggered do not fill it', () => {
    const engine = long()
    engine.submit(
      ticket('s', { type: 'STOP_MARKET', side: 'SELL', stopTicks: 499_900, reduceOnly: true }),
      100,
    )
    engine.advanceTo(160)
    expect(told(engine.onTrade(499_890, 100, 170, 1))).toEqual(['170 triggered s'])
    expect(engine.onTrade(499_880, 100, 169, 1)).toEqual([])
    expect(told(engine.onTrade(499_880, 100, 170, 1))).toEqual(['170 filled s 10@499680 TAKER'])
  })

  it('do not move an order up in the queue', () => {
    const engine = fresh()
    engine.onDepth(book(10))
    engine.submit(ticket('l', { priceTicks: 499_998, lots: 10 }), 20)
    engine.advanceTo(70)
    expect(engine.onTrade(499_998, 20, 69, 1)).toEqual([])
    expect(engine.onTrade(499_998, 20, 70, 1)).toEqual([])
    expect(told(engine.onTrade(499_998, 20, 71, 1))).toEqual(['71 filled l 10@499998 MAKER'])
  })
})

describe('cancels', () => {
  it('arrive late like everything else, and lose against an earlier fill', () => {
    const engine = fresh()
    engine.submit(ticket('l', {}), 0)
    engine.cancel('l', 30)
    engine.advanceTo(50)
    expect(told(engine.onTrade(499_999, 4, 60, 1))).toEqual(['60 filled l 4@500000 MAKER'])
    expect(told(engine.advanceTo(80))).toEqual(['80 canceled l'])
    engine.cancel('l', 90)
    expect(told(engine.advanceTo(140))).toEqual(['140 cancel_rejected l'])
  })

  it('ids that are in use are refused loudly', () => {
    const engine = fresh()
    engine.submit(ticket('l', {}), 0)
    expect(() => engine.submit(ticket('l', {}), 1)).toThrow(/already in use/)
  })
})

describe('money', () => {
  it('charges fees at eight decimals and funding on what is held', () => {
    expect(feeOf(333 * 500_001, grid.tickLot, 0.04).toString()).toBe('6.66001332')
    const engine = long()
    expect(engine.fund(0.0001, 50_000)?.toString()).toBe('-0.05')
    expect(engine.books.walletChange().toString()).toBe('-0.25004')
    expect(fresh().fund(0.0001, 50_000)).toBeNull()
  })

  it('rounds slippage away from us, exactly', () => {
    expect(slip(100_000, 'BUY', 0.02)).toBe(100_020)
    expect(slip(100_001, 'BUY', 0.02)).toBe(100_022)
    expect(slip(100_001, 'SELL', 0.02)).toBe(99_980)
    expect(slip(1, 'SELL', 1)).toBe(1)
  })
})
