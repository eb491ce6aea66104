/**
 * Every path of the REST interface: what it needs, what it costs, what it answers.
 *
 * Entry point: `ROUTES`. Invariants: an answer has the fields of its shape in `../shapes`; a route throws
 * nothing but an `ApiError`; checks come in the venue's order: what is missing, what is malformed, an
 * unknown symbol, then what the exchange itself refuses.
 */
import type { Route } from '../route.ts'
import { ACCOUNT_ROUTES } from './account-routes.ts'
import { BATCH_ROUTES } from './batch-routes.ts'
import { CONDITIONAL_ROUTES } from './conditional-routes.ts'
import { GENERAL_ROUTES } from './general-routes.ts'
import { HISTORY_ROUTES } from './history-routes.ts'
import { LISTEN_KEY_ROUTES } from './listen-key-routes.ts'
import { MARKET_ROUTES } from './market-routes.ts'
import { ORDER_ROUTES } from './order-routes.ts'
import { PRICE_HISTORY_ROUTES } from './price-history-routes.ts'
import { RISK_ROUTES } from './risk-routes.ts'
import { SETTING_ROUTES } from './setting-routes.ts'
import { SPOT_SIDE_ROUTES } from './spot-side-routes.ts'
import { TRADE_ROUTES } from './trade-routes.ts'

export const ROUTES: readonly Route[] = [
  ...GENERAL_ROUTES,
  ...MARKET_ROUTES,
  ...TRADE_ROUTES,
  ...PRICE_HISTORY_ROUTES,
  ...ACCOUNT_ROUTES,
  ...SETTING_ROUTES,
  ...ORDER_ROUTES,
  ...BATCH_ROUTES,
  ...CONDITIONAL_ROUTES,
  ...HISTORY_ROUTES,
  ...RISK_ROUTES,
  ...LISTEN_KEY_ROUTES,
  ...SPOT_SIDE_ROUTES,
]
