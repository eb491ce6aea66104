import { ACCOUNT_CODES } from './account-codes.ts'
import type { CodeRow } from './code-row.ts'
import { FILTER_CODES } from './filter-codes.ts'
import { MATCHING_CODES } from './matching-codes.ts'
import { ORDER_CODES } from './order-codes.ts'
import { REQUEST_CODES } from './request-codes.ts'

export type { CodeRow, Consequence, Verdict } from './code-row.ts'

/**
 * Every code that the venue publishes for USD-M, and those that were seen without being published
 * (binance-ccxt-facts §3). What is not here is unknown.
 */
export const CODE_ROWS: readonly CodeRow[] = [
  ...REQUEST_CODES,
  ...ORDER_CODES,
  ...FILTER_CODES,
  ...ACCOUNT_CODES,
  ...MATCHING_CODES,
]

const BY_CODE = new Map(CODE_ROWS.map((one) => [one.code, one]))

export const rowOf = (code: number): CodeRow | undefined => BY_CODE.get(code)
