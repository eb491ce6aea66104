import type { AccountEvent } from '../../port/account-event.ts'
import { fieldsOf, isFields, type Fields } from './account-fields.ts'
import {
  decodeAccountUpdate,
  decodeConfigUpdate,
  decodeMarginCall,
} from './decode-account-update.ts'
import { decodeAlgoUpdate } from './decode-algo-update.ts'
import { decodeOrderUpdate } from './decode-order-update.ts'
import { FrameProblem } from './frame-problem.ts'

export type DecodedAccountMessage =
  | { readonly kind: 'events'; readonly events: readonly AccountEvent[] }
  /** The listen key is dead: nothing more comes, though the connection stays open. */
  | { readonly kind: 'listen_key_expired' }
  /** Known, and of no use here. */
  | { readonly kind: 'ignored' }

/**
 * Told otherwise too (`TRADE_LITE` comes before the order's own update and says less), of products that
 * are not traded here, or an answer to nothing.
 */
const IGNORED: ReadonlySet<string> = new Set(['TRADE_LITE', 'STRATEGY_UPDATE', 'GRID_UPDATE'])

const events = (list: readonly AccountEvent[]): DecodedAccountMessage => ({
  kind: 'events',
  events: list,
})

/**
 * A message of the account stream, alone or in the envelope of a combined one. Throws `FrameProblem`
 * (`unknown_event`) for an event that is not known, (`unreadable`) for a step of an order that is not known and
 * for a field that is not what it should be.
 */
export const decodeAccountMessage = (envelope: Fields, venue: string): DecodedAccountMessage => {
  const message =
    typeof envelope['stream'] === 'string' && isFields(envelope['data'])
      ? envelope['data']
      : envelope
  const type = message['e']
  switch (type) {
    case 'ORDER_TRADE_UPDATE':
    case 'ALGO_UPDATE': {
      const order = fieldsOf(message, 'o')
      const event =
        type === 'ALGO_UPDATE'
          ? decodeAlgoUpdate(message, order)
          : decodeOrderUpdate(message, order, venue)
      if (event !== null) return events([event])
      const { x, X } = order
      throw new FrameProblem(
        'unreadable',
        `${type}: x ${JSON.stringify(x)}, X ${JSON.stringify(X)}`,
      )
    }
    case 'ACCOUNT_UPDATE':
      return events([decodeAccountUpdate(message)])
    case 'MARGIN_CALL':
      return events(decodeMarginCall(message))
    case 'ACCOUNT_CONFIG_UPDATE':
      return events(decodeConfigUpdate(message))
    case 'listenKeyExpired':
      return { kind: 'listen_key_expired' }
    case undefined:
      if (message['id'] !== undefined) return { kind: 'ignored' }
      throw new FrameProblem('not_a_message', 'no event type')
    default:
      if (typeof type === 'string' && IGNORED.has(type)) return { kind: 'ignored' }
      throw new FrameProblem('unknown_event', `event ${(JSON.stringify(type) ?? '').slice(0, 80)}`)
  }
}
