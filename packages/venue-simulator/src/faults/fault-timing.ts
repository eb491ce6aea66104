import { Random, type Json } from '@tapedeck/core'
import type { PlannedFault } from './fault-plan.ts'

export type SavedTiming = {
  readonly random: Json
  readonly origin: number
  readonly seen: number
  readonly struck: number
  readonly lastingUntil: number
  readonly next: number
  readonly nextDue: number
}

/**
 * When one planned fault strikes. Asked about things in the order in which they come by, or about time
 * alone; draws from a generator of its own.
 */
export class FaultTiming {
  random: Random
  readonly #planned: PlannedFault
  readonly #origin: number
  #seen = 0
  #struck = 0
  #lastingUntil = -1
  /** Of `at`: which time is next. */
  #next = 0
  /** Of `every`: when it is next, since the origin. */
  #nextDue: number

  /** `origin`: the time from which the plan's own times count. */
  constructor(planned: PlannedFault, seed: number, origin: number) {
    this.#planned = planned
    this.#origin = origin
    this.random = new Random(seed)
    this.#nextDue = planned.from_ms + this.#step()
  }

  snapshot(): SavedTiming {
    return {
      random: this.random.snapshot(),
      origin: this.#origin,
      seen: this.#seen,
      struck: this.#struck,
      lastingUntil: this.#lastingUntil,
      next: this.#next,
      nextDue: this.#nextDue,
    }
  }

  /** The origin is given at construction. */
  restore(saved: SavedTiming): void {
    this.random = new Random(saved.random)
    this.#seen = saved.seen
    this.#struck = saved.struck
    this.#lastingUntil = saved.lastingUntil
    this.#next = saved.next
    this.#nextDue = saved.nextDue
  }

  /** True when what comes by now is struck. */
  strikes(at: number): boolean {
    const elapsed = at - this.#origin
    if (!this.isWithin(at)) return false
    if (elapsed < this.#lastingUntil) return true
    if (this.#isSpent() || !this.#isChosen(elapsed)) return false
    this.#strike(elapsed)
    return true
  }

  /** Times up to now at which it happens of itself and that were not handed out, oldest first. */
  due(at: number): readonly number[] {
    const due: number[] = []
    const { from_ms, until_ms } = this.#planned
    const last = Math.min(at - this.#origin, until_ms ?? Number.MAX_SAFE_INTEGER)
    while (!this.#isSpent()) {
      const next = this.#upcoming(from_ms)
      if (next === null || next > last) break
      this.#passUpcoming()
      if (next < from_ms) continue
      this.#strike(next)
      due.push(this.#origin + next)
    }
    return due
  }

  /** Whether it is on now, for what is on or off and not asked about things. */
  isOn(at: number): boolean {
    if (!this.isWithin(at)) return false
    if (this.#planned.when.kind === 'always') return true
    this.due(at)
    return at - this.#origin < this.#lastingUntil
  }

  isWithin(at: number): boolean {
    const elapsed = at - this.#origin
    const { from_ms, until_ms } = this.#planned
    return elapsed >= from_ms && (until_ms === null || elapsed <= until_ms)
  }

  /** How long ago it could first strike; zero before. */
  sinceFrom(at: number): number {
    return Math.max(0, at - this.#origin - this.#planned.from_ms)
  }

  #isSpent(): boolean {
    const { times, when } = this.#planned
    return this.#struck >= (when.kind === 'once' ? 1 : (times ?? Number.MAX_SAFE_INTEGER))
  }

  #strike(elapsed: number): void {
    this.#struck++
    this.#lastingUntil = elapsed + this.#planned.lasting_ms
  }

  #isChosen(elapsed: number): boolean {
    const { when } = this.#planned
    switch (when.kind) {
      case 'always':
      case 'once':
        return true
      case 'probability':
        return this.random.chance(when.probability)
      case 'nth':
        return ++this.#seen === when.nth
      case 'every_nth':
        return ++this.#seen % when.nth === 0
      case 'at': {
        const next = when.times_ms[this.#next]
        if (next === undefined || next > elapsed) return false
        this.#next++
        return true
      }
      case 'every':
      default: {
        if (this.#nextDue > elapsed) return false
        // What came by too rarely is not made up for.
        while (this.#nextDue <= elapsed) this.#nextDue += this.#step()
        return true
      }
    }
  }

  #step(): number {
    const { when } = this.#planned
    if (when.kind !== 'every') return 0
    return when.every_ms + (when.jitter_ms === 0 ? 0 : this.random.integer(0, when.jitter_ms))
  }

  #upcoming(from: number): number | null {
    const { when } = this.#planned
    if (when.kind === 'once') return from
    if (when.kind === 'every') return this.#nextDue
    return when.kind === 'at' ? (when.times_ms[this.#next] ?? null) : null
  }

  #passUpcoming(): void {
    this.#next++
    this.#nextDue += this.#step()
  }
}
