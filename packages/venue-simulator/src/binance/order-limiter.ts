import { API_ERRORS } from './api-error.ts'
import { ClockWindow, type SavedWindow } from './clock-window.ts'

const TEN_SECONDS = 10_000
const MINUTE = 60_000

export type OrderLimits = { readonly perTenSeconds: number; readonly perMinute: number }
export const ORDER_LIMITS: OrderLimits = { perTenSeconds: 300, perMinute: 1200 }

/** What a request adds to each count. */
export type OrderCost = { readonly tenSeconds: number; readonly minute: number }

type Counts = { readonly tenSeconds: ClockWindow; readonly minute: ClockWindow }

export type SavedOrderCounts = readonly (readonly [
  account: string,
  tenSeconds: SavedWindow,
  minute: SavedWindow,
])[]

/** Orders by account, in the current ten seconds and minute (binance-ccxt-facts §2.2, §3.1). */
export class OrderLimiter {
  readonly limits: OrderLimits
  readonly #accounts = new Map<string, Counts>()

  constructor(limits: OrderLimits = ORDER_LIMITS) {
    this.limits = limits
  }

  used(account: string, time: number): OrderCost {
    const counts = this.#of(account)
    return { tenSeconds: counts.tenSeconds.used(time), minute: counts.minute.used(time) }
  }

  /** Counts a request. Throws -1015, and counts nothing, when it would go over a limit. */
  take(account: string, cost: OrderCost, time: number): void {
    const counts = this.#of(account)
    const { perTenSeconds, perMinute } = this.limits
    if (counts.tenSeconds.used(time) + cost.tenSeconds > perTenSeconds)
      throw API_ERRORS.tooManyOrders(perTenSeconds, '10 SECOND')
    if (counts.minute.used(time) + cost.minute > perMinute)
      throw API_ERRORS.tooManyOrders(perMinute, 'MINUTE')
    counts.tenSeconds.add(cost.tenSeconds, time)
    counts.minute.add(cost.minute, time)
  }

  snapshot(): SavedOrderCounts {
    return [...this.#accounts].map(
      ([account, { tenSeconds, minute }]) =>
        [account, tenSeconds.snapshot(), minute.snapshot()] as const,
    )
  }

  restore(saved: SavedOrderCounts): void {
    for (const [account, tenSeconds, minute] of saved) {
      const counts = this.#of(account)
      counts.tenSeconds.restore(tenSeconds)
      counts.minute.restore(minute)
    }
  }

  #of(account: string): Counts {
    const known = this.#accounts.get(account)
    if (known !== undefined) return known
    const made = { tenSeconds: new ClockWindow(TEN_SECONDS), minute: new ClockWindow(MINUTE) }
    this.#accounts.set(account, made)
    return made
  }
}
