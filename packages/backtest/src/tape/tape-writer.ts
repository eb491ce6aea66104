import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import type { MarketEvent, TradeEvent } from '@tapedeck/core'
import { openNew, type OpenFile } from './column-file.ts'
import { EventClock } from './event-clock.ts'
import { EventLane } from './event-lane.ts'
import { fileKindOf } from './event-rows.ts'
import type { FileLane } from './file-lane.ts'
import { ofDisk } from './tape-error.ts'
import { TapeFolder } from './tape-folder.ts'
import { manifestText, type TapeManifest } from './tape-manifest.ts'
import { BATCH_ROWS, TAPE_VERSION } from './tape-layout.ts'
import { TradeLane, type TradeRows } from './trade-lane.ts'

export type TapeWriterOptions = {
  /** The folder to be; its parents are made. */
  readonly output: string
  readonly instruments: readonly Instrument[]
  /** What a composer has to know of the source. */
  readonly composer?: TapeManifest['composer']
  /** Replaces a tape that is there. */
  readonly force?: boolean
  /** Name and version of what writes. */
  readonly converter?: string
  readonly openFile?: OpenFile
  /** Rows of a full batch. Default 65,536. */
  readonly batchRows?: number
}

type OtherEvent = Exclude<MarketEvent, TradeEvent>

/** Rows of prints that are gathered before they are handed on in columns. */
const GATHERED_ROWS = 1024
/** Events before the first time that is told; more of them have no place in time. */
const UNTIMED_MAX = 100_000

/**
 * Writes a tape: events in the order of their source in, a folder of Arrow files out. The folder gets its
 * name, and its manifest, when everything is written; until then there is nothing to open.
 *
 * After an error: `abandon`. Throws DISK_FULL, OUTPUT_EXISTS, RECORDING_INVALID.
 */
export class TapeWriter {
  readonly #options: TapeWriterOptions
  readonly #folder: TapeFolder
  readonly #trades = new Map<string, TradeLane>()
  readonly #lanes = new Map<string, EventLane>()
  readonly #clock = new EventClock()
  readonly #gathered = new GatheredTrades()
  #untimed: { readonly order: number; readonly event: OtherEvent }[] = []
  #order = 0
  #failed = false

  private constructor(options: TapeWriterOptions, folder: TapeFolder) {
    this.#options = options
    this.#folder = folder
  }

  static async create(options: TapeWriterOptions): Promise<TapeWriter> {
    try {
      return new TapeWriter(
        options,
        await TapeFolder.create(options.output, options.force === true),
      )
    } catch (error) {
      throw ofDisk(error, options.output)
    }
  }

  /** Events taken up to now. */
  get rows(): number {
    return this.#order
  }

