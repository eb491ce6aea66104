import {
  known,
  unknown,
  type CancelAnswer,
  type CancelRequest,
  type VenueResult,
} from '../../port/index.ts'
import { AnswerFields, type CallName, type CallParameters } from '../rest/index.ts'
import { readPlainOrder } from './read-plain-order.ts'
import type { VenueDesk } from './venue-desk.ts'

type Read = (fields: AnswerFields) => CancelAnswer

const cancelWith = async (
  { rest }: VenueDesk,
  name: CallName,
  parameters: CallParameters,
  read: Read,
): Promise<VenueResult<CancelAnswer>> => {
  const outcome = await rest.call(name, parameters, 'exit')
  if (outcome.kind === 'unknown') return unknown(outcome.detail)
  if (outcome.kind === 'refused') {
    const { code, reason, consequence } = outcome
    return known({ canceled: false, gone: consequence === 'gone', reason: `${code} ${reason}` })
  }
  return rest.read(name, outcome.body, (body) => read(new AnswerFields(body, 'order')))
}

const cancelPlain = (desk: VenueDesk, { symbol, clientOrderId }: CancelRequest) =>
  cancelWith(
    desk,
    'fapiPrivateDeleteOrder',
    { symbol, origClientOrderId: clientOrderId },
    (fields): CancelAnswer => {
      const { status, at } = readPlainOrder(fields, desk.venue)
      if (status === 'CANCELED' || status === 'EXPIRED') return { canceled: true, at }
      return { canceled: false, gone: status === 'FILLED', reason: `the venue says ${status}` }
    },
  )

const cancelAlgo = (desk: VenueDesk, { symbol, clientOrderId }: CancelRequest) =>
  cancelWith(
    desk,
    'fapiPrivateDeleteAlgoOrder',
    { symbol, clientAlgoId: clientOrderId },
    (fields): CancelAnswer => {
      // It tells no time of its own; the code is a text here and a number elsewhere.
      const code = fields.whole('code')
      if (code === 200) return { canceled: true, at: desk.rest.clock.timestamp() }
      return { canceled: false, gone: false, reason: `the venue says ${code}` }
    },
  )

/**
 * Cancels an order. A conditional one that is gone may have become a market order that still rests, under
 * the same id: that one is canceled then.
 */
export const cancelOrder = async (
  desk: VenueDesk,
  request: CancelRequest,
): Promise<VenueResult<CancelAnswer>> => {
  if (!request.conditional) return cancelPlain(desk, request)
  const first = await cancelAlgo(desk, request)
  const isGone = first.outcome === 'known' && !first.value.canceled && first.value.gone
  return isGone ? cancelPlain(desk, request) : first
}

const readDone = (body: unknown): number => new AnswerFields(body, 'answer').whole('code')

/** Cancels all orders of a symbol, in both lists. Known only when both have said so. */
export const cancelAllOrders = async (
  { rest }: VenueDesk,
  symbol: string,
): Promise<VenueResult<{ readonly canceled: true }>> => {
  const problems: string[] = []
  for (const name of [
    'fapiPrivateDeleteAllOpenOrders',
    'fapiPrivateDeleteAlgoOpenOrders',
  ] as const) {
    const answer = await rest.ask(name, { symbol }, 'exit', readDone)
    if (answer.outcome === 'unknown') problems.push(answer.detail)
  }
  return problems.length === 0 ? known({ canceled: true }) : unknown(problems.join('; '))
}
