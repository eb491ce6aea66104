import type { MessageType } from './subjects.ts'

type Payload = Record<string, unknown>

/** Version 1 knew fees in the quote asset alone: what was paid in another was booked as nothing paid. */
const withFeeInQuote = (old: Payload): Payload => {
  const { fill } = old
  if (typeof fill !== 'object' || fill === null) return old
  return { ...old, fill: { ...fill, fee_quote: (fill as Payload)['fee'] } }
}

/**
 * How an older payload becomes the next version's. One entry a bump, never edited once released;
 * the golden file of every version that was ever released stays readable through these.
 */
const UPCASTS: Partial<Record<MessageType, Readonly<Record<number, (old: Payload) => Payload>>>> = {
  'execution.order.partially_filled': { 1: withFeeInQuote },
  'execution.order.filled': { 1: withFeeInQuote },
  'execution.trade.closed': {
    // Version 1 knew no funding: its positions were never held over a funding time, so it was zero.
    1: (old) => ({ ...old, funding: '0' }),
    // Version 2 knew fees in the quote asset alone.
    2: (old) => ({ ...old, other_fees: [] }),
  },
  'execution.venue.reported': {
    // Version 1 knew no reports of time, and did not say how long a limit lasts.
    1: (old) => ({ ...old, retry_in_ms: null }),
  },
  'reconciler.correction.requested': {
    // Version 1 took every fee for one in the quote asset.
    1: (old) => ({ ...old, fee_asset: null }),
  },
  'setup.signal.generated': {
    // Version 1 knew neither setup events nor models: which there were is unknown.
    1: (old) => ({
      ...old,
      setup_event_id: null,
      feature_schema_version: null,
      strategy_template_version: null,
      model_score: null,
    }),
  },
}

/**
 * Lifts `payload` from `from` to `to`. Returns null when a step is missing. What is not an object is
 * given back as it is: the current schema refuses it with a better reason than a step could.
 */
export const upcast = (
  type: MessageType,
  payload: unknown,
  from: number,
  to: number,
): { readonly payload: unknown } | null => {
  let current = payload
  for (let version = from; version < to; version++) {
    const step = UPCASTS[type]?.[version]
    if (step === undefined) return null
    if (typeof current === 'object' && current !== null) current = step(current as Payload)
  }
  return { payload: current }
}
