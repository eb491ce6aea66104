import { alterPayload } from './alter-payload.ts'
import type { ArmedFault } from './armed-fault.ts'
import type { Outgoing, Payload } from './fault-hooks.ts'
import type { AccountFault } from './fault.ts'

type Sent = Extract<Outgoing, { payload: Payload }>
type Armed = ArmedFault<AccountFault>

/** What is told of an order, in an account message; null in one about something else. */
type OrderFacts = { readonly key: string; readonly execution: string; readonly status: string }

const orderFacts = (payload: Payload): OrderFacts | null => {
  const order = payload['o']
  if (payload['e'] !== 'ORDER_TRADE_UPDATE' || typeof order !== 'object' || order === null)
    return null
  const { s, i, x, X } = order as Payload
  return { key: `${String(s)} ${String(i)}`, execution: String(x), status: String(X) }
}

/** The symbol that a message is about, or null. */
export const symbolOf = (payload: Payload): string | null => {
  const inner = payload['o']
  const symbol =
    payload['s'] ?? (typeof inner === 'object' && inner !== null ? (inner as Payload)['s'] : null)
  return typeof symbol === 'string' ? symbol : null
}

/** A frame that ends in the middle. */
export const brokenFrame = (payload: Payload): string => {
  const text = JSON.stringify(payload)
  return text.slice(0, Math.max(1, Math.floor(text.length / 2)))
}

const NEWS_KEPT_MAX = 1000

type Payloads = readonly (readonly [key: string, payload: Payload])[]
export type SavedAccountFaults = { readonly held: Payloads; readonly news: Payloads }

/** Faults of the messages of accounts: each is passed on, changed, held, repeated or lost. */
export class AccountInterference {
  /** By fault and account: what is sent after the next message. */
  readonly #held = new Map<string, Payload>()
  /** Orders as they were told as NEW, by fault, account and order. */
  readonly #news = new Map<string, Payload>()

  snapshot(): SavedAccountFaults {
    return { held: [...this.#held], news: [...this.#news] }
  }

  restore({ held, news }: SavedAccountFaults): void {
    for (const [key, payload] of held) this.#held.set(key, payload)
    for (const [key, payload] of news) this.#news.set(key, payload)
  }

  message(
    faults: readonly Armed[],
    account: string,
    payload: Payload,
    at: number,
  ): readonly Outgoing[] {
    let outgoing: readonly Outgoing[] = [{ delayMs: 0, payload }]
    for (const armed of faults)
      if (aimsAtMessage(armed, account, payload))
        outgoing = outgoing.flatMap((sent) =>
          'payload' in sent ? this.#pass(armed, account, sent, at) : [sent],
        )
    return outgoing
  }

  #pass(armed: Armed, account: string, sent: Sent, at: number): readonly Outgoing[] {
    const { fault, timing } = armed
    const { payload } = sent
    if (fault.kind === 'account_late_new') return this.#lateNew(armed, account, sent, at)
    if (fault.kind === 'trade_lite_only' && orderFacts(payload)?.execution !== 'TRADE')
      return [sent]
    if (fault.kind === 'account_reordered') return this.#reorder(armed, account, sent, at)
    if (!timing.strikes(at)) return [sent]
    armed.injected()
    switch (fault.kind) {
      case 'account_late':
        return [
          { payload, delayMs: sent.delayMs + timing.random.integer(fault.low_ms, fault.high_ms) },
        ]
      case 'account_duplicated':
        return [sent, { payload, delayMs: sent.delayMs + fault.after_ms }]
      case 'account_malformed':
        return [{ raw: brokenFrame(payload), delayMs: sent.delayMs }]
      case 'account_altered':
        return [{ payload: alterPayload(payload, fault.alteration), delayMs: sent.delayMs }]
      case 'account_lost':
      case 'trade_lite_only':
      default:
        return []
    }
  }

  #reorder(armed: Armed, account: string, sent: Sent, at: number): readonly Outgoing[] {
    const key = `${armed.id} ${account}`
    const held = this.#held.get(key)
    if (held !== undefined) {
      this.#held.delete(key)
      return [sent, { payload: held, delayMs: sent.delayMs }]
    }
    if (!armed.timing.strikes(at)) return [sent]
    armed.injected()
    this.#held.set(key, sent.payload)
    return []
  }

  /** NEW comes late; should its order be told as filled meanwhile or later, NEW comes after that again. */
  #lateNew(armed: Armed, account: string, sent: Sent, at: number): readonly Outgoing[] {
    const facts = orderFacts(sent.payload)
    if (facts === null || armed.fault.kind !== 'account_late_new') return [sent]
    const key = `${armed.id} ${account} ${facts.key}`
    if (facts.execution === 'NEW') {
      if (!armed.timing.strikes(at)) return [sent]
      this.#remember(key, sent.payload)
      return [{ payload: sent.payload, delayMs: sent.delayMs + armed.fault.late_ms }]
    }
    const news = this.#news.get(key)
    if (news === undefined || facts.status !== 'FILLED') return [sent]
    this.#news.delete(key)
    armed.injected()
    return [sent, { payload: news, delayMs: sent.delayMs + armed.fault.late_ms }]
  }

  #remember(key: string, payload: Payload): void {
    if (this.#news.size >= NEWS_KEPT_MAX)
      for (const oldest of [...this.#news.keys()].slice(0, 1)) this.#news.delete(oldest)
    this.#news.set(key, payload)
  }
}

const aimsAtMessage = ({ target }: Armed, account: string, payload: Payload): boolean => {
  const { events, symbols, accounts } = target
  if (accounts?.includes(account) === false) return false
  if (events?.includes(String(payload['e'])) === false) return false
  return symbols === undefined || symbols.includes(symbolOf(payload) ?? '')
}
