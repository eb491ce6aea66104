import { TAPEDECK_VERSION, type Message, type TradingConfig, configHash } from '@tapedeck/contracts'
import { type Dec, ZERO, dec, sessionOf, toDecimalString } from '@tapedeck/core'
import { type ArchiveRun, openArchiveTape, readArchiveRun } from '../archive/index.ts'
import { runBacktest } from '../engine/index.ts'
import type { TapeReader } from '../tape/tape-chunk.ts'
import { attributeGap, partsText } from './attribute-gap.ts'
import { compareMarket } from './compare-market.ts'
import { EVIDENCE_TYPES, Evidence, explainMissing } from './explain-signal.ts'
import { type Match, matchSignals, timeOf } from './match-signals.ts'
import {
  PARTS,
  type Part,
  type DataDifference,
  type ParityReport,
  type ParitySide,
  type TradeParity,
} from './parity-report.ts'
import { PARITY_TYPES, SessionFacts, type SignalFacts } from './session-facts.ts'

export type ParityOptions = {
  readonly run: ArchiveRun
  /** What the backtest decides by: the recorded configuration, or another. */
  readonly trading: TradingConfig
  /** What the backtest reads; the market data of the archive itself where left out. */
  readonly tape?: TapeReader
  /** Only trades whose signal was given in this session (UTC date). */
  readonly session?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (text: string) => void
}

type Sides = { readonly recorded: SessionFacts; readonly backtest: SessionFacts }

/** What happened, read from the archive. */
const readRecorded = async (
  run: ArchiveRun,
  hear: (message: Message) => void,
  types: readonly Message['type'][],
): Promise<void> => {
  for await (const { message } of readArchiveRun(run, { types })) hear(message)
}

/** The same period again, by the brain alone. The ids are those of the run, so that the same decision has the same. */
const replay = async (
  { run, trading, signal }: ParityOptions,
  tape: TapeReader,
  hear: (message: Message) => void,
  types: readonly Message['type'][],
): Promise<void> => {
  const { stopped } = await runBacktest({
    tape,
    trading,
    runId: run.runId,
    messageTypes: types,
    onMessage: (message) => hear(message.toEnvelope()),
    ...(signal === undefined ? {} : { signal }),
  })
  if (stopped !== null) throw new Error(`the backtest stopped: ${stopped.reason}`)
}

const sideOf = (facts: SessionFacts, isIn: (at: number) => boolean): ParitySide => {
  const signals = [...facts.signals.values()].filter((one) => isIn(one.signal.at))
  const closed = signals.flatMap(({ trade }) =>
    trade?.closed === null || trade === null ? [] : [trade.closed],
  )
  return {
    signals: signals.length,
    approved: signals.filter(({ approved }) => approved !== null).length,
    denied: signals.filter(({ denied }) => denied !== null).length,
    trades: closed.length,
    net_pnl: toDecimalString(closed.reduce((sum, { net_pnl }) => sum.plus(dec(net_pnl)), ZERO)),
  }
}

/** What both sides measured and judged where only one of them gave a signal. Reads and plays once more. */
const gatherEvidence = async (
  options: ParityOptions,
  tape: TapeReader,
  matches: readonly Match[],
): Promise<{ recorded: Evidence; backtest: Evidence }> => {
  const times = matches
    .filter(({ recorded, backtest }) => recorded === undefined || backtest === undefined)
    .map(timeOf)
  const evidence = { recorded: new Evidence(times), backtest: new Evidence(times) }
  if (times.length === 0) return evidence
  options.onProgress?.('Looking for what the signals were made from')
  await readRecorded(options.run, (message) => evidence.recorded.hear(message), EVIDENCE_TYPES)
  await replay(options, tape, (message) => evidence.backtest.hear(message), EVIDENCE_TYPES)
  return evidence
}

const toTrade = (
  match: Match,
  data: readonly DataDifference[],
  startUtc: string,
  evidence: { recorded: Evidence; backtest: Evidence },
): { trade: TradeParity; gap: Dec; parts: Readonly<Record<Part, Dec>> } => {
  const { signal } = (match.recorded ?? match.backtest) as SignalFacts
  const { started_at: startedAt } = sessionOf(signal.at, startUtc)
  const { recorded, backtest, gap, parts, reasons } = attributeGap(
    match,
    startedAt,
    (symbol, from, to) =>
      data.some((one) => one.symbol === symbol && one.from <= to && from < one.to),
  )
  const why = [...reasons]
  if (match.backtest === undefined)
    why.push(...explainMissing(signal, evidence.recorded, evidence.backtest))
  if (match.recorded === undefined)
    why.push(...explainMissing(signal, evidence.backtest, evidence.recorded))
  const { signal_id, venue, symbol, side, strategy, at } = signal
  return {
    gap,
    parts,
    trade: {
      signal_id,
      venue,
      symbol,
      side,
      strategy,
      at,
      matched: match.matched,
      recorded,
      backtest,
      gap: toDecimalString(gap),
      parts: partsText(parts),
      reasons: why,
    },
  }
}

/**
 * Holds a recorded session against a backtest of the same period: every trade of either side, with the
 * gap in net P&L in parts that add up to it exactly. Memory is bounded by trades and minutes. Throws
 * ARCHIVE_DAMAGED where the archive is.
 */
export const compareSessions = async (options: ParityOptions): Promise<ParityReport> => {
  const { run, trading, session, onProgress } = options
  const startUtc = trading.session.start_utc
  const sides: Sides = { recorded: new SessionFacts(), backtest: new SessionFacts() }
  onProgress?.('Reading what happened')
  const own = await openArchiveTape(run)
  const tape = options.tape ?? own
  await readRecorded(run, (message) => sides.recorded.hear(message), PARITY_TYPES)
  onProgress?.('Playing the same period again')
  await replay(options, tape, (message) => sides.backtest.hear(message), PARITY_TYPES)
  const data = await compareMarket(own, tape)
  const isIn = (at: number): boolean =>
    session === undefined || sessionOf(at, startUtc).id === session
  const matches = matchSignals(sides.recorded, sides.backtest).filter((one) => isIn(timeOf(one)))
  const evidence = await gatherEvidence(options, tape, matches)
  const trades = matches.map((match) => toTrade(match, data, startUtc, evidence))
  const total = (of: (one: (typeof trades)[number]) => Dec): Dec =>
    trades.reduce((sum, one) => sum.plus(of(one)), ZERO)
  return {
    run_id: run.runId,
    session: session ?? null,
    from: own.from,
    to: own.to,
    recorded: sideOf(sides.recorded, isIn),
    backtest: sideOf(sides.backtest, isIn),
    gap: toDecimalString(total(({ gap }) => gap)),
    absolute_gap: toDecimalString(total(({ gap }) => gap.abs())),
    parts: partsText(
      Object.fromEntries(PARTS.map((part) => [part, total(({ parts }) => parts[part])])) as Record<
        Part,
        Dec
      >,
    ),
    trades: trades.map(({ trade }) => trade),
    data,
    commands: sides.recorded.commands.filter(({ at }) => isIn(at)),
    provenance: {
      code: TAPEDECK_VERSION,
      config: configHash(trading),
      tape: tape.fingerprint,
    },
  }
}