  /** Takes events of any kind in the source's order. */
  async push(events: readonly MarketEvent[]): Promise<void> {
    await this.#guard(async () => {
      for (const event of events) {
        const order = this.#order++
        if (event.kind === 'trade') {
          this.#clock.reach(event.time)
          if (this.#gathered.holds(event)) await this.#handOver()
          this.#gathered.add(event, order)
          if (this.#gathered.count === GATHERED_ROWS) await this.#handOver()
        } else {
          if (this.#gathered.count > 0) await this.#handOver()
          await this.#pushOther(order, event)
        }
      }
    })
  }

  /** Takes prints of one symbol in columns, rows `from <= i < to`: the fast way. */
  async pushTrades(symbol: string, rows: TradeRows, from: number, to: number): Promise<void> {
    await this.#guard(async () => {
      await this.#handOver()
      for (let i = from; i < to; i++) this.#clock.reach(rows.time[i]!)
      await this.#tradeLane(symbol).add(rows, from, to, this.#order)
      this.#order += to - from
    })
  }

  /** Whether something could not be written: then only `abandon` is left. */
  get hasFailed(): boolean {
    return this.#failed
  }

  /** Whether there is more than clocks. */
  get hasMarketData(): boolean {
    return (
      this.#trades.size > 0 ||
      this.#gathered.count > 0 ||
      this.#untimed.length > 0 ||
      [...this.#lanes.keys()].some((key) => !key.endsWith('/clock'))
    )
  }

  /** Writes the rest and the manifest. Default source: `events`, without files, read to its end. */
  async finish(
    about: Partial<Pick<TapeManifest, 'source' | 'partial'>> = {},
  ): Promise<TapeManifest> {
    return await this.#guard(async () => {
      await this.#handOver()
      const at = this.#clock.first
      for (const { order, event } of this.#untimed.splice(0)) await this.#place(order, at, event)
      if (this.#order === 0)
        throw new TapedeckError(
          'RECORDING_INVALID',
          'the source holds no market data, expected some',
        )
      const lanes: FileLane[] = [...this.#trades.values(), ...this.#lanes.values()]
      for (const lane of lanes) await lane.close()
      const manifest = this.#manifest(lanes, about)
      await this.#folder.finish(manifestText(manifest))
      return manifest
    })
  }

  /** Closes everything and removes what was written. */
  async abandon(): Promise<void> {
    for (const lane of [...this.#trades.values(), ...this.#lanes.values()]) await lane.abandon()
    await this.#folder.remove()
  }

  async #guard<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      this.#failed = true
      throw ofDisk(error, this.#options.output)
    }
  }

  /** Hands gathered prints to their lane. */
  async #handOver(): Promise<void> {
    const { symbol, count, rows, firstOrder } = this.#gathered
    if (symbol === null || count === 0) return
    await this.#tradeLane(symbol).add(rows, 0, count, firstOrder)
    this.#gathered.clear()
  }

  async #pushOther(order: number, event: OtherEvent): Promise<void> {
    const at = this.#clock.of(event)
    if (at === null && this.#untimed.length < UNTIMED_MAX) {
      this.#untimed.push({ order, event })
      return
    }
    for (const early of this.#untimed.splice(0))
      await this.#place(early.order, this.#clock.first, early.event)
    await this.#place(order, at ?? this.#clock.first, event)
  }

  async #place(order: number, at: number, event: OtherEvent): Promise<void> {
    const lane = this.#eventLane(event)
    if (lane.needs(at)) await lane.make(at)
    lane.add(order, at, event)
  }

  #instrument(symbol: string): Instrument {
    const found = this.#options.instruments.find((one) => one.symbol === symbol)
    if (found === undefined)
      throw new TapedeckError(
        'SYMBOL_UNKNOWN',
        `symbol ${symbol} is not among the tape's instruments`,
      )
    return found
  }

  #tradeLane(symbol: string): TradeLane {
    let lane = this.#trades.get(symbol)
    if (lane === undefined) this.#trades.set(symbol, (lane = new TradeLane(this.#target(symbol))))
    return lane
  }

  /** Clocks have no symbol: they are kept with the first instrument. */
  #eventLane(event: OtherEvent): EventLane {
    const kind = fileKindOf(event)
    const symbol = event.kind === 'clock' ? this.#options.instruments[0]!.symbol : event.symbol
    const key = `${symbol}/${kind}`
    let lane = this.#lanes.get(key)
    if (lane === undefined) this.#lanes.set(key, (lane = new EventLane(this.#target(symbol), kind)))
    return lane
  }

  #target(symbol: string): ConstructorParameters<typeof TradeLane>[0] {
    return {
      folder: this.#folder.path,
      instrument: this.#instrument(symbol),
      openFile: this.#options.openFile ?? openNew,
      batchRows: this.#options.batchRows ?? BATCH_ROWS,
    }
  }

  #manifest(
    lanes: readonly FileLane[],
    about: Partial<Pick<TapeManifest, 'source' | 'partial'>>,
  ): TapeManifest {
    const files = lanes.flatMap((lane) => lane.files)
    const batches = files.flatMap((file) => file.batches)
    const byPath = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
    return {
      format: 'tapedeck-tape',
      version: TAPE_VERSION,
      converter: this.#options.converter ?? 'tapedeck',
      instruments: [...this.#options.instruments],
      source: about.source ?? { format: 'events', files: [] },
      composer: this.#options.composer ?? {},
      partial: about.partial ?? null,
      rows: this.#order,
      from: batches.reduce((least, { time_min: at }) => Math.min(least, at), Infinity),
      to: batches.reduce((most, { time_max: at }) => Math.max(most, at), 0) + 1,
      lanes: lanes.map(({ register }) => register.lane()),
      gaps: lanes.flatMap(({ register }) => [...register.gaps()]),
      files: byPath,
    }
  }
}

/** Neighboring prints of one symbol, gathered into columns. */
class GatheredTrades {
  readonly rows = {
    id: new Float64Array(GATHERED_ROWS),
    priceTicks: new Float64Array(GATHERED_ROWS),
    quantityLots: new Float64Array(GATHERED_ROWS),
    time: new Float64Array(GATHERED_ROWS),
    maker: new Uint8Array(GATHERED_ROWS),
    excluded: new Uint8Array(GATHERED_ROWS),
  }
  symbol: string | null = null
  count = 0
  firstOrder = 0

  /** Whether prints of another symbol are here, which have to go first. */
  holds(event: TradeEvent): boolean {
    return this.count > 0 && this.symbol !== event.symbol
  }

  add(event: TradeEvent, order: number): void {
    const { rows, count } = this
    if (count === 0) {
      this.symbol = event.symbol
      this.firstOrder = order
    }
    rows.id[count] = event.id
    rows.priceTicks[count] = event.priceTicks
    rows.quantityLots[count] = event.quantityLots
    rows.time[count] = event.time
    rows.maker[count] = event.maker
    rows.excluded[count] = event.excluded ? 1 : 0
    this.count++
  }

  clear(): void {
    this.count = 0
  }
}
