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
}

/** Lifts `payload` from `from` to `to`. Returns null when a step is missing. */
export const upcast = (type: MessageType, payload: unknown, from: number, to: number): unknown => {
  let current = payload as Payload
  for (let version = from; version < to; version++) {
    const step = UPCASTS[type]?.[version]
    if (step === undefined) return null
    current = step(current)
  }
  return current
}
