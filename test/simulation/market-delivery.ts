import { MarketComposer, type MarketEvent, type Random } from '@tapedeck/core'
import type { MarketTrouble } from './draw-market-troubles.ts'
import { INSTRUMENTS, plainInstrument } from './instruments.ts'
import type { MemoryTape } from './memory-tape.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Market news reaches us this much after it happened. */
const MARKET_MS = 20
/** As the live feed has it: its clock goes on in silence, so much behind the venue's, once a second. */
const CLOCK_LAG_MS = 2_000
const CLOCK_EVERY_MS = 1_000

export type MarketDeliveryOptions = {
  readonly time: VirtualTime
  readonly tape: MemoryTape
  readonly symbols: readonly string[]
  readonly random: Random
  /** By the clock of the simulation. */
  readonly troubles: readonly MarketTrouble[]
  readonly start: number
  /** The venue's clock as it shows it. */
  readonly venueNow: () => number
  readonly onTold: () => void
  readonly onStruck: (kind: string) => void
}

/** What of the market reaches the tape, and when: ingest, and the way to it. */
export class MarketDelivery {
  readonly #options: MarketDeliveryOptions
  readonly #composer: MarketComposer
  /** What is to be told once the feed is up again. */
  #missed: MarketEvent[] = []
  #movedAt: number
  #clear = false

  constructor(options: MarketDeliveryOptions) {
    this.#options = options
    this.#movedAt = options.start
    const instruments = INSTRUMENTS.filter(({ symbol }) => options.symbols.includes(symbol))
    this.#composer = new MarketComposer({ instruments: instruments.map(plainInstrument) })
  }

  get marketTime(): number | null {
    return this.#composer.marketTime
  }

  /** When market time last went on, by the clock of the simulation. */
  get movedAt(): number {
    return this.#movedAt
  }

  start(): void {
    const { time, venueNow } = this.#options
    const tick = (): void => {
      time.after(CLOCK_EVERY_MS, tick)
      const at = Math.round(venueNow() - CLOCK_LAG_MS)
      if (this.#standing('silent') === undefined) this.#tell([{ kind: 'clock', time: at }])
    }
    time.after(CLOCK_EVERY_MS, tick)
  }

  /** Nothing goes wrong from here on. */
  clear(): void {
    this.#clear = true
  }

  /** What happened at the venue just now. */
  take(events: readonly MarketEvent[]): void {
    const { time } = this.#options
    const late = this.#standing('late')
    const delay = MARKET_MS + (late === undefined ? 0 : this.#strike(late).lateMs)
    time.after(delay, () => this.#arrive(events))
  }

  #standing(...kinds: MarketTrouble['kind'][]): MarketTrouble | undefined {
    if (this.#clear) return undefined
    const since = this.#options.time.now() - this.#options.start
    return this.#options.troubles.find(
      ({ kind, at, forMs }) => kinds.includes(kind) && since >= at && since < at + forMs,
    )
  }

  #strike(trouble: MarketTrouble): MarketTrouble {
    this.#options.onStruck(`market_${trouble.kind}`)
    return trouble
  }

  #arrive(events: readonly MarketEvent[]): void {
    const away = this.#standing('down', 'silent')
    if (away !== undefined) {
      this.#strike(away)
      this.#missed.push(...events)
      return
    }
    // Prints are asked for by their ids; of books and marks only what is now counts, and books come whole.
    const missed = this.#missed.filter(({ kind }) => kind === 'trade')
    this.#missed = []
    this.#tell([...missed, ...this.#disturbed(events)])
  }

  #disturbed(events: readonly MarketEvent[]): readonly MarketEvent[] {
    const { random } = this.#options
    const trouble = this.#standing('gap', 'duplicated', 'reordered')
    if (trouble === undefined || !random.chance(trouble.share)) return events
    this.#strike(trouble)
    if (trouble.kind === 'gap') return events.filter(({ kind }) => kind !== 'trade')
    return trouble.kind === 'duplicated' ? [...events, ...events] : events.toReversed()
  }

  #tell(events: readonly MarketEvent[]): void {
    const { tape, time, onTold } = this.#options
    const before = this.#composer.marketTime
    for (const { outputs } of this.#composer.push(events)) tape.append('ingest', outputs, null)
    for (const { outputs } of this.#composer.flush()) tape.append('ingest', outputs, null)
    if (this.#composer.marketTime !== before) this.#movedAt = time.now()
    onTold()
  }
}
