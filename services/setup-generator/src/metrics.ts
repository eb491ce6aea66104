import { isType } from '@tapedeck/contracts'
import { type Logger, type Metrics, type OutputObserver, defineMetrics } from '@tapedeck/runtime'
import type { OnRefused } from './ledger/index.ts'

/** What setup-generator measures about its own work. */
export const METRICS = defineMetrics({
  evaluations: {
    type: 'counter',
    name: 'tapedeck_setup_evaluations_total',
    help: 'Evaluations with three or more boxes; outcome: SIGNALLED, or the first reason why not',
    labels: ['strategy', 'grade', 'outcome'],
  },
  events: {
    type: 'counter',
    name: 'tapedeck_setup_events_total',
    help: 'Setup events that were recorded, each with frozen features',
    labels: ['timeframe', 'state'],
  },
  linked: {
    type: 'counter',
    name: 'tapedeck_setup_signals_linked_total',
    help: 'Signals; linked: whether a break attempt of the same symbol and direction was under way',
    labels: ['linked'],
  },
  scoreFailures: {
    type: 'counter',
    name: 'tapedeck_setup_score_failures_total',
    help: 'Setup events whose scorer threw, took too long or answered nonsense, and counts as silent',
    labels: ['failure'],
  },
  labelsRefused: {
    type: 'counter',
    name: 'tapedeck_setup_labels_refused_total',
    help: 'Labels that the ledger did not take: another one stands, or the setup event is not known',
    labels: ['refusal'],
  },
})

export interface SetupMeter {
  readonly observe: OutputObserver
  readonly onRefused: OnRefused
}

/** Counts what is appended, and labels that were refused; those are logged with both sides, too. */
export const createSetupMeter = (metrics: Metrics, logger: Logger): SetupMeter => {
  const made = metrics.register(METRICS)
  return {
    observe: (message, { isNew }) => {
      if (!isNew) return
      if (isType(message, 'setup.evaluated')) {
        const { strategy, grade, signalled, reasons } = message.payload
        const outcome = signalled ? 'SIGNALLED' : (reasons[0] ?? 'NONE')
        made.evaluations.inc({ strategy, grade, outcome })
      } else if (isType(message, 'setup.signal.generated'))
        made.linked.inc({ linked: String(message.payload.setup_event_id !== null) })
      else if (isType(message, 'setup.event.recorded')) {
        const { timeframe, state, score_failure: failure } = message.payload
        made.events.inc({ timeframe, state })
        if (failure !== null) made.scoreFailures.inc({ failure })
      }
    },
    onRefused: (refusal, { event_id, payload }, standing) => {
      made.labelsRefused.inc({ refusal })
      const { setup_event_id, outcome } = payload
      logger.error(
        { event: 'label_refused', refusal, setup_event_id, event_id, outcome, standing },
        'a label was not written',
      )
    },
  }
}
