import type { StreamLimits } from './stream-limits.ts'

/** What the passing of time asks of a connection. */
export type LifeSign = 'nothing' | 'ping' | 'too_old' | 'no_pong'

/** How old a connection is, when it is pinged, and how long a ping has gone without its pong. */
export class ConnectionLife {
  readonly openedAt: number
  readonly #limits: StreamLimits
  #pingedAt: number
  #unansweredSince: number | null = null

  constructor(limits: StreamLimits, openedAt: number) {
    this.#limits = limits
    this.openedAt = openedAt
    this.#pingedAt = openedAt
  }

  /** A pong came, asked for or not. */
  pong(): void {
    this.#unansweredSince = null
  }

  /** `ping` is said once for each ping that is due. */
  advanceTo(time: number): LifeSign {
    const { lifetimeMs, pingEveryMs, pongTimeoutMs } = this.#limits
    if (time - this.openedAt >= lifetimeMs) return 'too_old'
    if (this.#unansweredSince !== null && time - this.#unansweredSince >= pongTimeoutMs)
      return 'no_pong'
    if (time - this.#pingedAt < pingEveryMs) return 'nothing'
    this.#pingedAt = time
    this.#unansweredSince ??= time
    return 'ping'
  }
}
