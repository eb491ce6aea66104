import { specOf, type CallName } from './calls.ts'
import type { Consequence } from './venue-codes.ts'

/** What came of a call. Every text in it is clean of secrets. */
export type RestOutcome =
  | { readonly kind: 'answered'; readonly body: unknown }
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly reason: string
      /** It was not done, and may be asked again later. */
      readonly mayRetry: boolean
      /** Our own limiter would let it through so much later. */
      readonly retryInMs?: number
      readonly consequence: Consequence | null
    }
  | {
      readonly kind: 'unknown'
      readonly detail: string
      readonly consequence: Consequence | null
    }

/** It never left. */
export const notSent = (
  reason: string,
  mayRetry: boolean,
  retryInMs: number | null = null,
): RestOutcome => ({
  kind: 'refused',
  code: 'NOT_SENT',
  reason,
  mayRetry,
  ...(retryInMs === null ? {} : { retryInMs }),
  consequence: null,
})

/** The order was not sent: the venue refuses the key, and has said so a moment ago. */
export const heldBack = (problem: string): RestOutcome => ({
  kind: 'refused',
  code: 'KEY_REFUSED',
  reason: `the venue refuses the key, and entries are held back: ${problem}`,
  mayRetry: false,
  consequence: 'key_refused',
})

/** Public calls have no key. */
export const hasKey = (name: CallName): boolean => name.startsWith('fapiPrivate')

/** Public calls and listen keys have no time stamp. */
export const isSigned = (name: CallName): boolean => hasKey(name) && !name.endsWith('ListenKey')

/** What takes the permission to trade. */
export const isTrading = (name: CallName): boolean =>
  specOf(name).effect !== 'nothing' && isSigned(name)
