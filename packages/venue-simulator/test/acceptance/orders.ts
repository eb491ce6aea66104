import { expect } from '@jest/globals'
import type { OrderRequest, VenueResult } from '@tapedeck/venue'
import { SYMBOL, type VenueStage } from './venue-stage.ts'

type Given = Partial<OrderRequest>

const order = (
  clientOrderId: string,
  side: OrderRequest['side'],
  quantity: string,
): OrderRequest => ({
  symbol: SYMBOL,
  clientOrderId,
  side,
  type: 'LIMIT',
  quantity,
  price: null,
  stopPrice: null,
  reduceOnly: false,
})

export const limit = (
  id: string,
  side: OrderRequest['side'],
  quantity: string,
  price: string,
  given: Given = {},
): OrderRequest => ({ ...order(id, side, quantity), price, ...given })

export const market = (
  id: string,
  side: OrderRequest['side'],
  quantity: string,
  given: Given = {},
): OrderRequest => ({ ...order(id, side, quantity), type: 'MARKET', ...given })

export const stop = (
  id: string,
  side: OrderRequest['side'],
  quantity: string,
  stopPrice: string,
  given: Given = {},
): OrderRequest => ({
  ...order(id, side, quantity),
  type: 'STOP_MARKET',
  stopPrice,
  reduceOnly: true,
  ...given,
})

export const takeProfit = (...given: Parameters<typeof stop>): OrderRequest => ({
  ...stop(...given),
  type: 'TAKE_PROFIT_MARKET',
})

/** The value of an outcome that has to be known. */
export const valueOf = <T>(result: VenueResult<T>): T => {
  if (result.outcome === 'unknown') throw new Error(`unknown: ${result.detail}`)
  return result.value
}

/** Sends an order that has to be accepted; its id at the venue. */
export const accepted = async (stage: VenueStage, request: OrderRequest): Promise<string> => {
  const answer = valueOf(await stage.venue.submitOrder(request))
  if (!answer.accepted) throw new Error(`refused: ${answer.code} ${answer.reason}`)
  return answer.venueOrderId
}

/** Sends an order that has to be refused for good with a code, and leaves nothing behind. */
export const refused = async (
  stage: VenueStage,
  request: OrderRequest,
  ...codes: string[]
): Promise<void> => {
  const answer = valueOf(await stage.venue.submitOrder(request))
  expect(answer).toMatchObject({ accepted: false, next: 'stop' })
  expect(codes).toContain(answer.accepted ? 'accepted' : answer.code)
  expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toEqual([])
  expect(stage.heard.filter(({ kind }) => kind === 'order')).toEqual([])
}

/** Signed quantity of the position; `0` when flat. */
export const position = async (stage: VenueStage): Promise<string> => {
  const [one] = valueOf(await stage.venue.positions([SYMBOL]))
  if (one === undefined) return '0'
  return one.side === 'SHORT' ? `-${one.quantity}` : one.quantity
}

export const wallet = async (stage: VenueStage): Promise<string> => {
  const balances = valueOf(await stage.venue.balances())
  return balances.find(({ asset }) => asset === 'USDT')?.wallet ?? 'none'
}

/** How an order is found by its id. */
export const found = async (stage: VenueStage, clientOrderId: string) =>
  valueOf(await stage.venue.findOrder(SYMBOL, clientOrderId))

export const cancel = (clientOrderId: string, conditional = false) => ({
  symbol: SYMBOL,
  clientOrderId,
  conditional,
})
