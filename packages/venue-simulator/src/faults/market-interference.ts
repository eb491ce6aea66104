import { brokenFrame, symbolOf } from './account-interference.ts'
import { alterPayload } from './alter-payload.ts'
import type { ArmedFault } from './armed-fault.ts'
import type { Outgoing, Payload } from './fault-hooks.ts'
import type { MarketFault } from './fault.ts'

type Armed = ArmedFault<MarketFault>
type Sent = Extract<Outgoing, { payload: Payload }>

/** Best bid and ask the wrong way round. */
const crossed = (payload: Payload): Payload => {
  const { b, B, a, A } = payload
  return { ...payload, b: a, B: A, a: b, A: B }
}

const neverFinal = (payload: Payload): Payload => {
  const kline = payload['k']
  if (typeof kline !== 'object' || kline === null) return payload
  return { ...payload, k: { ...kline, x: false } }
}

const PRICES = ['p', 'ap', 'i', 'P'] as const

/** Which messages a kind is about at all; the others are not seen by it. */
const EVENT_OF: Readonly<Record<string, string>> = {
  book_ticker_crossed: 'bookTicker',
  mark_price_stale: 'markPriceUpdate',
  kline_never_closes: 'kline',
}

type Payloads = readonly (readonly [key: string, payload: Payload])[]
export type SavedMarketFaults = {
  readonly held: Payloads
  readonly missing: readonly (readonly [key: string, count: number])[]
  readonly marks: Payloads
}

/** Faults of market messages: each is passed on, changed, held, repeated or lost. */
export class MarketInterference {
  /** By fault and stream: what is sent after the next message. */
  readonly #held = new Map<string, Payload>()
  /** By fault and stream: how many more messages are missing. */
  readonly #missing = new Map<string, number>()
  /** By fault and stream: where the mark price stopped. */
  readonly #marks = new Map<string, Payload>()

  snapshot(): SavedMarketFaults {
    return { held: [...this.#held], missing: [...this.#missing], marks: [...this.#marks] }
  }

  restore({ held, missing, marks }: SavedMarketFaults): void {
    for (const [key, payload] of held) this.#held.set(key, payload)
    for (const [key, count] of missing) this.#missing.set(key, count)
    for (const [key, payload] of marks) this.#marks.set(key, payload)
  }

  message(
    faults: readonly Armed[],
    stream: string,
    payload: Payload,
    at: number,
  ): readonly Outgoing[] {
    let outgoing: readonly Outgoing[] = [{ delayMs: 0, payload }]
    for (const armed of faults)
      if (aimsAtStream(armed, stream, payload))
        outgoing = outgoing.flatMap((sent) =>
          'payload' in sent ? this.#pass(armed, stream, sent, at) : [sent],
        )
    return outgoing
  }

  #pass(armed: Armed, stream: string, sent: Sent, at: number): readonly Outgoing[] {
    const { fault, timing } = armed
    const { payload, delayMs } = sent
    const key = `${armed.id} ${stream}`
    const held = this.#held.get(key)
    if (held !== undefined) {
      this.#held.delete(key)
      return [sent, { payload: held, delayMs }]
    }
    const missing = this.#missing.get(key) ?? 0
    if (missing > 0) {
      this.#missing.set(key, missing - 1)
      return []
    }
    if (!timing.strikes(at)) return [sent]
    armed.injected()
    switch (fault.kind) {
      case 'market_gap':
        this.#missing.set(key, fault.messages - 1)
        return []
      case 'market_reordered':
        this.#held.set(key, payload)
        return []
      case 'market_late':
        return [{ payload, delayMs: delayMs + timing.random.integer(fault.low_ms, fault.high_ms) }]
      case 'market_duplicated':
        return [sent, sent]
      case 'market_burst':
        return Array.from({ length: fault.times }, () => sent)
      case 'book_ticker_crossed':
        return [{ payload: crossed(payload), delayMs }]
      case 'mark_price_stale':
        return [{ payload: this.#stale(key, payload), delayMs }]
      case 'kline_never_closes':
        return [{ payload: neverFinal(payload), delayMs }]
      case 'market_malformed':
        return [{ raw: brokenFrame(payload), delayMs }]
      case 'market_altered':
        return [{ payload: alterPayload(payload, fault.alteration), delayMs }]
      case 'market_silent':
      default:
        return []
    }
  }

  #stale(key: string, payload: Payload): Payload {
    const first = this.#marks.get(key) ?? payload
    this.#marks.set(key, first)
    const prices = Object.fromEntries(
      PRICES.flatMap((name) => (name in payload ? [[name, first[name]] as const] : [])),
    )
    return { ...payload, ...prices }
  }
}

const aimsAtStream = ({ fault, target }: Armed, stream: string, payload: Payload): boolean => {
  const { streams, symbols } = target
  const event = EVENT_OF[fault.kind]
  if (event !== undefined && payload['e'] !== event) return false
  if (streams?.some((part) => stream.includes(part)) === false) return false
  return symbols === undefined || symbols.includes(symbolOf(payload) ?? '')
}
