import {
  MESSAGE_TYPES,
  TAPEDECK_NAMESPACE,
  TAPEDECK_VERSION,
  configHash,
  uuid5,
  type MessageType,
  type TradingConfig,
} from '@tapedeck/contracts'
import type { BacktestResult, DataLimit } from '../result/backtest-result.ts'
import type { TapeReader } from '../tape/tape-chunk.ts'
import { ResultCollector } from './collect-result.ts'
import { Play } from './play.ts'
import { feedTape } from './tape-feed.ts'
import type { TapeMessage } from './tape-message.ts'
import { WarmUp } from './warm-up.ts'

/** The name of the strategy that the brain trades. */
export const ORDER_FLOW = 'order_flow'

export type BacktestProgress = { readonly at: number; readonly from: number; readonly to: number }

export type BacktestOptions = {
  readonly tape: TapeReader
  readonly trading: TradingConfig
  /** Half open, ms; the whole tape where left out. */
  readonly from?: number
  readonly to?: number
  /** Played before `from` with trading halted, so that measures, profiles and bias are there. Default 0. */
  readonly warmUpMs?: number
  /** Default: derived from the tape, the range and the configuration. */
  readonly runId?: string
  /** Told of messages in the order of the tape. Whoever keeps one keeps its `toEnvelope()`. */
  readonly onMessage?: (message: TapeMessage) => void
  /** Which messages it is told of. Default all; what nobody is told of may not be made. */
  readonly messageTypes?: readonly MessageType[]
  /** With the journal's and the analyst's messages, which nobody decides by. Default off. */
  readonly fullTape?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: BacktestProgress) => void
  readonly limits?: readonly DataLimit[]
}

/** Market time between two breaths: the event loop runs, a stop is seen, progress is told. */
const BREATH_MS = 3_600_000

const rangeOf = (options: BacktestOptions) => {
  const from = options.from ?? options.tape.from
  return {
    from,
    to: options.to ?? options.tape.to,
    start: Math.max(options.tape.from, from - (options.warmUpMs ?? 0)),
  }
}

const runIdOf = ({ tape, trading, runId }: BacktestOptions, range: object): string =>
  runId ??
  uuid5(
    TAPEDECK_NAMESPACE,
    `backtest|${tape.fingerprint}|${JSON.stringify(range)}|${configHash(trading)}`,
  )

/**
 * Plays a tape through the brain and counts what comes out: the same decisions, fills and trades as a
 * lockstep replay of the same data under the same configuration.
 *
 * Damaged data, a decider that throws or a signal end it early: then `stopped` says where and why, and
 * what was made until there is in the result. Throws only on options that make no sense.
 */
export const runBacktest = async (options: BacktestOptions): Promise<BacktestResult> => {
  const { tape, trading, signal, onMessage, messageTypes = MESSAGE_TYPES, onProgress } = options
  const range = rangeOf(options)
  const runId = runIdOf(options, range)
  const collector = new ResultCollector(trading.session.start_utc)
  const play = new Play({
    trading,
    runId,
    instruments: tape.instruments,
    source: `tape ${tape.fingerprint.slice(0, 16)}`,
    fullTape: options.fullTape ?? false,
    listeners: [
      collector,
      ...(onMessage === undefined ? [] : [{ types: messageTypes, hear: onMessage }]),
    ],
  })
  const startingBalance = Number(trading.execution.starting_balance)
  const warmUp = range.start < range.from ? new WarmUp(play, trading, range.from) : null
  let breathAt = range.start + BREATH_MS
  let before: Partial<Record<MessageType, number>> = {}
  const pause = (): Promise<void> | null => {
    if (warmUp?.endsNow() === true) {
      collector.begin(range.from, startingBalance)
      before = play.brain.counts()
    }
    const at = play.marketTime ?? range.start
    if (at < breathAt) return null
    breathAt = at + BREATH_MS
    signal?.throwIfAborted()
    onProgress?.({ at, from: range.from, to: range.to })
    return new Promise((resolve) => setImmediate(resolve))
  }
  let stopped: BacktestResult['stopped'] = null
  try {
    collector.begin(range.from, startingBalance)
    play.begin()
    warmUp?.begin(range.start)
    await feedTape(tape, { from: range.start, to: range.to }, play, pause)
    play.end(null)
  } catch (error) {
    stopped = { at: play.marketTime ?? range.start, reason: String(error) }
  }
  return {
    run_id: runId,
    strategy: ORDER_FLOW,
    symbols: tape.instruments.map(({ symbol }) => symbol),
    from: range.from,
    to: range.to,
    starting_balance: startingBalance,
    trades: collector.trades,
    equity: collector.equity,
    counts: { ...subtract(play.brain.counts(), before), ...collector.counts() },
    provenance: {
      code: TAPEDECK_VERSION,
      config: configHash(trading),
      tape: tape.fingerprint,
    },
    limits: options.limits ?? [],
    gaps: [],
    stopped,
  }
}

const subtract = (
  all: Partial<Record<MessageType, number>>,
  before: Partial<Record<MessageType, number>>,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(all)
      .map(([type, count]) => [type, count - (before[type as MessageType] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  )
