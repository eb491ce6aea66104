import type { Delivery, VenueResponse } from '../venue/venue-request.ts'

const JSON_TYPE = 'application/json;charset=UTF-8'

/** What the venue says with the codes that faults force (binance-ccxt-facts §3.7). */
const MESSAGES: Readonly<Record<number, string>> = {
  [-1000]: 'An unknown error occurred while processing the request.',
  [-1001]: 'Internal error; unable to process your request. Please try again.',
  [-1003]: 'Too many requests; current limit of IP is 2400 requests per minute.',
  [-1006]: 'An unexpected response was received from the message bus. Execution status unknown.',
  [-1007]:
    'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
  [-1008]: 'Server is currently overloaded with other requests. Please try again in a few minutes.',
  [-1015]: 'Too many new orders; current limit is 300 orders per TEN_SECONDS.',
  [-1021]: 'Timestamp for this request is outside of the recvWindow.',
  [-1022]: 'Signature for this request is not valid.',
  [-1111]: 'Precision is over the maximum defined for this asset.',
  [-1121]: 'Invalid symbol.',
  [-1125]: 'This listenKey does not exist.',
  [-2010]: 'NEW_ORDER_REJECTED',
  [-2011]: 'Unknown order sent.',
  [-2013]: 'Order does not exist.',
  [-2014]: 'API-key format invalid.',
  [-2015]: 'Invalid API-key, IP, or permissions for action.',
  [-2018]: 'Balance is insufficient.',
  [-2019]: 'Margin is insufficient.',
  [-2020]: 'Unable to fill.',
  [-2021]: 'Order would immediately trigger.',
  [-2022]: 'ReduceOnly Order is rejected.',
  [-2023]: 'User in liquidation mode now.',
  [-2024]: 'Position is not sufficient.',
  [-2025]: 'Reach max open order limit.',
  [-2027]: 'Exceeded the maximum allowable position at current leverage.',
  [-2028]: 'Leverage is smaller than permitted: insufficient margin balance.',
  [-4003]: 'Quantity less than or equal to zero.',
  [-4005]: 'Quantity greater than max quantity.',
  [-4014]: 'Price not increased by tick size.',
  [-4015]: 'Client order id is not valid.',
  [-4016]: "Limit price can't be higher than the upper bound.",
  [-4024]: "Limit price can't be lower than the lower bound.",
  [-4045]: 'Reach max stop order limit.',
  [-4116]: 'ClientOrderId is duplicated.',
  [-4118]: 'ReduceOnly Order Failed. Please check your existing position and open orders.',
  [-4120]:
    'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
  [-4131]: "The counterparty's best price does not meet the PERCENT_PRICE filter limit.",
  [-4164]: "Order's notional must be no smaller than the minimum (unless you choose reduce only).",
  [-4192]: 'Trade forbidden due to Cooling-off Period.',
  [-4400]: 'Futures Trading Quantitative Rules violated, only reduceOnly order is allowed.',
  [-5021]: 'Due to the order could not be filled immediately, the FOK order has been rejected.',
  [-5022]: 'Due to the order could not be executed as maker, the Post Only order will be rejected.',
}

export const answered = (response: VenueResponse, delayMs = 0): Delivery => ({
  kind: 'answer',
  response,
  delayMs,
})

const json = (
  status: number,
  body: object,
  headers: Record<string, string> = {},
): VenueResponse => ({
  status,
  headers: { 'content-type': JSON_TYPE, ...headers },
  body: JSON.stringify(body),
})

/** A refusal with a code and what the venue says with it. */
export const codeAnswer = (
  status: number,
  code: number,
  message?: string,
  headers?: Record<string, string>,
): VenueResponse =>
  json(status, { code, msg: message ?? MESSAGES[code] ?? `Refused with ${code}.` }, headers)

/** A 503 with words alone: which words decides whether the request may have been done. */
export const unavailableAnswer = (message: string): VenueResponse =>
  json(503, { code: 0, msg: message })

/** A page that was never meant for a program, as firewalls and gateways send. */
export const htmlAnswer = (status: number): VenueResponse => {
  const title = status === 403 ? 'Request blocked' : status === 200 ? 'Maintenance' : 'Bad gateway'
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${status}</h1></body></html>\n`
  return { status, headers: { 'content-type': 'text/html' }, body }
}

export const emptyAnswer = (): VenueResponse => ({
  status: 200,
  headers: { 'content-type': JSON_TYPE },
  body: '',
})
