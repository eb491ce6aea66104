import { isType } from '@tapedeck/contracts'
import {
  type Clock,
  type Metrics,
  type OutputObserver,
  WATCHED_METRICS,
  defineMetrics,
} from '@tapedeck/runtime'

/** What the reconciler measures beside what its alerts read. */
export const METRICS = defineMetrics({
  corrections: {
    type: 'counter',
    name: 'tapedeck_reconcile_corrections_total',
    help: 'Corrections asked of execution',
    labels: ['correction'],
  },
  runs: {
    type: 'counter',
    name: 'tapedeck_reconcile_runs_total',
    help: 'Comparisons with the venue that were completed',
    labels: ['trigger', 'clean'],
  },
  outcomes: {
    type: 'counter',
    name: 'tapedeck_setup_outcomes_total',
    help: 'Outcomes of break attempts; ambiguous: one bar touched target and stop, and nothing finer told which came first',
    labels: ['timeframe', 'outcome', 'ambiguous'],
  },
  openAttempts: {
    type: 'gauge',
    name: 'tapedeck_setup_attempts_open',
    help: 'Break attempts that wait for their outcome',
    labels: [],
  },
})

export interface ReconcilerMeter {
  readonly observe: OutputObserver
  /** The venue has answered. */
  looked(): void
  /** So many break attempts wait for their outcome. */
  readonly following: (open: number) => void
}

/** Counts what was found and asked for; says when the venue answered last. */
export const createReconcilerMeter = (metrics: Metrics, clock: Clock): ReconcilerMeter => {
  const made = metrics.register(METRICS)
  const watched = metrics.register(WATCHED_METRICS.reconciler)
  return {
    following: (open) => made.openAttempts.set(open),
    looked: () => watched.lastSuccess.set(clock.now() / 1000),
    observe: (message, { isNew }) => {
      if (!isNew) return
      if (isType(message, 'reconciler.finding.detected'))
        watched.mismatches.inc({ kind: message.payload.kind })
      else if (isType(message, 'reconciler.correction.requested'))
        made.corrections.inc({ correction: message.payload.correction })
      else if (isType(message, 'reconciler.run.completed')) {
        const { trigger, clean } = message.payload
        made.runs.inc({ trigger, clean: String(clean) })
      } else if (isType(message, 'reconciler.setup_outcome.decided')) {
        const { timeframe, outcome, ambiguous } = message.payload
        made.outcomes.inc({ timeframe, outcome, ambiguous: String(ambiguous) })
      }
    },
  }
}
