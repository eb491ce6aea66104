import type { Random } from '@tapedeck/core'
import type { ArmedFault } from './armed-fault.ts'
import type {
  CancelAct,
  EnteringOrder,
  EntryAct,
  TriggerAct,
  TriggeredOrder,
  VenueMove,
} from './fault-hooks.ts'
import type { Fault, MoveFault, OrderFault, TriggerFault } from './fault.ts'

const aimsAtOrder = (
  { target }: ArmedFault,
  order: { readonly account: string; readonly symbol: string },
): boolean =>
  target.accounts?.includes(order.account) !== false &&
  target.symbols?.includes(order.symbol) !== false

const firstStruck = <F extends Fault>(
  faults: readonly ArmedFault<F>[],
  order: { readonly account: string; readonly symbol: string },
  at: number,
): F | null => {
  const struck = faults.find((armed) => aimsAtOrder(armed, order) && armed.timing.strikes(at))
  struck?.injected()
  return struck?.fault ?? null
}

const actOf = (fault: TriggerFault): TriggerAct => {
  switch (fault.kind) {
    case 'algo_stuck':
      return { kind: 'stick' }
    case 'algo_rejected':
      return { kind: 'reject', reason: fault.reason }
    case 'algo_unfilled':
      return { kind: 'unfilled' }
    case 'algo_expired':
    default:
      return { kind: 'expire' }
  }
}

/** What becomes of a conditional order whose price was reached. */
export const triggerAct = (
  faults: readonly ArmedFault<TriggerFault>[],
  order: TriggeredOrder,
  at: number,
): TriggerAct => {
  const fault = firstStruck(faults, order, at)
  return fault === null ? { kind: 'proceed' } : actOf(fault)
}

/** How much of an order may fill. */
export const entryAct = (
  faults: readonly ArmedFault<OrderFault>[],
  order: EnteringOrder,
  at: number,
): EntryAct => {
  const able = faults.filter(
    ({ fault }) =>
      fault.kind === 'partial_then_nothing' ||
      (fault.kind === 'partial_then_expired' && order.type === 'MARKET'),
  )
  const fault = firstStruck(able, order, at)
  if (fault === null || fault.kind === 'cancel_too_late') return { kind: 'proceed' }
  const rest = fault.kind === 'partial_then_nothing' ? 'stays' : 'expires'
  return { kind: 'part', part: fault.part, rest }
}

export const cancelAct = (
  faults: readonly ArmedFault<OrderFault>[],
  order: EnteringOrder,
  at: number,
): CancelAct => {
  const able = faults.filter(({ fault }) => fault.kind === 'cancel_too_late')
  return firstStruck(able, order, at) === null ? 'proceed' : 'fill'
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'.split('')

/** An id as the venue's own web page gives. */
const foreignId = (random: Random): string =>
  `web_${Array.from({ length: 20 }, () => random.pick(LETTERS)).join('')}`

type Move<Kind extends MoveFault['kind']> = (
  fault: Extract<MoveFault, { kind: Kind }>,
  random: Random,
) => VenueMove

const MOVES: { readonly [Kind in MoveFault['kind']]: Move<Kind> } = {
  liquidation: ({ account, symbol }) => ({ kind: 'liquidate', account, symbol }),
  deleveraging: ({ account, symbol, part }) => ({ kind: 'deleverage', account, symbol, part }),
  foreign_order: ({ account, symbol, side, quantity }, random) => ({
    kind: 'foreign_order',
    account,
    symbol,
    side,
    quantity,
    clientOrderId: foreignId(random),
  }),
  foreign_leverage: ({ account, symbol, leverage }) => ({
    kind: 'set_leverage',
    account,
    symbol,
    leverage,
  }),
  foreign_margin_type: ({ account, symbol, margin_type }) => ({
    kind: 'set_margin_type',
    account,
    symbol,
    marginType: margin_type,
  }),
  funding: ({ symbol, rate }) => ({ kind: 'funding', symbol, rate }),
  symbol_status: ({ symbol, status }) => ({ kind: 'symbol_status', symbol, status }),
  price_jump: ({ symbol, share }) => ({ kind: 'price_jump', symbol, share }),
}

/** What happens of itself by now, in the order of time; of one time in the order of the plan. */
export const movesDue = (
  faults: readonly ArmedFault<MoveFault>[],
  at: number,
): readonly VenueMove[] =>
  faults
    .flatMap((armed) => armed.timing.due(at).map((time) => ({ time, armed })))
    .toSorted((one, other) => one.time - other.time)
    .map(({ armed }) => {
      armed.injected()
      const { fault, timing } = armed
      return (MOVES[fault.kind] as Move<MoveFault['kind']>)(fault, timing.random)
    })
