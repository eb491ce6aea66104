import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import { openRecording } from '@tapedeck/recordings'
import { atTime, emptyBook, isForVenue, type VenueMarketEvent } from './event-time.ts'
import type { PreparedMarketSource } from './market-source.ts'

export type RecordingSourceOptions = {
  readonly files: readonly string[]
  /** What the recording is of: one lane each, read side by side. */
  readonly instruments: readonly Instrument[]
  /** When the recording begins by the venue's clock, ms. */
  readonly startTime: number
  /** Starts over at its end. */
  readonly loop: boolean
}

/** Pause between the end and the beginning, so that no two moments are one. */
const LOOP_PAUSE_MS = 1000
/** A recording without marks is marked at its prints, this often. */
const MARK_MS = 1000

/** Where one instrument of a recording stands: how much was read of it in this round, and what waits. */
type SavedLane = {
  readonly read: number
  readonly waiting: readonly VenueMarketEvent[]
  readonly shift: number | null
  readonly last: number
  readonly markedAt: number
  readonly over: boolean
}

export type SavedRecordingSource = { readonly lanes: readonly SavedLane[] }

/** One instrument of a recording, on the venue's clock. */
class RecordingLane {
  readonly #options: RecordingSourceOptions
  readonly #instrument: Instrument
  readonly #waiting: VenueMarketEvent[] = []
  /** Events of this round that were read, and that are to be passed over because they were before. */
  #read = 0
  #toSkip = 0
  #pages: AsyncIterator<readonly MarketEvent[]> | null = null
  /** Venue time minus recorded time. */
  #shift: number | null
  #last: number
  #markedAt = 0
  #over = false

  constructor(instrument: Instrument, options: RecordingSourceOptions, shift: number | null) {
    this.#options = options
    this.#instrument = instrument
    this.#shift = shift
    this.#last = options.startTime
  }

  get isOver(): boolean {
    return this.#over && this.#waiting.length === 0
  }

  get endTime(): number {
    return this.#last
  }

  /** Reads until something after `time` waits, or the end. */
  async prepare(time: number): Promise<void> {
    while (!this.#over && this.#last <= time) {
      this.#pages ??= await this.#open()
      const page = await this.#pages.next()
      if (page.done === true) this.#end()
      else for (const event of page.value) this.#meet(event)
    }
  }

  #meet(event: MarketEvent): void {
    this.#read++
    if (this.#read > this.#toSkip && isForVenue(event)) this.#take(event)
  }

