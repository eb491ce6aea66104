import type { MessageType } from './subjects.ts'

type Payload = Record<string, unknown>

/**
 * How an older payload becomes the next version's. One entry a bump, never edited once released;
 * the golden file of every version that was ever released stays readable through these.
 */
const UPCASTS: Partial<Record<MessageType, Readonly<Record<number, (old: Payload) => Payload>>>> = {
  'execution.trade.closed': {
    // Version 1 knew no funding: its positions were never held over a funding time, so it was zero.
    1: (old) => ({ ...old, funding: '0' }),
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
