import { drawEpisode, type Episode, type EpisodeKind } from './episode.ts'
import type { Random } from './random.ts'

/** A stretch of the session that is directed: its price goes where the act says. */
export type Act = {
  readonly character: 'balance' | 'trend_up' | 'trend_down' | 'mean_reverting'
  readonly minutes: number
}

const MINUTE = 60_000
type Step = readonly [EpisodeKind, with_: 1 | -1]

/** One leg of a trend: initiative, a retracement that is absorbed, those who sold it are trapped. */
const TREND: readonly Step[] = [
  ['impulse', 1],
  ['drift', 1],
  ['pullback', -1],
  ['absorption', -1],
  ['drive', 1],
]
/** An excursion from value that finds no acceptance: stops are taken, absorbed, price returns. */
const RAID: readonly Step[] = [
  ['impulse', 1],
  ['stop_run', 1],
  ['absorption', 1],
  ['drive', -1],
  ['balance', 1],
]
const INCIDENTS = ['campaign', 'absorption', 'drive'] as const
/** An absorber that was used up is driven over by more than one that held drives back. */
const BROKEN = 0.4

/**
 * What happens next. Acts come first and direct the price. Then nothing does: incidents come at random,
 * either way as likely, and what they do to the price cannot be told before they do it.
 */
export class Scenario {
  readonly #random: Random
  readonly #acts: Act[]
  #act: Act | null = null
  #actEnd: number
  #queue: Step[] = []
  #isQuiet = false

  constructor(random: Random, startTime: number, acts: readonly Act[]) {
    this.#random = random
    this.#acts = [...acts]
    this.#actEnd = startTime
  }

  /** Whether an act directs the price at `time`. */
  isDirected(time: number): boolean {
    return this.#acts.length > 0 || (this.#act !== null && time < this.#actEnd)
  }

  /** The episode that starts at `time`, after `before`; `held` tells whether its absorber was not used up. */
  next(
    time: number,
    tickOf: (fraction: number) => number,
    before: Episode | null,
    held: boolean,
  ): Episode {
    const [kind, direction] = this.#directed(time) ?? this.#drawn(before, held)
    return drawEpisode(kind, { random: this.#random, direction, tickOf })
  }

  /** Stops go off in `direction`, whatever went on. */
  stopRun(direction: -1 | 1, tickOf: (fraction: number) => number): Episode {
    this.#isQuiet = false
    return drawEpisode('stop_run', { random: this.#random, direction, tickOf })
  }

  #directed(time: number): Step | null {
    if (time >= this.#actEnd) {
      const act = this.#acts.shift() ?? null
      this.#act = act
      this.#queue = []
      if (act !== null) this.#actEnd += act.minutes * MINUTE
    }
    if (this.#act === null) return null
    if (this.#queue.length === 0) this.#queue = this.#plan(this.#act.character)
    return this.#queue.shift()!
  }

  #plan(character: Act['character']): Step[] {
    if (character === 'balance') return [['balance', 1]]
    const side = character === 'mean_reverting' ? this.#side() : character === 'trend_up' ? 1 : -1
    const steps = character === 'mean_reverting' ? RAID : TREND
    return steps.map(([kind, sign]) => [kind, (sign * side) as -1 | 1])
  }

  /** After an absorption comes the drive of those who were right; else quiet and incidents in turn. */
  #drawn(before: Episode | null, held: boolean): Step {
    if (before?.kind === 'absorption') {
      const flow = before.direction as -1 | 1
      if (!held) return ['drive', flow]
      if (this.#random.chance(BROKEN)) return ['drive', -flow as -1 | 1]
    }
    this.#isQuiet = !this.#isQuiet
    if (this.#isQuiet) return ['quiet', 1]
    return [this.#random.pick(INCIDENTS), this.#side()]
  }

  #side(): -1 | 1 {
    return this.#random.chance(0.5) ? 1 : -1
  }
}
