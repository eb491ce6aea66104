import fc from 'fast-check'
import type {
  ConditionalOrderType,
  Exchange,
  NewConditional,
  NewOrder,
  PositionSideName,
} from '../index.ts'
import { SYMBOL, book, change, mark, print } from './open-exchange.ts'

/** Something that happens to an exchange; `gap` ms after what came before. */
export type Step = { readonly gap: number; readonly act: Act }

type Act =
  | { readonly do: 'print'; readonly ticks: number; readonly lots: number; readonly maker: 0 | 1 }
  | {
      readonly do: 'book'
      readonly mid: number
      readonly lots: readonly number[]
      readonly whole: boolean
    }
  | { readonly do: 'mark'; readonly ticks: number; readonly rate: number }
  | { readonly do: 'order'; readonly who: string; readonly order: NewOrder }
  | { readonly do: 'conditional'; readonly who: string; readonly order: NewConditional }
  | { readonly do: 'cancel'; readonly who: string; readonly which: number }
  | {
      readonly do: 'amend'
      readonly who: string
      readonly which: number
      readonly price: string
      readonly quantity: string
    }
  | { readonly do: 'leverage'; readonly who: string; readonly leverage: number }
  | { readonly do: 'isolate'; readonly who: string }
  | { readonly do: 'liquidate'; readonly who: string }
  | { readonly do: 'deleverage'; readonly who: string }
  | { readonly do: 'fund'; readonly who: string }
  | { readonly do: 'cancel_all'; readonly who: string }

const anyone = fc.constantFrom('a', 'b', 'c', 'd')
/** Prices between 49900 and 50100, with steps that stand out. */
const ticks = fc.integer({ min: 499_000, max: 501_000 })
/** One in five. */
const seldom = fc.nat(4).map((one) => one === 0)
const price = ticks.map((one) => String(one / 10))
const lots = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 4_000 }))
const quantity = lots.map((one) => String(one / 1000))
const side = fc.constantFrom('BUY' as const, 'SELL' as const)
const prevention = fc.constantFrom('NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH')

const anyOrder = fc.oneof(
  fc.record({
    symbol: fc.constant(SYMBOL),
    side,
    type: fc.constant('LIMIT' as const),
    timeInForce: fc.constantFrom('GTC', 'GTC', 'IOC', 'FOK', 'GTX'),
    price,
    quantity,
    reduceOnly: seldom,
    selfTradePrevention: prevention,
  }),
  fc.record({
    symbol: fc.constant(SYMBOL),
    side,
    type: fc.constant('MARKET' as const),
    quantity,
    reduceOnly: seldom,
  }),
) as fc.Arbitrary<NewOrder>

const anyConditional: fc.Arbitrary<NewConditional> = fc
  .record({
    side,
    type: fc.constantFrom<ConditionalOrderType>(
      'STOP',
      'STOP_MARKET',
      'TAKE_PROFIT',
      'TAKE_PROFIT_MARKET',
      'TRAILING_STOP_MARKET',
    ),
    at: price,
    limit: price,
    quantity,
    flags: fc.nat(7),
  })
  .map(({ type, at, limit, flags, quantity: size, side: of }): NewConditional => {
    const isMarket = type === 'STOP_MARKET' || type === 'TAKE_PROFIT_MARKET'
    const closes = (flags & 1) === 1 && isMarket
    const made: { -readonly [Field in keyof NewConditional]: NewConditional[Field] } = {
      symbol: SYMBOL,
      side: of,
      type,
      workingType: (flags & 4) === 4 ? 'MARK_PRICE' : 'CONTRACT_PRICE',
    }
    if (closes) made.closePosition = true
    else made.quantity = size
    if (!closes && (flags & 2) === 2) made.reduceOnly = true
    if (type === 'TRAILING_STOP_MARKET') made.callbackRate = '0.1'
    else made.triggerPrice = at
    if (type === 'STOP' || type === 'TAKE_PROFIT') made.price = limit
    return made
  })

