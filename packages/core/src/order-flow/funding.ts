import type { OrderFlowConfig } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'

export type FundingConfig = OrderFlowConfig['funding']

export type FundingReading = {
  readonly crowding: 'LONG_CROWDED' | 'SHORT_CROWDED' | 'NEUTRAL'
  /** 0 to 1: how far the rate is from neutral. */
  readonly extremity: number
  /** -1 (favor shorts) to 1 (favor longs). */
  readonly biasAdjustment: number
  readonly sentiment: 'bullish' | 'bearish' | 'neutral'
  readonly strength: number
  readonly filterLong: boolean
  readonly filterShort: boolean
}

type Sentiment = Pick<FundingReading, 'sentiment' | 'strength'>

const crowdingOf = (rate: number, config: FundingConfig): FundingReading['crowding'] => {
  if (rate > config.long_crowded) return 'LONG_CROWDED'
  return rate < config.short_crowded ? 'SHORT_CROWDED' : 'NEUTRAL'
}

/** Contrarian: those who pay for their crowded side are the fuel of the move against them (S3 §4.5). */
const sentimentOf = (rate: number, { extreme, elevated }: FundingConfig): Sentiment => {
  const size = Math.abs(rate)
  if (size <= elevated && size <= extreme) return { sentiment: 'neutral', strength: 0 }
  const strength = size > extreme ? Math.min(1, size / (extreme * 2)) : 0.5
  return { sentiment: rate > 0 ? 'bearish' : 'bullish', strength }
}

/** What a funding rate (fraction per interval) says: crowding (S3 §4.2.1) and contrarian sentiment (S3 §4.5). */
export const readFunding = (rate: number, config: FundingConfig): FundingReading => {
  const threshold = rate > 0 ? config.long_crowded : Math.abs(config.short_crowded)
  const extremity = Math.min(1, Math.abs(rate) / (threshold * 2))
  const crowding = crowdingOf(rate, config)
  const { sentiment, strength } = sentimentOf(rate, config)
  const filters = strength > config.filter_strength
  return {
    crowding,
    extremity,
    biasAdjustment:
      crowding === 'NEUTRAL' ? 0 : crowding === 'LONG_CROWDED' ? -extremity : extremity,
    sentiment,
    strength,
    filterLong: filters && sentiment === 'bearish',
    filterShort: filters && sentiment === 'bullish',
  }
}

const HOUR_MS = 3_600_000
/** An hour of one change a second, with room. */
const CHANGES_MAX = 8192

/**
 * Funding rates as they are told. Only changes are kept: the rate in force at any moment of the last
 * hour is the last change before it.
 */
export class FundingTracker {
  #changes: { at: number; rate: number }[] = []
  #at = 0

  /** The rate in force, or null before the first. */
  get rate(): number | null {
    return this.#changes.at(-1)?.rate ?? null
  }

  update(rate: number, at: number): void {
    this.#at = Math.max(this.#at, at)
    if (rate === this.rate) return
    this.#changes.push({ at: this.#at, rate })
    const cutoff = this.#at - HOUR_MS
    let stale = 0
    while (stale + 1 < this.#changes.length && this.#changes[stale + 1]!.at < cutoff) stale++
    stale = Math.max(stale, this.#changes.length - CHANGES_MAX)
    if (stale > 0) this.#changes.splice(0, stale)
  }

  /** Change against the last rate told more than an hour before the newest; 0 when there is none. */
  changeInHour(): number {
    const cutoff = this.#at - HOUR_MS
    const before = this.#changes.findLast(({ at }) => at < cutoff)
    const { rate } = this
    return before === undefined || rate === null ? 0 : rate - before.rate
  }

  snapshot(): Json {
    return { at: this.#at, changes: this.#changes.map(({ at, rate }) => [at, rate]) }
  }

  restore(json: Json): void {
    const saved = json as { at: number; changes: [number, number][] }
    this.#at = saved.at
    this.#changes = saved.changes.map(([at, rate]) => ({ at, rate }))
  }
}
