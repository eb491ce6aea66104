import { isType } from '@tapedeck/contracts'
import { type Metrics, type OutputObserver, defineMetrics } from '@tapedeck/runtime'

/** What the analyst measures about its own work. */
export const METRICS = defineMetrics({
  reviews: {
    type: 'counter',
    name: 'tapedeck_reviews_written_total',
    help: 'Reviews of closed trades',
    labels: ['symbol', 'author'],
  },
})

/** Counts what is appended. */
export const observeOutputs = (metrics: Metrics): OutputObserver => {
  const { reviews } = metrics.register(METRICS)
  return (message, { isNew }) => {
    if (!isNew || !isType(message, 'analyst.review.written')) return
    const { symbol, author } = message.payload
    reviews.inc({ symbol, author })
  }
}
