import { ACCOUNT_CASES } from './cases/account-cases.ts'
import { CONDITIONAL_CASES } from './cases/conditional-cases.ts'
import { KEY_CASES } from './cases/key-cases.ts'
import { MARKET_CASES } from './cases/market-cases.ts'
import { PLAIN_ORDER_CASES } from './cases/plain-order-cases.ts'
import { RACE_CASES } from './cases/race-cases.ts'
import { REFUSAL_CASES } from './cases/refusal-cases.ts'
import { SETUP_CASES } from './cases/setup-cases.ts'
import { STREAM_CASES } from './cases/stream-cases.ts'
import { UNKNOWN_CASES } from './cases/unknown-cases.ts'
import type { AcceptanceCase } from './venue-stage.ts'

/** The cases by what they are about, in the order of their numbers. */
export const CASE_GROUPS: readonly (readonly [title: string, cases: readonly AcceptanceCase[]])[] =
  [
    ['Instruments, time, setting the account', SETUP_CASES],
    ['Limit and market orders', PLAIN_ORDER_CASES],
    ['Refusals', REFUSAL_CASES],
    ['Conditional orders', CONDITIONAL_CASES],
    ['Cancels, ids, races', RACE_CASES],
    ['Outcomes that are not known', UNKNOWN_CASES],
    ['Fills, positions, balances, what the venue does by itself', ACCOUNT_CASES],
    ['The account stream', STREAM_CASES],
    ['Market data', MARKET_CASES],
    ['Keys that sign in other ways', KEY_CASES],
  ]

export const ACCEPTANCE_CASES: readonly AcceptanceCase[] = CASE_GROUPS.flatMap(([, cases]) => cases)