  snapshot(): SavedLane {
    return {
      read: this.#read,
      waiting: [...this.#waiting],
      shift: this.#shift,
      last: this.#last,
      markedAt: this.#markedAt,
      over: this.#over,
    }
  }

  /** Goes on where another one stood, `later` ms later by the venue's clock. */
  resume(saved: SavedLane, later: number): void {
    this.#toSkip = saved.read
    for (const event of saved.waiting)
      this.#waiting.push(atTime(event, (event.time ?? saved.last) + later))
    this.#shift = saved.shift === null ? null : saved.shift + later
    this.#last = saved.last + later
    this.#markedAt = saved.markedAt + later
    this.#over = saved.over
  }

  advanceTo(time: number): readonly VenueMarketEvent[] {
    let due = 0
    while (due < this.#waiting.length && (this.#waiting[due]!.time ?? 0) <= time) due++
    return this.#waiting.splice(0, due)
  }

  async stop(): Promise<void> {
    this.#over = true
    await this.#pages?.return?.()
  }

  async #open(): Promise<AsyncIterator<readonly MarketEvent[]>> {
    const { files } = this.#options
    const { symbol, venue } = this.#instrument
    const recording = await openRecording({ files, instruments: [this.#instrument], symbol, venue })
    if (recording.format === 'klines')
      throw new TapedeckError(
        'RECORDING_INVALID',
        `${files[0]!} holds klines: a market to trade in needs prints, and a book to be realistic`,
      )
    return recording.events()[Symbol.asyncIterator]()
  }

  #take(event: VenueMarketEvent): void {
    const recorded = event.time
    if (this.#shift === null && recorded !== null) this.#shift = this.#last - recorded
    // Sources are in the order of receipt: a time that falls back is told with what came before it.
    const time =
      recorded === null || this.#shift === null
        ? this.#last
        : Math.max(this.#last, recorded + this.#shift)
    this.#last = time
    this.#waiting.push(atTime(event, time))
    if (event.kind === 'mark') this.#markedAt = time
    else if (event.kind === 'trade' && time - this.#markedAt >= MARK_MS)
      this.#mark(event.priceTicks, time)
  }

  #mark(ticks: number, time: number): void {
    this.#markedAt = time
    const price = ticks * Number(this.#instrument.tick_size)
    const markPrice = Math.round(price * 1e8) / 1e8
    const { symbol } = this.#instrument
    const mark = {
      kind: 'mark' as const,
      symbol,
      time,
      markPrice,
      indexPrice: markPrice,
      fundingRate: 0,
      nextFundingTime: 0,
    }
    this.#waiting.push(atTime(mark, time))
  }

  #end(): void {
    this.#pages = null
    if (!this.#options.loop || this.#shift === null) {
      this.#over = true
      return
    }
    this.#last += LOOP_PAUSE_MS
    this.#read = 0
    this.#toSkip = 0
    this.#shift = null
    this.#waiting.push(emptyBook(this.#instrument.symbol, this.#last))
  }
}

/**
 * A recording as the market: its events at their distances in time, from `startTime` on. What clients take
 * does not move it. Read ahead with `prepare`.
 */
export class RecordingSource implements PreparedMarketSource {
  readonly instruments: readonly Instrument[]
  readonly startTime: number
  readonly #lanes: readonly RecordingLane[]

  private constructor(options: RecordingSourceOptions) {
    this.instruments = options.instruments
    this.startTime = options.startTime
    this.#lanes = options.instruments.map((one) => new RecordingLane(one, options, null))
  }

  /** Throws RECORDING_INVALID or SYMBOL_UNKNOWN when the first page cannot be read. */
  static async open(options: RecordingSourceOptions): Promise<RecordingSource> {
    const source = new RecordingSource(options)
    await source.prepare(options.startTime)
    return source
  }

  /**
   * The source of the same options where another one stood, `later` ms later by the venue's clock. Reads over
   * what was played already.
   */
  static async resume(
    options: RecordingSourceOptions,
    saved: SavedRecordingSource,
    later = 0,
  ): Promise<RecordingSource> {
    if (saved.lanes.length !== options.instruments.length)
      throw new RangeError(
        `saved recording of ${saved.lanes.length} instruments: expected ${options.instruments.length}`,
      )
    const source = new RecordingSource(options)
    source.#lanes.forEach((lane, i) => lane.resume(saved.lanes[i]!, later))
    await source.prepare(Math.max(...saved.lanes.map(({ last }) => last)) + later)
    return source
  }

  snapshot(): SavedRecordingSource {
    return { lanes: this.#lanes.map((lane) => lane.snapshot()) }
  }

  get endTime(): number | null {
    return this.#lanes.every(({ isOver }) => isOver)
      ? Math.max(...this.#lanes.map(({ endTime }) => endTime))
      : null
  }

  async prepare(time: number): Promise<void> {
    for (const lane of this.#lanes) await lane.prepare(time)
  }

  advanceTo(time: number): readonly MarketEvent[] {
    const events = this.#lanes.flatMap((lane) => lane.advanceTo(time))
    return this.#lanes.length < 2
      ? events
      : events.toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0))
  }

  /** A recording is what it was. */
  taken(): void {}

  async stop(): Promise<void> {
    for (const lane of this.#lanes) await lane.stop()
  }
}
