import { type Metrics, defineMetrics } from '@tapedeck/runtime'
import type { BinanceVenue, VenuePort, VenueResult } from '@tapedeck/venue'

/** What execution measures of a live venue. On paper none of it is there. */
export const VENUE_METRICS = defineMetrics({
  requests: {
    type: 'counter',
    name: 'tapedeck_venue_requests_total',
    help: 'Orders and cancels sent to a live venue, by what came of them; unknown: no answer that says',
    labels: ['request', 'outcome'],
  },
  answered: {
    type: 'histogram',
    name: 'tapedeck_venue_answer_seconds',
    help: 'How long a live venue took to answer an order or a cancel',
    labels: ['request'],
    buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
  },
  reports: {
    type: 'counter',
    name: 'tapedeck_venue_reports_total',
    help: 'News of a live venue that went onto the tape, by what it says and how it was learned',
    labels: ['report', 'learned_by'],
  },
  stream: {
    type: 'gauge',
    name: 'tapedeck_venue_stream_up',
    help: '1 while the account stream of a live venue tells what happens',
    labels: [],
  },
  inHand: {
    type: 'gauge',
    name: 'tapedeck_venue_orders_in_hand',
    help: 'Orders at a live venue, or on the way there, that are not over',
    labels: [],
  },
  weight: {
    type: 'gauge',
    name: 'tapedeck_venue_weight_used',
    help: 'Request weight that a live venue counts in the minute',
    labels: [],
  },
  weightLimit: {
    type: 'gauge',
    name: 'tapedeck_venue_weight_limit',
    help: 'Request weight that a live venue gives in a minute',
    labels: [],
  },
  paused: {
    type: 'gauge',
    name: 'tapedeck_venue_paused_seconds',
    help: 'For how long a live venue lets nothing be sent: 429, or a ban; 0 while it does',
    labels: [],
  },
  listenKeyAge: {
    type: 'gauge',
    name: 'tapedeck_venue_listen_key_age_seconds',
    help: 'Since a live venue last extended the key of the account stream; it dies after 3600',
    labels: [],
  },
  keyRefused: {
    type: 'gauge',
    name: 'tapedeck_venue_key_refused',
    help: '1 while a live venue refuses our key; no entry is sent then',
    labels: [],
  },
  clockOffset: {
    type: 'gauge',
    name: 'tapedeck_venue_clock_offset_seconds',
    help: 'Clock of a live venue minus ours',
    labels: [],
  },
})

const register = (metrics: Metrics) => metrics.register(VENUE_METRICS)
export type VenueMeter = ReturnType<typeof register>

export const createVenueMeter = (metrics: Metrics): VenueMeter => register(metrics)

/** The same venue; what is sent and what comes of it is measured on the way. */
export const measuredVenue = (
  venue: BinanceVenue,
  meter: VenueMeter,
  onStream: (isUp: boolean, detail: string) => void,
): VenuePort => {
  const measure = async <T>(
    request: string,
    ask: () => Promise<VenueResult<T>>,
    said: (value: T) => string,
  ): Promise<VenueResult<T>> => {
    const started = performance.now()
    const answer = await ask()
    meter.answered.observe({ request }, (performance.now() - started) / 1000)
    const outcome = answer.outcome === 'unknown' ? 'unknown' : said(answer.value)
    meter.requests.inc({ request, outcome })
    return answer
  }
  return {
    ...venue,
    submitOrder: async (request) =>
      await measure(
        'submit',
        async () => await venue.submitOrder(request),
        ({ accepted }) => (accepted ? 'accepted' : 'refused'),
      ),
    cancelOrder: async (request) =>
      await measure(
        'cancel',
        async () => await venue.cancelOrder(request),
        ({ canceled }) => (canceled ? 'accepted' : 'refused'),
      ),
    openAccountStream: (listener) =>
      venue.openAccountStream((event) => {
        if (event.kind === 'stream') {
          meter.stream.set(event.state === 'up' ? 1 : 0)
          onStream(event.state === 'up', event.detail)
        }
        listener(event)
      }),
  }
}
