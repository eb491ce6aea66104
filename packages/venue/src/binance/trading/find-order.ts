import { known, unknown, type FoundOrder, type VenueResult } from '../../port/index.ts'
import { AnswerFields, type CallName, type CallParameters } from '../rest/index.ts'
import { readAlgoOrder } from './read-algo-order.ts'
import { readPlainOrder } from './read-plain-order.ts'
import type { VenueDesk } from './venue-desk.ts'

/** Asks about one order: null when the venue says that there is none. */
const askFor = async <T>(
  { rest }: VenueDesk,
  name: CallName,
  parameters: CallParameters,
  read: (fields: AnswerFields) => T,
): Promise<VenueResult<T | null>> => {
  const outcome = await rest.call(name, parameters, 'entry')
  if (outcome.kind === 'unknown') return unknown(outcome.detail)
  if (outcome.kind === 'refused')
    return outcome.consequence === 'gone'
      ? known(null)
      : unknown(`the venue did not say: ${outcome.code} ${outcome.reason}`)
  return rest.read(name, outcome.body, (body) => read(new AnswerFields(body, 'order')))
}

const findPlain = async (
  desk: VenueDesk,
  parameters: CallParameters,
): Promise<VenueResult<FoundOrder | null>> => {
  const found = await askFor(desk, 'fapiPrivateGetOrder', parameters, (fields) =>
    readPlainOrder(fields, desk.venue),
  )
  if (found.outcome === 'known' && found.value !== null) {
    const { symbol, venueOrderId, clientOrderId } = found.value
    desk.orderIds.learn(symbol, venueOrderId, clientOrderId)
  }
  return found
}

/** A plain order by the venue's own id. */
export const findByVenueOrderId = (
  desk: VenueDesk,
  symbol: string,
  venueOrderId: string,
): Promise<VenueResult<FoundOrder | null>> => findPlain(desk, { symbol, orderId: venueOrderId })

/**
 * An order by our id, in both lists. The plain one first: the market order that a conditional one became
 * has its id, and says more. One that triggers between the two questions is followed to its child.
 */
export const findOrder = async (
  desk: VenueDesk,
  symbol: string,
  clientOrderId: string,
): Promise<VenueResult<FoundOrder | null>> => {
  const plain = await findPlain(desk, { symbol, origClientOrderId: clientOrderId })
  if (plain.outcome === 'unknown' || plain.value !== null) return plain
  const algo = await askFor(
    desk,
    'fapiPrivateGetAlgoOrder',
    { symbol, clientAlgoId: clientOrderId },
    (fields) => readAlgoOrder(fields, desk.venue),
  )
  if (algo.outcome === 'unknown') return algo
  if (algo.value === null) return known(null)
  const { childOrderId, order } = algo.value
  if (childOrderId === null) return known(order)
  const child = await findByVenueOrderId(desk, symbol, childOrderId)
  if (child.outcome === 'unknown') return child
  return known(child.value ?? order)
}
