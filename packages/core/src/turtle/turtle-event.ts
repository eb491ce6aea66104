import { TAPEDECK_NAMESPACE, uuid5 } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'

/** Events of S1 that a run on bars can have; connections and brokers are not here. */
export type TurtleEventType =
  | 'scanner_started'
  | 'signal_detected'
  | 'signal_evaluated'
  | 'entry_attempted'
  | 'entry_filled'
  | 'scanner_completed'
  | 'monitor_started'
  | 'position_checked'
  | 'exit_attempted'
  | 'exit_filled'
  | 'pyramid_attempted'
  | 'pyramid_filled'
  | 'stop_modified'
  | 'monitor_completed'

/** The closed list of outcomes. `executed` stands for runs that went through as well as for moved stops. */
export const TURTLE_OUTCOMES = [
  'breakout_20',
  'breakout_55',
  'no_breakout',
  'approved',
  'already_in_position',
  'filtered_s1',
  'filtered_s2_redundant',
  'limit_market',
  'limit_correlated',
  'limit_total',
  'limit_risk_cap',
  'submitted',
  'insufficient_cash',
  'rejected',
  'filled',
  'partial_fill',
  'cancelled',
  'hold',
  'exit_stop_triggered',
  'exit_breakout_triggered',
  'pyramid_triggered',
  'executed',
] as const
export type TurtleOutcome = (typeof TURTLE_OUTCOMES)[number]

type Context = { readonly [key: string]: Json }

/** An audit event in the shape of S1: what happened, why, and everything that the decision was made from. */
export type TurtleEvent = {
  readonly event_type: TurtleEventType
  readonly outcome: TurtleOutcome
  readonly outcome_reason: string
  readonly occurred_at: number
  readonly run_id: string
  readonly sequence: number
  readonly symbol: string | null
  readonly source: 'scanner' | 'monitor'
  readonly dry_run: false
  readonly context: Context
}

export type LogEntry = {
  readonly type: TurtleEventType
  readonly outcome: TurtleOutcome
  readonly reason: string
  readonly at: number
  readonly symbol: string | null
  readonly source: TurtleEvent['source']
  readonly context: Context
}

type LogJson = {
  sequence: number
  scanner: RunJson | null
  monitor: RunJson | null
}
type RunJson = { at: number; id: string; counts: Record<string, number> }

const STARTED = { scanner: 'scanner_started', monitor: 'monitor_started' } as const
const COMPLETED = { scanner: 'scanner_completed', monitor: 'monitor_completed' } as const

/**
 * Numbers events and puts them between the start and the end of their scanner or monitor run. A run is one
 * moment of the clock; its id is derived from that, so that the same run has the same id.
 */
export class TurtleLog {
  readonly #record: (event: { readonly [key: string]: Json }) => void
  readonly #name: string
  #sequence: number
  #runs: { scanner: RunJson | null; monitor: RunJson | null }

  constructor(
    record: (event: { readonly [key: string]: Json }) => void,
    name: string,
    snapshot?: Json,
  ) {
    const saved = snapshot as LogJson | undefined
    this.#record = record
    this.#name = name
    this.#sequence = saved?.sequence ?? 0
    this.#runs = { scanner: saved?.scanner ?? null, monitor: saved?.monitor ?? null }
  }

  add(entry: LogEntry): void {
    const run = this.#runAt(entry.source, entry.at)
    const key = `${entry.type}.${entry.outcome}`
    run.counts[key] = (run.counts[key] ?? 0) + 1
    this.#write(entry, run.id)
  }

  /** Ends the runs that are open, if they began before `at`. */
  completeBefore(at: number): void {
    for (const source of ['monitor', 'scanner'] as const) {
      const run = this.#runs[source]
      if (run === null || run.at >= at) continue
      this.#runs[source] = null
      this.#write(
        {
          type: COMPLETED[source],
          outcome: 'executed',
          reason: '',
          at: run.at,
          symbol: null,
          source,
          context: { counts: run.counts },
        },
        run.id,
      )
    }
  }

  #runAt(source: TurtleEvent['source'], at: number): RunJson {
    const open = this.#runs[source]
    if (open !== null && open.at === at) return open
    this.completeBefore(at)
    const id = uuid5(TAPEDECK_NAMESPACE, `turtle|${this.#name}|${source}|${at}`)
    const run: RunJson = { at, id, counts: {} }
    this.#runs[source] = run
    this.#write(
      {
        type: STARTED[source],
        outcome: 'executed',
        reason: '',
        at,
        symbol: null,
        source,
        context: {},
      },
      id,
    )
    return run
  }

  #write(entry: LogEntry, run_id: string): void {
    const event: TurtleEvent = {
      event_type: entry.type,
      outcome: entry.outcome,
      outcome_reason: entry.reason,
      occurred_at: entry.at,
      run_id,
      sequence: ++this.#sequence,
      symbol: entry.symbol,
      source: entry.source,
      dry_run: false,
      context: entry.context,
    }
    this.#record(event)
  }

  snapshot(): Json {
    const { scanner, monitor } = this.#runs
    return JSON.parse(JSON.stringify({ sequence: this.#sequence, scanner, monitor })) as Json
  }
}
