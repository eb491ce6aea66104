import type { Side } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import type { AbsorptionReading } from './absorption.ts'

/** A run of grid points at which the same side was absorbed. */
export type AbsorptionEpisode = {
  side: Side
  startedAt: number
  peakLots: number
  lowTicks: number
  highTicks: number
}

export type EndedEpisode = AbsorptionEpisode & { readonly endedAt: number }

/** Turns readings at grid points into episodes: the tape says when one starts and when it ends, nothing between. */
export class AbsorptionEpisodes {
  #open: AbsorptionEpisode | null = null

  get open(): Readonly<AbsorptionEpisode> | null {
    return this.#open
  }

  /** Absorption holds. True when that starts an episode; one of the other side must have been ended. */
  hold(reading: AbsorptionReading): boolean {
    const open = this.#open
    if (open === null) {
      this.#open = {
        side: reading.side,
        startedAt: reading.at,
        peakLots: reading.absorbedLots,
        lowTicks: reading.lowTicks,
        highTicks: reading.highTicks,
      }
      return true
    }
    open.peakLots = Math.max(open.peakLots, reading.absorbedLots)
    open.lowTicks = Math.min(open.lowTicks, reading.lowTicks)
    open.highTicks = Math.max(open.highTicks, reading.highTicks)
    return false
  }

  /** Ends the episode at `at`; null when none is open. */
  end(at: number): EndedEpisode | null {
    const open = this.#open
    this.#open = null
    return open === null ? null : { ...open, endedAt: at }
  }

  snapshot(): Json {
    return this.#open === null ? null : { ...this.#open }
  }

  restore(json: Json): void {
    this.#open = json === null ? null : { ...(json as AbsorptionEpisode) }
  }
}
