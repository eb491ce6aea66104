import type { ExchangeEvent, Kline, OrderView, UserTrade } from '../exchange/index.ts'
import type { StreamFaults } from '../faults/index.ts'
import { MemorySink } from './memory-sink.fixture.ts'
import { StreamHub } from './stream-hub.ts'
import type { StreamLimits } from './stream-limits.ts'
import type { StreamConnection } from '../venue/stream-sink.ts'

export const START = 1_700_000_000_000

type Told = ExchangeEvent extends infer E
  ? E extends ExchangeEvent
    ? Omit<E, 'sequence' | 'time'>
    : never
  : never

/** A hub with an exchange of scripted events behind it. For tests. */
export const scriptedHub = (
  given: { readonly faults?: StreamFaults; readonly limits?: Partial<StreamLimits> } = {},
) => {
  const keys = new Map([['key-of-main', 'main']])
  const klines: Kline[] = []
  const hub = new StreamHub({
    symbols: ['BTCUSDT', 'ETHUSDT'],
    startTime: START,
    listenKeys: {
      accountOf: (listenKey) => keys.get(listenKey) ?? null,
      end: (listenKey) => void keys.delete(listenKey),
    },
    view: {
      book: (symbol, levels) => ({
        symbol,
        lastUpdateId: 9,
        time: START,
        bids: [['100', '1'] as const, ['99', '1'] as const].slice(0, levels),
        asks: [['101', '2'] as const],
      }),
      klines: (_symbol, interval, limit) =>
        klines.filter((one) => one.interval === interval).slice(-limit),
      dayTicker: () => null,
    },
    ...given,
  })
  let sequence = 0
  return {
    hub,
    keys,
    klines,
    connect: (path: string, query = ''): { sink: MemorySink; connection: StreamConnection } => {
      const sink = new MemorySink()
      return { sink, connection: hub.connect(path, query, sink) }
    },
    /** Events `after` ms after the start. */
    tell: (after: number, ...events: readonly Told[]): void => {
      for (const event of events)
        hub.tell([{ ...event, sequence: sequence++, time: START + after }])
    },
    advance: (after: number): void => hub.advanceTo(START + after),
  }
}

export const aggregate = (id: number, price: string): Told => ({
  kind: 'aggregate_trade',
  trade: {
    symbol: 'BTCUSDT',
    id,
    price,
    quantity: '0.5',
    firstTradeId: id,
    lastTradeId: id,
    time: START,
    buyerIsMaker: true,
  },
})

export const depth = (firstId: number, lastId: number, previousId: number, bid: string): Told => ({
  kind: 'depth',
  symbol: 'BTCUSDT',
  firstId,
  lastId,
  previousId,
  bids: [['100', bid]],
  asks: [],
})

export const order = (given: Partial<OrderView> = {}): OrderView => ({
  symbol: 'BTCUSDT',
  orderId: 7,
  clientOrderId: 'mine',
  side: 'BUY',
  positionSide: 'BOTH',
  type: 'LIMIT',
  originalType: 'LIMIT',
  timeInForce: 'GTC',
  status: 'FILLED',
  price: '100',
  quantity: '0.5',
  executedQuantity: '0.5',
  cumulativeQuote: '50',
  averagePrice: '100',
  reduceOnly: false,
  closePosition: false,
  stopPrice: '0',
  activatePrice: null,
  callbackRate: null,
  workingType: 'CONTRACT_PRICE',
  priceProtect: false,
  priceMatch: 'NONE',
  selfTradePrevention: 'EXPIRE_MAKER',
  goodTillDate: 0,
  expiryReason: 0,
  modifyId: null,
  algoId: null,
  createdAt: START,
  updatedAt: START,
  ...given,
})

export const fill = (given: Partial<UserTrade> = {}): UserTrade => ({
  symbol: 'BTCUSDT',
  id: 41,
  orderId: 7,
  clientOrderId: 'mine',
  side: 'BUY',
  positionSide: 'BOTH',
  price: '100',
  quantity: '0.5',
  quote: '50',
  realizedPnl: '0',
  commission: '0.02',
  commissionAsset: 'USDT',
  maker: false,
  time: START,
  ...given,
})
