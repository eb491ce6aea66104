import { drawEpisode, type Episode, type EpisodeKind } from './episode.ts'
import type { Random } from './random.ts'

/** A stretch of the session with one character. */
export type Act = {
  readonly character: 'balance' | 'trend_up' | 'trend_down' | 'mean_reverting'
  readonly minutes: number
}

const MINUTE = 60_000
const DAY = 86_400_000

/** One leg of a trend: initiative, a retracement that is absorbed, those who sold it are trapped. */
const TREND: readonly [EpisodeKind, with_: 1 | -1][] = [
  ['impulse', 1],
  ['drift', 1],
  ['pullback', -1],
  ['absorption', -1],
  ['drive', 1],
]
/** An excursion from value that finds no acceptance: stops are taken, absorbed, price returns. */
const RAID: readonly [EpisodeKind, with_: 1 | -1][] = [
  ['stop_run', 1],
  ['absorption', 1],
  ['drive', -1],
  ['balance', 1],
]

/**
 * What happens next, act by act. Without acts it draws them: a market that balances, trends in legs,
 * and goes back to value in the late session (17:45 to 22:00 UTC).
 */
export class Scenario {
  readonly #random: Random
  readonly #acts: Act[]
  readonly #startTime: number
  #act: Act | null = null
  #actEnd: number
  #queue: [EpisodeKind, -1 | 1][] = []

  constructor(random: Random, startTime: number, acts: readonly Act[]) {
    this.#random = random
    this.#acts = [...acts]
    this.#startTime = startTime
    this.#actEnd = startTime
  }

  /** The episode that starts at `time`. */
  next(time: number, tickOf: (fraction: number) => number): Episode {
    if (time >= this.#actEnd || this.#act === null) this.#startAct(time)
    if (this.#queue.length === 0) this.#plan()
    const [kind, direction] = this.#queue.shift()!
    return drawEpisode(kind, direction, this.#random, tickOf)
  }

  #startAct(time: number): void {
    this.#act = this.#acts.shift() ?? this.#drawAct(time)
    const from = this.#actEnd === this.#startTime ? this.#startTime : time
    this.#actEnd = Math.max(from, this.#actEnd) + this.#act.minutes * MINUTE
    this.#queue = []
  }

  #drawAct(time: number): Act {
    const minutes = this.#random.between(25, 90)
    const ofDay = (time % DAY) / MINUTE
    if (ofDay >= 17 * 60 + 30 && ofDay < 22 * 60) return { character: 'mean_reverting', minutes }
    const characters = ['balance', 'trend_up', 'trend_down', 'mean_reverting'] as const
    return { character: this.#random.pick(characters), minutes }
  }

  #plan(): void {
    const character = this.#act?.character ?? 'balance'
    if (character === 'balance') {
      this.#queue = [['balance', this.#side()]]
      return
    }
    if (character === 'mean_reverting') {
      const side = this.#side()
      this.#queue = RAID.map(([kind, sign]) => [kind, (sign * side) as -1 | 1])
      return
    }
    const side = character === 'trend_up' ? 1 : -1
    this.#queue = TREND.map(([kind, sign]) => [kind, (sign * side) as -1 | 1])
  }

  #side(): -1 | 1 {
    return this.#random.chance(0.5) ? 1 : -1
  }
}
