/**
 * What came of asking a venue. `unknown` means that the question may or may not have had an effect
 * (timeout, 5xx, dropped socket): it is resolved by asking about it, never by sending it again.
 * A refusal is `known`: the venue answered, and the answer was no.
 */
export type VenueResult<T> =
  | { readonly outcome: 'known'; readonly value: T }
  | { readonly outcome: 'unknown'; readonly detail: string }

export const known = <T>(value: T): VenueResult<T> => ({ outcome: 'known', value })
export const unknown = (detail: string): VenueResult<never> => ({ outcome: 'unknown', detail })
