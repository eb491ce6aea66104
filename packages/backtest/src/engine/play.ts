import type { Instrument, RunStarted, TradingConfig } from '@tapedeck/contracts'
import {
  LOCKSTEP_STEP_EVENTS,
  MarketComposer,
  runEnded,
  runStarted,
  type ComposedStep,
  type ComposerOptions,
  type Json,
  type MarketEvent,
} from '@tapedeck/core'
import type { TradeChunk } from '../tape/tape-chunk.ts'
import { Brain, type Listener } from './brain.ts'
import type { FeedSink } from './stream-cursor.ts'

export type PlayOptions = {
  readonly trading: TradingConfig
  readonly instruments: readonly Instrument[]
  readonly runId: string
  /** For people: what is played. */
  readonly source: string
  readonly kind?: RunStarted['kind']
  readonly fullTape?: boolean
  readonly listeners?: readonly Listener[]
  /** What the source asks of the composer: klines set the shortest bar and the clock. */
  readonly composer?: Partial<ComposerOptions>
}

type PlayJson = { readonly composer: Json; readonly brain: Json }

/** A market played through the brain: composed as ingest composes it, settled at each step's end. */
export class Play implements FeedSink {
  readonly brain: Brain
  readonly #options: PlayOptions
  readonly #composer: MarketComposer
  readonly #one: [MarketEvent] = [{ kind: 'clock', time: 0 }]

  /** `snapshot`: goes on where that play stood; options as they were. */
  constructor(options: PlayOptions, snapshot?: Json) {
    const { trading, runId, fullTape, listeners, composer, instruments } = options
    const saved = snapshot as unknown as PlayJson | undefined
    this.#options = options
    this.brain = new Brain(
      {
        trading,
        runId,
        ...(fullTape === undefined ? {} : { fullTape }),
        ...(listeners === undefined ? {} : { listeners }),
      },
      saved?.brain,
    )
    this.#composer = new MarketComposer(
      { stepEvents: LOCKSTEP_STEP_EVENTS, columns: 'views', ...composer, instruments },
      saved?.composer,
    )
  }

  get marketTime(): number | null {
    return this.#composer.marketTime
  }

  counts(): ReturnType<MarketComposer['counts']> {
    return this.#composer.counts()
  }

  /** Puts the run on the tape. Once, before anything else. */
  begin(): void {
    const { runId, source, instruments, kind = 'recording' } = this.#options
    this.brain.append([
      runStarted(runId, { kind, source, instruments: [...instruments], lockstep: true }),
    ])
    this.brain.settle()
  }

  event(event: MarketEvent): void {
    this.#one[0] = event
    this.#take(this.#composer.push(this.#one))
  }

  trades(chunk: TradeChunk, from: number, to: number): void {
    for (let row = from; row < to;) {
      row = this.#composer.pushTrades(chunk.symbol, chunk, row, to)
      // Short of the end a step ended; what is composed after it waits.
      if (row < to) this.#take(this.#composer.drain())
    }
  }

  /** The source is over. `failure`: why it could not be played to its end. */
  end(failure: string | null): void {
    this.#take(this.#composer.flush())
    this.brain.append([runEnded(this.#options.runId, this.#composer, failure)])
    this.brain.settle()
  }

  /** Between two pieces of the source. */
  snapshot(): Json {
    this.#take(this.#composer.drain())
    return { composer: this.#composer.snapshot(), brain: this.brain.snapshot() }
  }

  #take(steps: readonly ComposedStep[]): void {
    for (const step of steps) {
      this.brain.append(step.outputs)
      if (step.stepEnd) this.brain.settle()
    }
  }
}
