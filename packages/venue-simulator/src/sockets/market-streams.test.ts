import { describe, expect, it } from '@jest/globals'
import type { Kline } from '../exchange/index.ts'
import { START, aggregate, depth, scriptedHub } from './stream-hub.fixture.ts'

const kline = (openTime: number, close: string): Kline => ({
  symbol: 'BTCUSDT',
  interval: '1m',
  openTime,
  closeTime: openTime + 59_999,
  open: '100',
  high: '101',
  low: '99',
  close,
  volume: '3',
  quoteVolume: '300',
  trades: 2,
  takerBuyVolume: '1',
  takerBuyQuoteVolume: '100',
  firstTradeId: 1,
  lastTradeId: 2,
  closed: false,
})

const trade = {
  symbol: 'BTCUSDT',
  id: 1,
  price: '101',
  quantity: '1',
  quote: '101',
  time: START,
  buyerIsMaker: false,
  excluded: false,
}

describe('market streams', () => {
  it('tells aggregates with every field of the venue', () => {
    const { connect, tell } = scriptedHub()
    const { sink } = connect('/market/ws/btcusdt@aggTrade')
    tell(5, aggregate(12, '100.5'))
    expect(sink.messages).toEqual([
      {
        e: 'aggTrade',
        E: START + 5,
        a: 12,
        s: 'BTCUSDT',
        p: '100.5',
        q: '0.5',
        nq: '0.5',
        f: 12,
        l: 12,
        T: START,
        m: true,
        st: 1,
      },
    ])
  })

  it('gathers changes of the book by cadence, each going on where the last one ended', () => {
    const { connect, tell, advance } = scriptedHub()
    const fast = connect('/public/ws/btcusdt@depth@100ms').sink
    const usual = connect('/public/ws/btcusdt@depth').sink
    const slow = connect('/public/ws/btcusdt@depth@500ms').sink
    const partial = connect('/public/ws/btcusdt@depth5@100ms').sink
    tell(10, depth(2, 3, 1, '5'))
    tell(20, depth(5, 6, 3, '7'))
    // What happens on the beat comes after it.
    tell(100, depth(7, 8, 6, '9'))
    expect(fast.messages).toMatchObject([
      { U: 2, u: 6, pu: 1, b: [['100', '7']], T: START + 20, E: START + 100, ps: 'BTCUSDT', st: 1 },
    ])
    expect(partial.messages).toMatchObject([
      {
        e: 'depthUpdate',
        pu: 1,
        b: [
          ['100', '1'],
          ['99', '1'],
        ],
        a: [['101', '2']],
      },
    ])
    advance(499)
    expect(fast.messages).toMatchObject([{ u: 6 }, { U: 7, u: 8, pu: 6 }])
    expect(usual.messages).toMatchObject([{ U: 2, u: 8, pu: 1 }])
    expect(slow.messages).toEqual([])
    advance(500)
    expect(slow.messages).toMatchObject([{ U: 2, u: 8, b: [['100', '9']] }])
    advance(5000)
    expect(fast.messages).toHaveLength(2)
  })

  it('tells the mark every second and every three, changed or not', () => {
    const { connect, tell, advance } = scriptedHub()
    const each = connect('/market/ws/btcusdt@markPrice@1s').sink
    const third = connect('/market/ws/btcusdt@markPrice').sink
    const all = connect('/market/ws/!markPrice@arr').sink
    const premium = {
      symbol: 'BTCUSDT',
      markPrice: '100',
      indexPrice: '99.5',
      fundingRate: '0.0001',
      nextFundingTime: START + 10_000,
      time: START,
    }
    tell(0, { kind: 'mark', premium })
    tell(400, { kind: 'mark', premium: { ...premium, markPrice: '101', time: START + 400 } })
    advance(6000)
    expect(each.messages).toHaveLength(6)
    expect(each.messages[0]).toEqual({
      e: 'markPriceUpdate',
      E: START + 1000,
      s: 'BTCUSDT',
      p: '101',
      ap: '100.5',
      i: '99.5',
      P: '99.5',
      r: '0.0001',
      T: START + 10_000,
      st: 1,
    })
    expect(third.messages).toHaveLength(2)
    expect(JSON.parse(all.frames[0]!)).toMatchObject([{ e: 'markPriceUpdate', s: 'BTCUSDT' }])
  })

  it('tells candles every 250 ms while they change, and once more when they are over', () => {
    const minute = START - (START % 60_000)
    const { connect, tell, advance, klines } = scriptedHub()
    klines.push(kline(minute, '100'))
    const { sink } = connect('/market/ws/btcusdt@kline_1m')
    tell(10, { kind: 'trade', trade })
    tell(20, { kind: 'trade', trade })
    klines[0] = kline(minute, '101')
    advance(1000)
    expect(sink.messages).toMatchObject([{ e: 'kline', k: { t: minute, c: '101', x: false } }])
    klines.push(kline(minute + 60_000, '101'))
    advance(minute + 60_000 - START - 1)
    expect(sink.messages).toHaveLength(1)
    advance(minute + 60_000 - START)
    expect(sink.messages.slice(1)).toMatchObject([
      { E: minute + 60_000, k: { t: minute, x: true } },
      { k: { t: minute + 60_000, x: false } },
    ])
  })

  it('tells the candles of a pair and a kind of contract', () => {
    const minute = START - (START % 60_000)
    const { connect, tell, advance, klines } = scriptedHub()
    klines.push(kline(minute, '100'))
    const { sink } = connect('/market/ws/btcusdt_perpetual@continuousKline_1m')
    const { sink: other } = connect('/market/ws/btcusdt_current_quarter@continuousKline_1m')
    tell(10, { kind: 'trade', trade })
    advance(1000)
    expect(sink.messages).toMatchObject([
      {
        e: 'continuous_kline',
        ps: 'BTCUSDT',
        ct: 'PERPETUAL',
        k: { t: minute, c: '100', x: false },
      },
    ])
    expect(sink.messages[0]!['k']).not.toHaveProperty('s')
    expect(other.messages).toEqual([])
  })

  it('tells a candle that is over once, although the next one is not there yet', () => {
    const minute = START - (START % 60_000)
    const end = minute + 60_000 - START
    const { connect, tell, advance, klines } = scriptedHub()
    klines.push(kline(minute, '100'))
    const { sink } = connect('/market/ws/btcusdt@kline_1m')
    tell(end - 10, { kind: 'trade', trade })
    advance(end + 3000)
    klines.push(kline(minute + 60_000, '102'))
    tell(end + 3100, { kind: 'trade', trade })
    advance(end + 4000)
    expect(sink.messages).toMatchObject([
      { k: { t: minute, x: true } },
      { k: { t: minute + 60_000, c: '102', x: false } },
    ])
  })

  it('tells one liquidation a second and symbol: the latest', () => {
    const { connect, tell, advance } = scriptedHub()
    const one = connect('/market/ws/btcusdt@forceOrder').sink
    const all = connect('/market/ws/!forceOrder@arr').sink
    const liquidation = {
      symbol: 'BTCUSDT',
      side: 'SELL' as const,
      price: '90',
      averagePrice: '90.5',
      quantity: '1',
      lastQuantity: '1',
      executedQuantity: '1',
      status: 'FILLED' as const,
      time: START,
    }
    tell(10, { kind: 'liquidation', liquidation })
    tell(20, { kind: 'liquidation', liquidation: { ...liquidation, quantity: '2' } })
    advance(3000)
    const o = { s: 'BTCUSDT', S: 'SELL', o: 'LIMIT', f: 'IOC', q: '2', p: '90', ap: '90.5' }
    expect(one.messages).toMatchObject([{ e: 'forceOrder', o: { ...o, X: 'FILLED', T: START } }])
    expect(one.messages[0]).not.toHaveProperty('st')
    expect(all.messages).toMatchObject([{ o, ps: 'BTCUSDT', st: 1 }])
  })

  it('tells the best prices at once, of one symbol and of all', () => {
    const { connect, tell } = scriptedHub()
    const one = connect('/public/ws/btcusdt@bookTicker').sink
    const all = connect('/public/stream', 'streams=!bookTicker').sink
    const ticker = {
      symbol: 'BTCUSDT',
      updateId: 5,
      bidPrice: '100',
      bidQuantity: '1',
      askPrice: '100.1',
      askQuantity: '2',
      time: START,
    }
    tell(3, { kind: 'book_ticker', ticker })
    const data = {
      e: 'bookTicker',
      u: 5,
      E: START + 3,
      T: START,
      s: 'BTCUSDT',
      ps: 'BTCUSDT',
      b: '100',
      B: '1',
      a: '100.1',
      A: '2',
      st: 1,
    }
    expect(one.messages).toEqual([data])
    expect(all.messages).toEqual([{ stream: '!bookTicker', data }])
  })
})
