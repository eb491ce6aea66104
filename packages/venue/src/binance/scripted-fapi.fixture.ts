import type { FetchLike } from './rest/index.ts'

/** A request as it came, with its parameters read from wherever they were. */
export type Asked = {
  readonly call: string
  readonly parameters: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly url: string
}

export type Reply =
  | {
      readonly status?: number
      readonly json?: unknown
      readonly text?: string
      readonly headers?: Record<string, string>
    }
  | { readonly throws: Error }
  | 'hang'

/** Answers by script: what is not scripted fails the test by an unknown outcome. */
export class ScriptedFapi {
  readonly asked: Asked[] = []
  readonly #replies = new Map<string, Reply[]>()
  readonly #now: () => number
  /** Venue time minus the client's. */
  ahead = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Answers to a call such as `POST /fapi/v1/order`, in order; the last one is given again. */
  on(call: string, ...replies: Reply[]): this {
    this.#replies.set(call, replies)
    return this
  }

  calls(): string[] {
    return this.asked.map(({ call }) => call).filter((call) => !call.endsWith('/time'))
  }

  last(call: string): Asked {
    const found = this.asked.findLast((one) => one.call === call)
    if (found === undefined) throw new Error(`${call} was not asked`)
    return found
  }

  readonly fetch: FetchLike = (url, request) => {
    const { pathname, searchParams } = new URL(url)
    const call = `${request.method} ${pathname}`
    const parameters = { ...Object.fromEntries(searchParams), ...formOf(request.body) }
    this.asked.push({ call, parameters, headers: request.headers, url })
    const replies = this.#replies.get(call)
    const reply = (replies !== undefined && replies.length > 1
      ? replies.shift()
      : replies?.[0]) ?? {
      status: 404,
      json: { code: -5000, msg: `Path ${pathname} is invalid` },
    }
    if (replies === undefined && call === 'GET /fapi/v1/time')
      return respond({ json: { serverTime: Math.round(this.#now() + this.ahead) } })
    if (reply === 'hang')
      return new Promise((_resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    return 'throws' in reply ? Promise.reject(reply.throws) : respond(reply)
  }
}

const formOf = (body: string | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(body ?? ''))

const respond = (reply: Exclude<Reply, 'hang' | { throws: Error }>): Promise<Response> =>
  Promise.resolve(
    new Response(reply.text ?? JSON.stringify(reply.json), {
      status: reply.status ?? 200,
      ...(reply.headers === undefined ? {} : { headers: reply.headers }),
    }),
  )

export const refusal = (code: number, msg = 'words', status = 400): Reply => ({
  status,
  json: { code, msg },
})

/** binance-ccxt-facts §3.1: the acknowledgment of an order, and what a question adds. */
export const orderJson = (given: object = {}): Record<string, unknown> => ({
  orderId: 22_542_179,
  symbol: 'BTCUSDT',
  status: 'NEW',
  clientOrderId: 'td-1',
  price: '60000.00',
  origQty: '0.010',
  executedQty: '0',
  cumQty: '0',
  timeInForce: 'GTC',
  type: 'LIMIT',
  reduceOnly: false,
  closePosition: false,
  side: 'BUY',
  positionSide: 'BOTH',
  stopPrice: '0',
  workingType: 'CONTRACT_PRICE',
  priceProtect: false,
  origType: 'LIMIT',
  priceMatch: 'NONE',
  selfTradePreventionMode: 'EXPIRE_MAKER',
  goodTillDate: 0,
  updateTime: 1_795_000_000_500,
  ...given,
})

/** binance-ccxt-facts §3.2: a conditional order as a question answers it. */
export const algoJson = (given: object = {}): Record<string, unknown> => ({
  algoId: 3_000_001,
  clientAlgoId: 'td-1',
  algoType: 'CONDITIONAL',
  orderType: 'STOP_MARKET',
  symbol: 'BTCUSDT',
  side: 'SELL',
  positionSide: 'BOTH',
  timeInForce: 'GTC',
  quantity: '0.010',
  algoStatus: 'NEW',
  triggerPrice: '58000.00',
  price: '0.00',
  icebergQuantity: null,
  selfTradePreventionMode: 'EXPIRE_MAKER',
  workingType: 'CONTRACT_PRICE',
  priceMatch: 'NONE',
  closePosition: false,
  priceProtect: false,
  reduceOnly: true,
  activatePrice: '',
  callbackRate: '',
  createTime: 1_795_000_000_100,
  updateTime: 1_795_000_000_600,
  triggerTime: 0,
  goodTillDate: 0,
  actualOrderId: '',
  actualPrice: '0',
  actualQty: '0',
  actualType: '',
  ...given,
})

export const tradeJson = (id: number, given: object = {}): Record<string, unknown> => ({
  symbol: 'BTCUSDT',
  id,
  orderId: 22_542_179,
  side: 'BUY',
  price: '60000.00',
  qty: '0.010',
  realizedPnl: '0',
  quoteQty: '600.00',
  baseQty: '0.010',
  commission: '0.12',
  commissionAsset: 'USDT',
  time: 1_795_000_000_000 + id,
  positionSide: 'BOTH',
  buyer: true,
  maker: true,
  ...given,
})
