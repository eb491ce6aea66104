import { Random } from '@tapedeck/core'
import { firstDifference } from '../verify/first-difference.ts'
import {
  comparePlay,
  countOf,
  recallPlay,
  recordPlay,
  type Difference,
  type Said,
} from './compare-play.ts'
import { POISON_NAMES, type Cut, type Material, type Poison, type Subject } from './subject.ts'

export type LookaheadOptions<Data, C extends Cut = Cut> = {
  readonly subject: Subject<Data>
  readonly material: Material<Data, C>
  /** Moments at which the future is replaced. Default 10. */
  readonly cuts?: number
  /** Of the moments and of the garbage. Default 1. */
  readonly seed?: number
  /** Used in turn. Default all. */
  readonly poisons?: readonly Poison[]
  readonly onProgress?: (done: number, of: number) => void
}

/** The first statement that another future changed, and where in it. */
export type Finding = {
  /** `null`: the same data gave another result the second time; nothing can be said about the future then. */
  readonly poison: Poison | null
  /** Data before this moment was the same. */
  readonly cut: number
  /** When the statement was so: at or before the cut. */
  readonly at: number
  readonly what: string
  /** Path to the first field that differs; empty when the statement itself is missing or new. */
  readonly field: string
  readonly clean: unknown
  readonly poisoned: unknown
}

export type LookaheadReport = {
  readonly subject: string
  readonly from: number
  readonly to: number
  readonly seed: number
  readonly statements: number
  /** Each cut, its poison, and how many statements up to it were compared. */
  readonly cuts: readonly {
    readonly at: number
    readonly poison: Poison
    readonly compared: number
  }[]
  readonly findings: readonly Finding[]
}

type Break = Difference & { readonly poison: Poison | null; readonly cut: number }

/** Enough to see what is wrong; the first is the one to mend. */
const MOST_FINDINGS = 5

const findingOf = ({ poison, cut, said }: Break, clean: Said | undefined): Finding => {
  const shown = clean ?? said!
  const difference =
    clean === undefined || said === null || clean.what !== said.what || clean.at !== said.at
      ? { path: '', recorded: clean ?? null, recomputed: said }
      : firstDifference(clean.body, said.body)
  return {
    poison,
    cut,
    at: shown.at,
    what: shown.what,
    field: difference?.path ?? '',
    // A subject that keeps something from play to play may not say again what it said.
    clean: difference?.recorded ?? null,
    poisoned: difference === null ? (said?.body ?? null) : (difference.recomputed ?? null),
  }
}

/** Cuts in the last nine tenths of the data, drawn from the seed, in order of time. */
const drawCuts = async <Data, C extends Cut>(
  material: Material<Data, C>,
  count: number,
  random: Random,
): Promise<C[]> => {
  const { from, to } = material
  const cuts = new Map<number, C>()
  const start = from + (to - from) / 10
  for (let tries = 0; cuts.size < count && tries < count * 8; tries++) {
    const cut = await material.cutNear(Math.floor(random.between(start, to)))
    if (cut !== null) cuts.set(cut.at, cut)
  }
  return [...cuts.values()].toSorted((a, b) => a.at - b.at)
}

/**
 * Looks for what could only be said by who knew the future. The data is played once as it is (and once more, to see
 * that the same data gives the same result); then, for each cut, from the beginning with everything after the cut
 * replaced by garbage: whatever was said of the time up to the cut has to be the same, byte for byte, each kind of
 * statement in its order.
 */
export const findLookahead = async <Data, C extends Cut>(
  options: LookaheadOptions<Data, C>,
): Promise<LookaheadReport> => {
  const { subject, material, seed = 1, onProgress } = options
  const { clean, from, to } = material
  const asked = options.cuts ?? 10
  const poisons = options.poisons ?? POISON_NAMES
  const log = await recordPlay(subject, clean)
  onProgress?.(1, asked + 2)
  const breaks: Break[] = []
  const again = await comparePlay(subject, clean, log, Infinity)
  onProgress?.(2, asked + 2)
  if (again.difference !== null) breaks.push({ ...again.difference, poison: null, cut: to })
  const made: LookaheadReport['cuts'][number][] = []
  const cuts = breaks.length > 0 ? [] : await drawCuts(material, asked, new Random(seed))
  for (const [turn, cut] of cuts.entries()) {
    const poison = poisons[turn % poisons.length]!
    const data = await material.poisoned(cut, poison, seed + turn)
    const { compared, difference } = await comparePlay(subject, data, log, cut.at)
    made.push({ at: cut.at, poison, compared })
    if (difference !== null) breaks.push({ ...difference, poison, cut: cut.at })
    onProgress?.(turn + 3, asked + 2)
    if (breaks.length === MOST_FINDINGS) break
  }
  const words = breaks.length === 0 ? [] : await recallPlay(subject, clean, breaks)
  return {
    subject: subject.name,
    from,
    to,
    seed,
    statements: countOf(log),
    cuts: made,
    findings: breaks.map((one, i) => findingOf(one, words[i])),
  }
}
