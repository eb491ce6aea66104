/**
 * The courier between the tape and a venue: intents out, reports back.
 *
 * Entry points: `OrderCourier`, `intentOf` (a committed message as an intent). Invariants: nothing is sent
 * twice under one client id; an order whose outcome is unknown is asked about, never guessed; an end is
 * reported after all fills that the venue counts before it; the same news has the same report id.
 */
export { OrderCourier } from './order-courier.ts'
export type { CourierOptions } from './courier-options.ts'
export {
  intentOf,
  type CarriedOrder,
  type IntentMessage,
  type OrderIntent,
} from './order-intent.ts'
