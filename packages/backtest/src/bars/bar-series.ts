import { TIMEFRAME_MS, TapedeckError, type Instrument, type Timeframe } from '@tapedeck/contracts'
import type { OpenBar } from '@tapedeck/core'

/** Bars of one symbol and timeframe in columns, oldest first: 32 bytes a bar. Row `i` of each belongs together. */
export type BarSeries = {
  readonly instrument: Instrument
  readonly timeframe: Timeframe
  readonly count: number
  readonly openTime: Float64Array
  /** Prices in whole ticks. */
  readonly open: Int32Array
  readonly high: Int32Array
  readonly low: Int32Array
  readonly close: Int32Array
  /** Whole lots. */
  readonly volume: Float64Array
  /**
   * When a strategy is shown a bar. `open` shows all of it at its start and is look-ahead: it exists to
   * reproduce published results that were made this way, and the result says so.
   */
  readonly shown: 'close' | 'open'
}

/** What a run is made of. All series that are traded (the shortest of each symbol) have one timeframe. */
export type BarSet = {
  readonly series: readonly BarSeries[]
  /** SHA-256 over the contents of the files, or what else names the data. */
  readonly fingerprint: string
  /** The place at which a file could not be read further; bars before it are there. */
  readonly damage: { readonly at: number; readonly error: TapedeckError } | null
}

const TICKS_MAX = 2_147_483_647
const FIRST_ROWS = 4096

/** Collects bars into columns that grow. */
export class BarColumns {
  readonly #instrument: Instrument
  readonly #timeframe: Timeframe
  #count = 0
  #openTime = new Float64Array(FIRST_ROWS)
  #open = new Int32Array(FIRST_ROWS)
  #high = new Int32Array(FIRST_ROWS)
  #low = new Int32Array(FIRST_ROWS)
  #close = new Int32Array(FIRST_ROWS)
  #volume = new Float64Array(FIRST_ROWS)

  constructor(instrument: Instrument, timeframe: Timeframe) {
    this.#instrument = instrument
    this.#timeframe = timeframe
  }

  /** Close time of the last bar; null before the first. */
  get lastClose(): number | null {
    return this.#count === 0
      ? null
      : this.#openTime[this.#count - 1]! + TIMEFRAME_MS[this.#timeframe]
  }

  push(bar: Pick<OpenBar, 'openTime' | 'open' | 'high' | 'low' | 'close'>, volume: number): void {
    if (bar.high > TICKS_MAX)
      throw new TapedeckError(
        'RECORDING_INVALID',
        `${this.#instrument.symbol}: high is ${bar.high} ticks of ${this.#instrument.tick_size}, expected at most ${TICKS_MAX}; configure a coarser tick_size`,
      )
    if (this.#count === this.#openTime.length) this.#grow()
    const at = this.#count++
    this.#openTime[at] = bar.openTime
    this.#open[at] = bar.open
    this.#high[at] = bar.high
    this.#low[at] = bar.low
    this.#close[at] = bar.close
    this.#volume[at] = volume
  }

  #grow(): void {
    const length = this.#openTime.length * 2
    const floats = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(length)
      to.set(from)
      return to
    }
    const whole = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(length)
      to.set(from)
      return to
    }
    this.#openTime = floats(this.#openTime)
    this.#open = whole(this.#open)
    this.#high = whole(this.#high)
    this.#low = whole(this.#low)
    this.#close = whole(this.#close)
    this.#volume = floats(this.#volume)
  }

  finish(shown: BarSeries['shown'] = 'close'): BarSeries {
    const count = this.#count
    return {
      instrument: this.#instrument,
      timeframe: this.#timeframe,
      count,
      openTime: this.#openTime.subarray(0, count),
      open: this.#open.subarray(0, count),
      high: this.#high.subarray(0, count),
      low: this.#low.subarray(0, count),
      close: this.#close.subarray(0, count),
      volume: this.#volume.subarray(0, count),
      shown,
    }
  }
}
