import { isType } from '@tapedeck/contracts'
import { type Metrics, type OutputObserver, defineMetrics } from '@tapedeck/runtime'

/** What setup-generator measures about its own work. */
export const METRICS = defineMetrics({
  evaluations: {
    type: 'counter',
    name: 'tapedeck_setup_evaluations_total',
    help: 'Evaluations with three or more boxes; outcome: SIGNALLED, or the first reason why not',
    labels: ['strategy', 'grade', 'outcome'],
  },
})

/** Counts what is appended. */
export const observeOutputs = (metrics: Metrics): OutputObserver => {
  const { evaluations } = metrics.register(METRICS)
  return (message, { isNew }) => {
    if (!isNew || !isType(message, 'setup.evaluated')) return
    const { strategy, grade, signalled, reasons } = message.payload
    evaluations.inc({ strategy, grade, outcome: signalled ? 'SIGNALLED' : (reasons[0] ?? 'NONE') })
  }
}
