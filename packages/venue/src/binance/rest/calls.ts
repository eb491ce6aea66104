import type { CallCost } from './rate-limiter.ts'

type Parameters = Readonly<Record<string, string | number | boolean>>

/** Weight that depends on whether the question is about one symbol. */
const bySymbol =
  (one: number, all: number) =>
  (parameters: Parameters): number =>
    parameters['symbol'] === undefined ? all : one

/** Weight that grows with the rows asked for: `[rows up to, weight]`, smallest first. */
const byLimit =
  (...steps: readonly (readonly [number, number])[]) =>
  (parameters: Parameters): number => {
    const limit = Number(parameters['limit'] ?? 500)
    return (steps.find(([rows]) => limit <= rows) ?? steps.at(-1)!)[1]
  }

type CallSpec = {
  /** The path, for logs and errors. */
  readonly path: string
  /** By IP: binance-ccxt-facts §2.1, §3. */
  readonly weight: number | ((parameters: Parameters) => number)
  readonly orders?: 1
  /**
   * `nothing`: a question. `again`: doing it twice is doing it once. `once`: an order. What is refused for
   * our clock is asked again only where that does no harm.
   */
  readonly effect: 'nothing' | 'again' | 'once'
}

/** Every call that the adapter makes, by the name of ccxt's implicit method. */
const CALLS = {
  fapiPublicGetTime: { path: 'GET /fapi/v1/time', weight: 1, effect: 'nothing' },
  fapiPublicGetExchangeInfo: { path: 'GET /fapi/v1/exchangeInfo', weight: 1, effect: 'nothing' },
  fapiPublicGetDepth: {
    path: 'GET /fapi/v1/depth',
    weight: byLimit([50, 2], [100, 5], [500, 10], [1000, 20]),
    effect: 'nothing',
  },
  fapiPublicGetAggTrades: { path: 'GET /fapi/v1/aggTrades', weight: 20, effect: 'nothing' },
  publicGetTime: { path: 'GET /api/v3/time', weight: 1, effect: 'nothing' },
  publicGetExchangeInfo: { path: 'GET /api/v3/exchangeInfo', weight: 20, effect: 'nothing' },
  publicGetDepth: {
    path: 'GET /api/v3/depth',
    weight: byLimit([100, 5], [500, 25], [1000, 50], [5000, 250]),
    effect: 'nothing',
  },
  publicGetAggTrades: { path: 'GET /api/v3/aggTrades', weight: 4, effect: 'nothing' },
  fapiPrivatePostOrder: { path: 'POST /fapi/v1/order', weight: 0, orders: 1, effect: 'once' },
  fapiPrivateDeleteOrder: { path: 'DELETE /fapi/v1/order', weight: 1, effect: 'again' },
  fapiPrivateGetOrder: { path: 'GET /fapi/v1/order', weight: 1, effect: 'nothing' },
  fapiPrivateGetOpenOrders: {
    path: 'GET /fapi/v1/openOrders',
    weight: bySymbol(1, 40),
    effect: 'nothing',
  },
  fapiPrivateGetAllOrders: { path: 'GET /fapi/v1/allOrders', weight: 5, effect: 'nothing' },
  fapiPrivateDeleteAllOpenOrders: {
    path: 'DELETE /fapi/v1/allOpenOrders',
    weight: 1,
    effect: 'again',
  },
  fapiPrivatePostAlgoOrder: {
    path: 'POST /fapi/v1/algoOrder',
    weight: 0,
    orders: 1,
    effect: 'once',
  },
  fapiPrivateDeleteAlgoOrder: { path: 'DELETE /fapi/v1/algoOrder', weight: 1, effect: 'again' },
  fapiPrivateGetAlgoOrder: { path: 'GET /fapi/v1/algoOrder', weight: 1, effect: 'nothing' },
  fapiPrivateGetOpenAlgoOrders: {
    path: 'GET /fapi/v1/openAlgoOrders',
    weight: bySymbol(1, 40),
    effect: 'nothing',
  },
  fapiPrivateDeleteAlgoOpenOrders: {
    path: 'DELETE /fapi/v1/algoOpenOrders',
    weight: 1,
    effect: 'again',
  },
  fapiPrivateV3GetPositionRisk: {
    path: 'GET /fapi/v3/positionRisk',
    weight: 5,
    effect: 'nothing',
  },
  fapiPrivateV3GetBalance: { path: 'GET /fapi/v3/balance', weight: 5, effect: 'nothing' },
  fapiPrivateGetUserTrades: { path: 'GET /fapi/v1/userTrades', weight: 5, effect: 'nothing' },
  fapiPrivateGetIncome: { path: 'GET /fapi/v1/income', weight: 30, effect: 'nothing' },
  fapiPrivateGetAccountConfig: {
    path: 'GET /fapi/v1/accountConfig',
    weight: 5,
    effect: 'nothing',
  },
  fapiPrivateGetSymbolConfig: { path: 'GET /fapi/v1/symbolConfig', weight: 5, effect: 'nothing' },
  fapiPrivateGetFeeBurn: { path: 'GET /fapi/v1/feeBurn', weight: 30, effect: 'nothing' },
  /** Checked and thrown away: it says whether the key may trade. */
  fapiPrivatePostOrderTest: { path: 'POST /fapi/v1/order/test', weight: 0, effect: 'nothing' },
  fapiPrivateGetLeverageBracket: {
    path: 'GET /fapi/v1/leverageBracket',
    weight: 1,
    effect: 'nothing',
  },
  fapiPrivatePostLeverage: { path: 'POST /fapi/v1/leverage', weight: 1, effect: 'again' },
  fapiPrivatePostMarginType: { path: 'POST /fapi/v1/marginType', weight: 1, effect: 'again' },
  fapiPrivatePostListenKey: { path: 'POST /fapi/v1/listenKey', weight: 1, effect: 'again' },
  fapiPrivatePutListenKey: { path: 'PUT /fapi/v1/listenKey', weight: 1, effect: 'again' },
} as const satisfies Readonly<Record<string, CallSpec>>

export type CallName = keyof typeof CALLS
export type CallParameters = Parameters

export const specOf = (name: CallName): CallSpec => CALLS[name]

export const costOf = (name: CallName, parameters: Parameters): CallCost => {
  const { weight, orders = 0 } = specOf(name)
  return { weight: typeof weight === 'number' ? weight : weight(parameters), orders }
}
