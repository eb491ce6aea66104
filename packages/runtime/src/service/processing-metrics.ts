import { WATCHED_METRICS, defineMetrics, type Metrics } from '../metrics/index.ts'
import type { Clock } from '../ports/index.ts'
import type { ProcessingMetrics, Waiting } from '../processing/index.ts'

/** What every service that reads the tape measures. */
export const TAPE_METRICS = defineMetrics({
  handled: {
    type: 'counter',
    name: 'tapedeck_tape_messages_handled_total',
    help: 'Messages handled, by type',
    labels: ['type'],
  },
  appended: {
    type: 'counter',
    name: 'tapedeck_tape_messages_appended_total',
    help: 'Messages appended to the tape, by type',
    labels: ['type'],
  },
  position: {
    type: 'gauge',
    name: 'tapedeck_tape_position',
    help: 'Tape sequence that the service is current to',
  },
  checkpoint: {
    type: 'histogram',
    name: 'tapedeck_checkpoint_duration_seconds',
    help: 'Time to save a checkpoint',
  },
})

export const processingMetrics = (metrics: Metrics): ProcessingMetrics => {
  const made = metrics.register(TAPE_METRICS)
  const { deadLetters } = metrics.register(WATCHED_METRICS.reader)
  return {
    handled: (type, count) => made.handled.inc({ type }, count),
    appended: (type) => made.appended.inc({ type }),
    deadLettered: (reason) => deadLetters.inc({ reason }),
    position: (seq) => made.position.set(seq),
    checkpointed: (seconds) => made.checkpoint.observe(seconds),
  }
}

/** What a durable service has committed and the tape has not acknowledged, as it stands when Prometheus asks. */
export const measureOutbox = (metrics: Metrics, waiting: () => Waiting, clock: Clock): void => {
  const { oldestAge, pending } = metrics.register(WATCHED_METRICS.outbox)
  metrics.onRead(() => {
    const now = waiting()
    pending.set(now.pending)
    oldestAge.set(now.since === null ? 0 : Math.max(0, (clock.now() - now.since) / 1000))
  })
}