const act: fc.Arbitrary<Act> = fc.oneof(
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
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('book' as const),
      mid: ticks,
      lots: fc.array(fc.nat(8_000), { minLength: 6, maxLength: 6 }),
      whole: seldom.map((one) => !one),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('mark' as const),
      ticks: fc.oneof(ticks, fc.integer({ min: 480_000, max: 520_000 })),
      rate: fc.constantFrom(0.0001, -0.003, 0.01),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('order' as const), who: anyone, order: anyOrder }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('conditional' as const),
      who: anyone,
      order: anyConditional,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('cancel' as const), who: anyone, which: fc.nat(2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('amend' as const),
      who: anyone,
      which: fc.nat(2),
      price,
      quantity,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('leverage' as const),
      who: anyone,
      leverage: fc.constantFrom(2, 20, 50, 100),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('isolate' as const), who: anyone }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(...(['liquidate', 'deleverage', 'fund', 'cancel_all'] as const)),
      who: anyone,
    }),
  },
)

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ gap: fc.constantFrom(0, 0, 1, 50, 900_000), act }),
  { minLength: 1, maxLength: 120, size: 'max' },
)

const bookOf = (step: Extract<Act, { do: 'book' }>, time: number) => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = step.lots
  const bids = [
    [step.mid - 1, a],
    [step.mid - 20, b],
    [step.mid - 400, c],
  ] as const
  const asks = [
    [step.mid + 1, d],
    [step.mid + 20, e],
    [step.mid + 400, f],
  ] as const
  return (step.whole ? book : change)(bids, asks, time)
}

/** Does a step. Refusals are no failures: most of what is drawn makes no sense. */
export const play = (exchange: Exchange, { gap, act: one }: Step): void => {
  const time = exchange.time + gap
  exchange.advanceTo(time)
  if (one.do === 'print') exchange.applyMarket(print(one.ticks, one.lots, one.maker, time))
  else if (one.do === 'book') exchange.applyMarket(bookOf(one, time))
  else if (one.do === 'mark') {
    const told = { rate: one.rate, next: time + 1_800_000 }
    exchange.applyMarket(mark(one.ticks / 10, time, told))
  } else if (one.do === 'order')
    exchange.placeOrder(one.who, withSide(exchange, one.who, one.order))
  else if (one.do === 'conditional')
    exchange.placeConditional(one.who, withSide(exchange, one.who, one.order))
  else if (one.do === 'leverage') exchange.setLeverage(one.who, SYMBOL, one.leverage)
  else if (one.do === 'isolate') exchange.setMarginType(one.who, SYMBOL, 'ISOLATED')
  else playOrder(exchange, one)
}

const playOrder = (exchange: Exchange, one: Extract<Act, { do: OrderAct }>): void => {
  if (one.do === 'liquidate') exchange.liquidate(one.who, SYMBOL)
  if (one.do === 'deleverage') exchange.deleverage(one.who, SYMBOL)
  if (one.do === 'fund') exchange.fund(SYMBOL, 0.002)
  if (one.do === 'cancel_all') exchange.cancelAll(one.who, SYMBOL)
  if (one.do !== 'cancel' && one.do !== 'amend') return
  const order = exchange.openOrders(one.who)[one.which]
  if (order === undefined) return
  const key = { orderId: order.orderId }
  if (one.do === 'cancel') exchange.cancelOrder(one.who, SYMBOL, key)
  else {
    const { price: to, quantity: size } = one
    exchange.amendOrder(one.who, SYMBOL, key, { side: order.side, price: to, quantity: size })
  }
}
type OrderAct = 'cancel' | 'amend' | 'liquidate' | 'deleverage' | 'fund' | 'cancel_all'

/** Account `c` is in hedge mode: its orders get a side and lose what is not allowed there. */
const withSide = <T extends NewOrder | NewConditional>(
  exchange: Exchange,
  who: string,
  order: T,
): T => {
  if (exchange.account(who)?.hedgeMode !== true) return order
  const { reduceOnly, ...rest } = order
  const positionSide: PositionSideName = reduceOnly === true ? 'SHORT' : 'LONG'
  return { ...rest, positionSide } as T
}
