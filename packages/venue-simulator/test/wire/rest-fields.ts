import type { Shape } from './check-fields.ts'
import { ACCOUNT_REST_FIELDS } from './rest-account-fields.ts'
import { MARKET_REST_FIELDS } from './rest-market-fields.ts'
import { ORDER_REST_FIELDS } from './rest-order-fields.ts'
import { of } from './shapes.ts'

/** Answers with status 200, by method and path. */
export const REST_FIELDS: Readonly<Record<string, Shape>> = {
  ...MARKET_REST_FIELDS,
  ...ACCOUNT_REST_FIELDS,
  ...ORDER_REST_FIELDS,
}

/** Every other status. */
export const ERROR_FIELDS: Shape = of({ code: 'i', msg: 's' })
