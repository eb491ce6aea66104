import { dec, isOwnClientOrderId } from '@tapedeck/core'
import { known, type VenueResult } from '../../port/index.ts'
import { fieldsOfAll } from '../rest/index.ts'
import { fail, pass, skip, unanswered, warn, type PreflightFinding } from './finding.ts'
import type { PreflightDesk } from './preflight-options.ts'

type Position = { readonly symbol: string; readonly amount: string }
type Order = { readonly symbol: string; readonly isOurs: boolean }

const readPositions = (body: unknown): readonly Position[] =>
  fieldsOfAll(body, 'positionRisk')
    .map((fields) => ({ symbol: fields.text('symbol'), amount: fields.decimal('positionAmt') }))
    .filter(({ amount }) => !dec(amount).isZero())

const readOrders =
  (id: 'clientOrderId' | 'clientAlgoId') =>
  (body: unknown): readonly Order[] =>
    fieldsOfAll(body, 'openOrders').map((fields) => ({
      symbol: fields.text('symbol'),
      isOurs: isOwnClientOrderId(fields.text(id)),
    }))

const symbolsOf = (of: readonly { readonly symbol: string }[]): string =>
  [...new Set(of.map(({ symbol }) => symbol))].slice(0, 8).join(', ')

/** A position with an order of ours beside it is taken for ours: it is protected by it. */
const judgePositions = (
  positions: readonly Position[],
  orders: readonly Order[],
  configured: ReadonlySet<string>,
): PreflightFinding => {
  const name = 'positions'
  if (positions.length === 0) return pass(name, 'none is open')
  const ours = new Set(orders.filter(({ isOurs }) => isOurs).map(({ symbol }) => symbol))
  const foreign = positions.filter(({ symbol }) => !ours.has(symbol))
  const here = foreign.filter(({ symbol }) => configured.has(symbol))
  if (here.length > 0)
    return fail(
      name,
      `${here.map(({ symbol, amount }) => `${symbol} ${amount}`).join(', ')} without an order of ours beside it`,
      'Close it at the venue, unless the session that opened it is about to be started again: then it is looked after.',
    )
  if (foreign.length > 0)
    return warn(
      name,
      `in symbols that are not traded here: ${symbolsOf(foreign)}`,
      'Nothing else should trade on this account: with cross margin their losses are paid by the same wallet.',
    )
  return pass(name, `${positions.length} open, with orders of ours: ${symbolsOf(positions)}`)
}

const judgeOrders = (
  orders: readonly Order[],
  configured: ReadonlySet<string>,
): PreflightFinding => {
  const name = 'orders'
  const foreign = orders.filter(({ isOurs }) => !isOurs)
  if (foreign.length === 0)
    return pass(name, orders.length === 0 ? 'none is open' : `${orders.length} open, all ours`)
  const here = foreign.filter(({ symbol }) => configured.has(symbol))
  return warn(
    name,
    here.length > 0
      ? `${here.length} that are not ours, in ${symbolsOf(here)}`
      : `${foreign.length} that are not ours, in symbols that are not traded here: ${symbolsOf(foreign)}`,
    'Cancel them at the venue: they are told and left alone, and a fill of one is a position that nobody planned.',
  )
}

/** Plain and conditional ones, of all symbols. */
const openOrders = async (rest: PreflightDesk['rest']): Promise<VenueResult<readonly Order[]>> => {
  const plain = await rest.ask('fapiPrivateGetOpenOrders', {}, 'entry', readOrders('clientOrderId'))
  if (plain.outcome === 'unknown') return plain
  const algo = await rest.ask(
    'fapiPrivateGetOpenAlgoOrders',
    {},
    'entry',
    readOrders('clientAlgoId'),
  )
  return algo.outcome === 'unknown' ? algo : known([...plain.value, ...algo.value])
}

/** What stands at the venue; `busy` null when it could not be learned. */
export const checkHoldings = async ({
  rest,
  plan,
}: PreflightDesk): Promise<{
  readonly findings: readonly PreflightFinding[]
  readonly busy: ReadonlySet<string> | null
}> => {
  const open = await openOrders(rest)
  const positions = await rest.ask('fapiPrivateV3GetPositionRisk', {}, 'entry', readPositions)
  const configured = new Set(plan.instruments.map(({ symbol }) => symbol))
  if (open.outcome === 'unknown')
    // Without them nobody can say whose the positions are.
    return {
      findings: [unanswered('orders', open.detail), skip('positions', 'orders are not told')],
      busy: null,
    }
  const orders = open.value
  if (positions.outcome === 'unknown')
    return {
      findings: [unanswered('positions', positions.detail), judgeOrders(orders, configured)],
      busy: null,
    }
  return {
    findings: [
      judgePositions(positions.value, orders, configured),
      judgeOrders(orders, configured),
    ],
    busy: new Set([...orders, ...positions.value].map(({ symbol }) => symbol)),
  }
}
