import {
  MESSAGE_TYPES,
  TAPEDECK_NAMESPACE,
  TAPEDECK_VERSION,
  configHash,
  onPaper,
  uuid5,
  type MessageType,
  type TradingConfig,
} from '@tapedeck/contracts'
import type { BacktestResult, DataLimit } from '../result/backtest-result.ts'
import type { TapeReader } from '../tape/tape-chunk.ts'
import { ResultCollector } from './collect-result.ts'
import { marketOfTapes, type MarketSource } from './market-source.ts'
import { DataObserver, limitsObserved } from './observe-data.ts'
import { Play } from './play.ts'
import type { TapeMessage } from './tape-message.ts'
import { WarmUp } from './warm-up.ts'

/** The name of the strategy that the brain trades. */
export const ORDER_FLOW = 'order_flow'

export type BacktestProgress = {
  readonly at: number
  readonly from: number
  /** Null where only the end tells. */
  readonly to: number | null
}

export type MarketBacktestOptions = {
  readonly market: MarketSource
  readonly trading: TradingConfig
  /** Half open, ms; everything where left out. */
  readonly from?: number
  readonly to?: number
  /** Played before `from` with trading halted, so that measures, profiles and bias are there. Default 0. */
  readonly warmUpMs?: number
  /** Default: derived from the data, the range and the configuration. */
  readonly runId?: string
  /** Told of messages in the order of the tape. Whoever keeps one keeps its `toEnvelope()`. */
  readonly onMessage?: (message: TapeMessage) => void
  /** Which messages it is told of. Default all; what nobody is told of may not be made. */
  readonly messageTypes?: readonly MessageType[]
  /** With the journal's and the analyst's messages, which nobody decides by. Default off. */
  readonly fullTape?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: BacktestProgress) => void
  /** Limits that the source itself knows of; those that show while playing are added. */
  readonly limits?: readonly DataLimit[]
}

export type BacktestOptions = Omit<MarketBacktestOptions, 'market'> & {
  /** Several are played on one clock. */
  readonly tape: TapeReader | readonly TapeReader[]
}

/** Market time between two breaths: the event loop runs, a stop is seen, progress is told. */
const BREATH_MS = 3_600_000

/** One backtest while it runs. */
class Backtest {
  readonly #options: MarketBacktestOptions
  readonly #startingBalance: number
  readonly #runId: string
  readonly #collector: ResultCollector
  readonly #observer: DataObserver
  readonly #play: Play
  readonly #warmUp: WarmUp | null
  /** Where playing starts, and where it counts; null until the data has told. */
  readonly #start: number | null
  #from: number | null
  #breathAt: number | null = null
  #before: Partial<Record<MessageType, number>> = {}

