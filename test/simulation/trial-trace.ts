import { isType, type Message } from '@tapedeck/contracts'

/** A message of the tape in a line; null for what would only fill pages. */
export const describeMessage = (message: Message): string | null => {
  if (message.type.startsWith('market.')) return null
  const { type } = message
  if (type.startsWith('execution.order.')) {
    const { order, fill } = (message as Message<'execution.order.filled'>).payload
    const at = order.stop_price ?? order.price ?? 'market'
    const filled =
      fill === null ? '' : ` fill ${fill.fill_id} ${fill.last_quantity}@${fill.last_price}`
    return `${type} ${order.role} ${order.client_order_id} ${order.side} ${order.quantity}@${at}${filled} ${order.reason ?? ''}`
  }
  if (isType(message, 'execution.venue.reported')) {
    const {
      report,
      client_order_id: id,
      fill,
      code,
      reason,
      learned_by: by,
      filled_quantity: z,
    } = message.payload
    const filled = fill === null ? '' : ` ${fill.fill_id} ${fill.quantity}@${fill.price}`
    return `${type} ${report} ${id ?? ''}${filled} z=${z ?? '-'} by ${by} ${code ?? ''} ${reason ?? ''}`
  }
  if (type.startsWith('execution.trade.')) {
    const { payload } = message as Message<'execution.trade.opened' | 'execution.trade.closed'>
    const more =
      'reason' in payload ? payload.reason : `${payload.exit_reason} net ${payload.net_pnl}`
    return `${type} ${payload.trade.trade_id} ${payload.trade.status} ${more}`
  }
  return `${type} ${JSON.stringify(message.payload).slice(0, 300)}`
}
