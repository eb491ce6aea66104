import type { VenueClock } from '../../port/venue-clock.ts'

export type SubscriptionsOptions = {
  readonly streams: readonly string[]
  readonly clock: VenueClock
  readonly send: (text: string) => void
  /** Every request was acknowledged. */
  readonly onDone: () => void
  /** A request was refused, or not answered in time; the reason names it. */
  readonly onRefused: (reason: string) => void
}

/** 5 a second of the 10 that the venue takes, pings and pongs included (binance-ccxt-facts §1.3). */
const SEND_EVERY_MS = 200
const STREAMS_PER_REQUEST = 50
const ANSWER_MS_MAX = 10_000

type Answer = { readonly id?: unknown; readonly result?: unknown; readonly error?: unknown }

/** Subscribes one connection to its streams: a request at a time, paced, each answer waited for. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions
  readonly #requests: readonly (readonly string[])[]
  #next = 0
  #open = new Set<number>()
  #ended = false
  #cancels: (() => void)[] = []

  constructor(options: SubscriptionsOptions) {
    this.#options = options
    const { streams } = options
    const count = Math.ceil(streams.length / STREAMS_PER_REQUEST)
    this.#requests = Array.from({ length: count }, (_, i) =>
      streams.slice(i * STREAMS_PER_REQUEST, (i + 1) * STREAMS_PER_REQUEST),
    )
  }

  start(): void {
    this.#send()
  }

  /** Takes an answer to a request of ours. False: it is not one. */
  take(message: Answer): boolean {
    if (message.id === undefined || (message.result === undefined && message.error === undefined))
      return false
    const id = Number(message.id)
    if (!this.#open.delete(id)) return true
    if (message.error !== undefined)
      this.#refuse(
        `${this.#name(id)} was refused: ${(JSON.stringify(message.error) ?? '').slice(0, 200)}`,
      )
    else if (this.#open.size === 0 && this.#next === this.#requests.length) {
      this.end()
      this.#options.onDone()
    }
    return true
  }

  end(): void {
    this.#ended = true
    for (const cancel of this.#cancels) cancel()
    this.#cancels = []
  }

  #send(): void {
    const params = this.#requests[this.#next]
    if (this.#ended || params === undefined) return
    const id = ++this.#next
    this.#open.add(id)
    const { clock, send } = this.#options
    this.#cancels.push(
      clock.after(ANSWER_MS_MAX, () => {
        if (this.#open.has(id)) this.#refuse(`${this.#name(id)}: no answer in ${ANSWER_MS_MAX} ms`)
      }),
      clock.after(SEND_EVERY_MS, () => this.#send()),
    )
    send(JSON.stringify({ method: 'SUBSCRIBE', params, id }))
  }

  #refuse(reason: string): void {
    if (this.#ended) return
    this.end()
    this.#options.onRefused(reason)
  }

  #name(id: number): string {
    const [first, ...others] = this.#requests[id - 1] ?? []
    return `SUBSCRIBE of ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`
  }
}
