import { TIMEFRAME_MS, type Timeframe } from '@tapedeck/contracts'
import type { FileKind } from './tape-layout.ts'
import type { TapeGap, TapeLane } from './tape-manifest.ts'

/** Gaps of a lane that are listed; the rest is counted. */
const GAPS_MAX = 1000

/**
 * What is missing and what is out of order in the rows of one kind and symbol. Ids of prints rise by one,
 * open times of bars by the length of a bar; nothing else has a sequence of its own.
 */
export class LaneRegister {
  readonly #symbol: string
  readonly #kind: FileKind
  readonly #step: number
  readonly #gaps: TapeGap[] = []
  #rows = 0
  #missing = 0
  #gapCount = 0
  #repeated = 0
  #fallen = 0
  #fallenMax = 0
  #lastId: number | null = null
  #lastTime = 0
  #reached = -1

  constructor(symbol: string, kind: FileKind) {
    this.#symbol = symbol
    this.#kind = kind
    this.#step = kind.startsWith('bars-') ? TIMEFRAME_MS[kind.slice(5) as Timeframe] : 1
  }

  /** The id, or open time, of the row that was counted last. */
  get lastId(): number | null {
    return this.#lastId
  }

  /** Latest time up to now, -1 before the first row. */
  get reached(): number {
    return this.#reached
  }

  /** A row that has a sequence: its id or open time, and its time. */
  sequenced(id: number, time: number): void {
    const last = this.#lastId
    if (last === null || id === last + this.#step) this.#lastId = id
    else if (id > last) this.#gap(last, id, time)
    else this.#repeated++
    this.timed(time)
  }

  /** A row without a sequence. */
  timed(time: number): void {
    this.#rows++
    this.#lastTime = time
    if (time >= this.#reached) {
      this.#reached = time
      return
    }
    this.#fallen++
    this.#fallenMax = Math.max(this.#fallenMax, this.#reached - time)
  }

  lane(): TapeLane {
    return {
      symbol: this.#symbol,
      kind: this.#kind,
      rows: this.#rows,
      missing: this.#missing,
      gaps: this.#gapCount,
      repeated: this.#repeated,
      fallen: this.#fallen,
      fallen_max: this.#fallenMax,
    }
  }

  gaps(): readonly TapeGap[] {
    return this.#gaps
  }

  #gap(last: number, id: number, time: number): void {
    const missing = Math.max(1, Math.round((id - last) / this.#step) - 1)
    this.#missing += missing
    this.#gapCount++
    this.#lastId = id
    if (this.#gaps.length === GAPS_MAX) return
    this.#gaps.push({
      symbol: this.#symbol,
      kind: this.#kind,
      missing_from: last + this.#step,
      missing_to: id - this.#step,
      missing,
      from: Math.min(this.#lastTime, time),
      to: Math.max(this.#lastTime, time),
    })
  }
}