  constructor(options: MarketBacktestOptions) {
    const { market, trading, onMessage, messageTypes = MESSAGE_TYPES, warmUpMs = 0 } = options
    this.#options = options
    this.#from = options.from ?? market.from
    this.#start = this.#from === null ? null : Math.max(market.from ?? 0, this.#from - warmUpMs)
    this.#runId = options.runId ?? this.#derivedRunId()
    this.#startingBalance = Number(trading.execution.starting_balance)
    this.#collector = new ResultCollector(trading.session.start_utc)
    this.#observer = new DataObserver(market.instruments.map(({ symbol }) => symbol))
    this.#play = new Play({
      trading,
      runId: this.#runId,
      instruments: market.instruments,
      source: market.label,
      fullTape: options.fullTape ?? false,
      composer: market.composer,
      listeners: [
        this.#collector,
        this.#observer,
        ...(onMessage === undefined ? [] : [{ types: messageTypes, hear: onMessage }]),
      ],
    })
    const warms = this.#start !== null && this.#from !== null && this.#start < this.#from
    this.#warmUp = warms ? new WarmUp(this.#play, trading, this.#from!) : null
  }

  async run(): Promise<BacktestResult> {
    const { market, to } = this.#options
    const range = {
      ...(this.#start === null ? {} : { from: this.#start }),
      ...(to === undefined ? {} : { to }),
    }
    let stopped: BacktestResult['stopped'] = null
    try {
      this.#play.begin()
      this.#warmUp?.begin(this.#start!)
      if (this.#from !== null && this.#warmUp === null) this.#beginAt(this.#from)
      await market.feed(range, this.#play, () => this.#pause())
      this.#play.end(null)
    } catch (error) {
      stopped = {
        at: this.#play.marketTime ?? this.#start ?? 0,
        reason: Error.isError(error) ? error.message : String(error),
      }
    }
    return this.#result(stopped)
  }

  #derivedRunId(): string {
    const { market, trading, to, warmUpMs = 0 } = this.#options
    const range = [this.#from, to ?? market.to, warmUpMs].join('|')
    return uuid5(
      TAPEDECK_NAMESPACE,
      `backtest|${market.fingerprint}|${range}|${configHash(trading)}`,
    )
  }

  /** What came so far was warming up. */
  #beginAt(at: number): void {
    this.#from = at
    this.#collector.begin(at, this.#startingBalance)
    this.#before = this.#play.brain.counts()
  }

  /** A source that does not know beforehand where it begins has told by now. */
  #meetStart(): void {
    if (this.#from !== null || this.#observer.first === null) return
    this.#from = this.#observer.first
    this.#collector.startCurve(this.#from, this.#startingBalance)
  }

  #pause(): Promise<void> | null {
    const { signal, onProgress, market, to } = this.#options
    if (this.#warmUp?.endsNow() === true) this.#beginAt(this.#from!)
    const at = this.#play.marketTime
    if (at === null) return null
    this.#breathAt ??= at + BREATH_MS
    if (at < this.#breathAt) return null
    this.#breathAt = at + BREATH_MS
    signal?.throwIfAborted()
    onProgress?.({ at, from: this.#from ?? at, to: to ?? market.to })
    return new Promise((resolve) => setImmediate(resolve))
  }

  #result(stopped: BacktestResult['stopped']): BacktestResult {
    const { market, trading, to, limits = [] } = this.#options
    const counts = this.#play.brain.counts()
    this.#meetStart()
    if (this.#from !== null) this.#collector.end()
    const ended = this.#play.marketTime ?? this.#from ?? 0
    return {
      run_id: this.#runId,
      strategy: ORDER_FLOW,
      symbols: market.instruments.map(({ symbol }) => symbol),
      from: this.#from ?? ended,
      to: to ?? market.to ?? ended + 1,
      starting_balance: this.#startingBalance,
      trades: this.#collector.trades,
      equity: this.#collector.equity,
      counts: { ...less(counts, this.#before), ...this.#collector.counts() },
      provenance: {
        code: TAPEDECK_VERSION,
        config: configHash(trading),
        tape: market.fingerprint,
      },
      limits: together([...market.limits, ...limits], limitsObserved(counts, this.#observer.count)),
      gaps: this.#observer.gaps,
      stopped,
    }
  }
}

/** What the source says of itself, and what showed beside that; each code once. */
const together = (said: readonly DataLimit[], seen: readonly DataLimit[]): DataLimit[] => [
  ...said,
  ...seen.filter(({ code }) => !said.some((one) => one.code === code)),
]

const less = (
  all: Partial<Record<MessageType, number>>,
  before: Partial<Record<MessageType, number>>,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(all)
      .map(([type, count]) => [type, count - (before[type as MessageType] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  )

/**
 * Plays a market through the brain and counts what comes out: the same decisions, fills and trades as a
 * lockstep replay of the same data under the same configuration.
 *
 * Damaged data, a decider that throws or a signal end it early: then `stopped` says where and why, and
 * what was made until there is in the result.
 */
export const runMarketBacktest = async (options: MarketBacktestOptions): Promise<BacktestResult> =>
  await new Backtest({ ...options, trading: onPaper(options.trading) }).run()

/** The same over tapes. Throws VALIDATION_FAILED when a symbol is on two of them. */
export const runBacktest = async ({ tape, ...options }: BacktestOptions): Promise<BacktestResult> =>
  await runMarketBacktest({
    ...options,
    market: marketOfTapes('instruments' in tape ? [tape] : tape),
  })
