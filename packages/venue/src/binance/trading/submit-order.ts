import { dec } from '@tapedeck/core'
import {
  known,
  unknown,
  type FoundOrder,
  type OrderAnswer,
  type OrderRequest,
  type VenueResult,
} from '../../port/index.ts'
import {
  AnswerFields,
  AnswerUnreadable,
  type CallName,
  type CallParameters,
} from '../rest/index.ts'
import { findOrder } from './find-order.ts'
import type { VenueDesk } from './venue-desk.ts'

/** What the venue takes for an id: binance-ccxt-facts §3.1. */
const CLIENT_ORDER_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/

const isConditional = ({ type }: Pick<OrderRequest, 'type'>): boolean =>
  type === 'STOP_MARKET' || type === 'TAKE_PROFIT_MARKET'

/** What makes a request one that cannot be sent, or null. */
const flawOf = (request: OrderRequest): string | null => {
  const { clientOrderId, type, price, stopPrice } = request
  if (!CLIENT_ORDER_ID.test(clientOrderId))
    return `client order id ${clientOrderId.slice(0, 60)}: expected 1 to 36 of letters, digits and . : / _ -`
  if ((type === 'LIMIT') !== (price !== null))
    return type === 'LIMIT' ? 'a LIMIT order needs a price' : `a ${type} order has no price`
  if (isConditional(request) !== (stopPrice !== null))
    return isConditional(request)
      ? `a ${type} order needs a stop price`
      : `a ${type} order has no stop price`
  return null
}

const plain = (request: OrderRequest): CallParameters => ({
  symbol: request.symbol,
  side: request.side,
  type: request.type,
  quantity: request.quantity,
  ...(request.price === null ? {} : { price: request.price, timeInForce: 'GTC' }),
  ...(request.reduceOnly ? { reduceOnly: 'true' } : {}),
  newClientOrderId: request.clientOrderId,
  newOrderRespType: 'RESULT',
})

const conditional = (request: OrderRequest, workingType: string): CallParameters => ({
  algoType: 'CONDITIONAL',
  symbol: request.symbol,
  side: request.side,
  type: request.type,
  quantity: request.quantity,
  triggerPrice: request.stopPrice ?? '',
  workingType,
  ...(request.reduceOnly ? { reduceOnly: 'true' } : {}),
  clientAlgoId: request.clientOrderId,
  newOrderRespType: 'RESULT',
})

/** The part of an acknowledgment that matters, and that it is about this order and no other. */
const readAck = (body: unknown, request: OrderRequest): OrderAnswer => {
  const fields = new AnswerFields(body, 'order')
  const [idField, orderIdField] = isConditional(request)
    ? ['clientAlgoId', 'algoId']
    : ['clientOrderId', 'orderId']
  const id = fields.text(idField)
  if (id !== request.clientOrderId || fields.text('symbol') !== request.symbol)
    throw new AnswerUnreadable(`the answer is about ${id}, not about ${request.clientOrderId}`)
  const venueOrderId = fields.id(orderIdField)
  return { accepted: true, venueOrderId, at: fields.firstTime('updateTime', 'createTime', 'time') }
}

const isSame = (found: FoundOrder, request: OrderRequest): boolean =>
  found.side === request.side && dec(found.quantity).eq(dec(request.quantity))

/** -4116: an open order has this id. It is ours if it is this order; the venue is asked which it is. */
const resolveDuplicate = async (
  desk: VenueDesk,
  request: OrderRequest,
): Promise<VenueResult<OrderAnswer>> => {
  const found = await findOrder(desk, request.symbol, request.clientOrderId)
  if (found.outcome === 'unknown') return found
  if (found.value === null)
    return unknown(`the venue says that ${request.clientOrderId} is open, and does not find it`)
  if (!isSame(found.value, request))
    return known({
      accepted: false,
      code: '-4116',
      reason: `${request.clientOrderId} is the id of another open order`,
      next: 'stop',
    })
  const { venueOrderId, at } = found.value
  return known({ accepted: true, venueOrderId, at })
}

/** Sends an order once. LIMIT and MARKET go to `/order`, conditional ones to `/algoOrder`. */
export const submitOrder = async (
  desk: VenueDesk,
  request: OrderRequest,
): Promise<VenueResult<OrderAnswer>> => {
  const flaw = flawOf(request)
  if (flaw !== null) return known({ accepted: false, code: 'NOT_SENT', reason: flaw, next: 'stop' })
  const toAlgo = isConditional(request)
  const name: CallName = toAlgo ? 'fapiPrivatePostAlgoOrder' : 'fapiPrivatePostOrder'
  const parameters = toAlgo ? conditional(request, desk.workingType) : plain(request)
  const urgency = toAlgo || request.reduceOnly ? 'exit' : 'entry'
  const outcome = await desk.rest.call(name, parameters, urgency)
  if (outcome.kind === 'refused') {
    const { code, reason, mayRetry, retryInMs } = outcome
    const later = retryInMs === undefined ? {} : { retryInMs }
    return known({ accepted: false, code, reason, next: mayRetry ? 'retry' : 'stop', ...later })
  }
  if (outcome.kind === 'unknown')
    return outcome.consequence === 'duplicate'
      ? resolveDuplicate(desk, request)
      : unknown(outcome.detail)
  const answer = desk.rest.read(name, outcome.body, (body) => readAck(body, request))
  if (answer.outcome === 'known' && answer.value.accepted && !toAlgo)
    desk.orderIds.learn(request.symbol, answer.value.venueOrderId, request.clientOrderId)
  return answer
}
