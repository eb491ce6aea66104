import { defineMetrics } from './define-metrics.ts'

/**
 * The measures that alerts and the dashboard read, by who sets them. Their names are a contract with
 * `infra/prometheus/alerts.yml`; a service registers its own part: `metrics.register(WATCHED_METRICS.risk)`.
 */
export const WATCHED_METRICS = {
  /** Every service that reads the tape. */
  reader: defineMetrics({
    deadLetters: {
      type: 'counter',
      name: 'tapedeck_bus_dead_letters_total',
      help: 'Messages that could not be read and were put aside',
      labels: ['reason'],
    },
  }),
  /** Every durable service. */
  outbox: defineMetrics({
    oldestAge: {
      type: 'gauge',
      name: 'tapedeck_outbox_oldest_age_seconds',
      help: 'Age of the oldest committed output that the tape has not acknowledged; 0 when none waits',
    },
    pending: {
      type: 'gauge',
      name: 'tapedeck_outbox_pending',
      help: 'Committed outputs that the tape has not acknowledged',
    },
  }),
  ingest: defineMetrics({
    feedUp: {
      type: 'gauge',
      name: 'tapedeck_feed_up',
      help: '1 while the connection of a feed is up, else 0',
      labels: ['venue', 'symbol'],
    },
    lastEvent: {
      type: 'gauge',
      name: 'tapedeck_feed_last_event_timestamp_seconds',
      help: 'When the newest event of a feed was received',
      labels: ['venue', 'symbol'],
    },
    gapOpen: {
      type: 'gauge',
      name: 'tapedeck_feed_gap_open',
      help: '1 while a hole in the trades that could not be filled lies within the longest window (5 minutes), else 0',
      labels: ['venue', 'symbol'],
    },
  }),
  risk: defineMetrics({
    halted: {
      type: 'gauge',
      name: 'tapedeck_trading_halted',
      help: '1 while the trading state of an account is HALTED, else 0',
      labels: ['account'],
    },
  }),
  execution: defineMetrics({
    unprotected: {
      type: 'gauge',
      name: 'tapedeck_position_unprotected',
      help: '1 while a position is open without an acknowledged stop, else 0',
      labels: ['account', 'symbol'],
    },
  }),
  reconciler: defineMetrics({
    mismatches: {
      type: 'counter',
      name: 'tapedeck_reconcile_mismatches_total',
      help: 'Differences found between our books and those of the venue',
      labels: ['kind'],
    },
    lastSuccess: {
      type: 'gauge',
      name: 'tapedeck_reconcile_last_success_timestamp_seconds',
      help: 'When the last comparison with the venue was completed',
    },
  }),
} as const
