import type { Message, Order } from '@tapedeck/contracts'

/** An order of ours as the tape told it last, with where it is. */
export type CarriedOrder = { readonly symbol: string; readonly order: Order }

/** What execution has committed to do at the venue. */
export type OrderIntent = CarriedOrder & { readonly kind: 'submit' | 'cancel' }

/** The messages that are intents: nothing goes to a venue that is not one of them. */
export type IntentMessage = Message<'execution.order.submitted' | 'execution.order.pending_cancel'>

/** The intent that a committed message is. */
export const intentOf = ({ type, payload }: IntentMessage): OrderIntent => ({
  kind: type === 'execution.order.submitted' ? 'submit' : 'cancel',
  symbol: payload.symbol,
  order: payload.order,
})

/** Stops and take-profits are kept in another list at the venue until they trigger. */
export const isConditional = ({ type }: Pick<Order, 'type'>): boolean =>
  type === 'STOP_MARKET' || type === 'TAKE_PROFIT_MARKET'
