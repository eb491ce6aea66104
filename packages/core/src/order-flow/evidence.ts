import type { Side } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'

const INTERVAL_MS = 15_000
const SIDES: readonly Side[] = ['BUY', 'SELL']

type Flags = Record<Side, boolean>
type Saved = {
  interval: number
  absorbed: Flags
  aggressive: Flags
  trappedAt: Record<Side, number | null>
}

const none = (): Flags => ({ BUY: false, SELL: false })

/** What order flow showed inside the 15 s bar that is open, and when traps were last confirmed. */
export class Evidence {
  #interval = -1
  #absorbed = none()
  #aggressive = none()
  #trappedAt: Saved['trappedAt'] = { BUY: null, SELL: null }

  absorbed(side: Side, at: number): void {
    this.#enter(at)
    this.#absorbed[side] = true
  }

  aggressive(side: Side, at: number): void {
    this.#enter(at)
    this.#aggressive[side] = true
  }

  trapped(side: Side, at: number): void {
    this.#trappedAt[side] = at
  }

  /** Sides seen at any grid point of the bar that closes at `boundary`. */
  absorbedIn(boundary: number): Side[] {
    return this.#interval === boundary - INTERVAL_MS
      ? SIDES.filter((side) => this.#absorbed[side])
      : []
  }

  aggressiveIn(boundary: number): Side[] {
    return this.#interval === boundary - INTERVAL_MS
      ? SIDES.filter((side) => this.#aggressive[side])
      : []
  }

  /** Sides trapped within the two bars that end at `boundary`. */
  trappedIn(boundary: number): Side[] {
    return SIDES.filter((side) => {
      const at = this.#trappedAt[side]
      return at !== null && at >= boundary - 2 * INTERVAL_MS && at < boundary
    })
  }

  #enter(at: number): void {
    const interval = at - (at % INTERVAL_MS)
    if (interval === this.#interval) return
    this.#interval = interval
    this.#absorbed = none()
    this.#aggressive = none()
  }

  snapshot(): Json {
    return {
      interval: this.#interval,
      absorbed: { ...this.#absorbed },
      aggressive: { ...this.#aggressive },
      trappedAt: { ...this.#trappedAt },
    }
  }

  restore(json: Json): void {
    const saved = json as Saved
    this.#interval = saved.interval
    this.#absorbed = { ...saved.absorbed }
    this.#aggressive = { ...saved.aggressive }
    this.#trappedAt = { ...saved.trappedAt }
  }
}
