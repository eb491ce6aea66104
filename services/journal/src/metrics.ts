import { isType } from '@tapedeck/contracts'
import { type Metrics, type OutputObserver, defineMetrics } from '@tapedeck/runtime'

/** What the journal measures about its own work. */
export const METRICS = defineMetrics({
  recorded: {
    type: 'counter',
    name: 'tapedeck_journal_trades_recorded_total',
    help: 'Trades whose fills, ledger and stated result agree',
    labels: ['symbol'],
  },
  differences: {
    type: 'counter',
    name: 'tapedeck_journal_differences_total',
    help: 'Trades whose fills do not add up to what they say they made',
    labels: ['symbol'],
  },
  archived: {
    type: 'counter',
    name: 'tapedeck_archive_written_bytes_total',
    help: 'Compressed bytes of the tape that were appended to the archive',
  },
})

export interface JournalMeter {
  readonly observe: OutputObserver
  /** Bytes that one append wrote. */
  archived(bytes: number): void
}

/** Counts closed books, differences and what was archived. */
export const createJournalMeter = (metrics: Metrics): JournalMeter => {
  const made = metrics.register(METRICS)
  return {
    archived: (bytes) => made.archived.inc(bytes),
    observe: (message, { isNew }) => {
      if (!isNew) return
      if (isType(message, 'journal.trade.recorded'))
        made.recorded.inc({ symbol: message.payload.symbol })
      else if (isType(message, 'journal.difference.detected'))
        made.differences.inc({ symbol: message.payload.symbol })
    },
  }
}
