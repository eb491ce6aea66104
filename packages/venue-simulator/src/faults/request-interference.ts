import type { Delivery, VenueRequest, VenueResponse } from '../venue/venue-request.ts'
import type { ArmedFault } from './armed-fault.ts'
import type { RequestFault } from './fault.ts'
import { answered } from './faulty-answers.ts'
import { aimsAtRequest } from './request-class.ts'
import { requestEffect, type RequestEffect } from './request-effect.ts'

export type Ban = { readonly until: number; readonly delivery: Delivery }

export type SavedRequestFaults = { readonly bans: readonly (readonly [remote: string, ban: Ban])[] }

/** A request that was let through, and what is still to happen to its answer. */
type Pending = {
  readonly instead: Delivery | null
  readonly effects: readonly RequestEffect[]
}

/**
 * Faults of requests. Asked twice about each: before the venue looks at it, and with the answer. Every
 * fault is asked in the order of the plan, so that one that replaces the answer ends the list.
 */
export class RequestInterference {
  readonly #pending = new WeakMap<VenueRequest, Pending>()
  /** By address: while it lasts, nothing of it is looked at, by whichever fault it came. */
  readonly #bans = new Map<string, Ban>()

  before(
    faults: readonly ArmedFault<RequestFault>[],
    request: VenueRequest,
    at: number,
  ): Delivery | null {
    const ban = this.#bans.get(request.remote)
    if (ban !== undefined && at < ban.until) return ban.delivery
    this.#bans.delete(request.remote)
    const effects: RequestEffect[] = []
    for (const armed of faults) {
      if (!aimsAtRequest(armed.target, request) || !isStruck(armed, at)) continue
      const effect = requestEffect(armed, request, at)
      if (effect === null) continue
      armed.injected()
      if (effect.kind !== 'instead') {
        effects.push(effect)
        continue
      }
      if (armed.fault.kind === 'banned')
        this.#bans.set(request.remote, {
          until: at + armed.fault.for_ms,
          delivery: effect.delivery,
        })
      if (!effect.accepted) return late(effect.delivery, effects)
      this.#pending.set(request, { instead: effect.delivery, effects })
      return null
    }
    if (effects.length > 0) this.#pending.set(request, { instead: null, effects })
    return null
  }

  /** Bans by address; requests that are being answered are no state. */
  snapshot(): SavedRequestFaults {
    return { bans: [...this.#bans] }
  }

  restore({ bans }: SavedRequestFaults): void {
    for (const [remote, ban] of bans) this.#bans.set(remote, ban)
  }

  /** Ends all bans: with the faults that made them. */
  liftBans(): void {
    this.#bans.clear()
  }

  after(request: VenueRequest, response: VenueResponse): Delivery {
    const pending = this.#pending.get(request)
    if (pending === undefined) return answered(response)
    this.#pending.delete(request)
    if (pending.instead !== null) return late(pending.instead, pending.effects)
    let changed = response
    for (const effect of pending.effects)
      if (effect.kind === 'change') changed = effect.change(changed)
    return late(answered(changed), pending.effects)
  }
}

/** An outage is on or off; everything else strikes requests as they come. */
const isStruck = ({ fault, timing }: ArmedFault<RequestFault>, at: number): boolean =>
  fault.kind === 'outage' ? timing.isOn(at) : timing.strikes(at)

/** A delivery, later by all that delays it. */
const late = (delivery: Delivery, effects: readonly RequestEffect[]): Delivery => {
  if (delivery.kind === 'hang') return delivery
  const delayMs = effects.reduce(
    (sum, effect) => sum + (effect.kind === 'late' ? effect.delayMs : 0),
    0,
  )
  return { ...delivery, delayMs: delivery.delayMs + delayMs }
}
